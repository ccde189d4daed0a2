"""The bank's page: the customer approves a payment, refuses it, or closes the page.

`GET /bank/{intentId}?payment_intent_client_secret=…`, and a POST of its form to the same URL with
`decision` approve, refuse or close. The client secret authorises, as with Stripe.js; there is no API
key. The customer then goes back to the intent's `return_url` with Stripe's parameters
`payment_intent`, `payment_intent_client_secret` and `redirect_status`, which tells how the payment
stands: succeeded, failed or pending. It is no proof; the shop asks the API.
https://docs.stripe.com/payments/3d-secure/authentication-flow
"""

import hmac
import json
import time
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

from handlers.sandbox import bank_html, ids, intents, records
from handlers.sandbox.api_error import ApiError
from handlers.sandbox.function_url import Request, Response
from handlers.sandbox.idempotency import Change, run
from handlers.sandbox.table import StoredIntent

_PATH = "/bank/"
_DECISIONS = ("approve", "refuse", "close")
_REDIRECT_STATUS = {
    "requires_capture": "succeeded",
    "succeeded": "succeeded",
    "requires_payment_method": "failed",
    "canceled": "failed",
}


def is_at(event: dict[str, Any]) -> bool:
    """Whether a Function URL's event asks for this page."""
    return str(event.get("rawPath")).startswith(_PATH)


def respond(request: Request) -> Response:
    """The page, or the way back after a decision. Whatever is wrong is said on a page."""
    try:
        stored = _authorised(request)
        if request.method == "GET":
            intent = stored.record["intent"]
            back = _way_back(stored.record.get("return_url"), intent)
            if intent["status"] != "requires_action":
                return bank_html.settled(intent, back)
            return bank_html.question(intent, stored.record.get("return_url"))
        intent = _decided(request, stored)
        back = _way_back(stored.record.get("return_url"), intent)
        return bank_html.redirect(back) if back else bank_html.settled(intent, None)
    except ApiError as error:
        return bank_html.refusal(error.status)


def _authorised(request: Request) -> StoredIntent:
    """The intent whose client secret was given. Raises ApiError, the same for every other case."""
    if request.method not in ("GET", "POST"):
        raise ApiError(405, "This page has GET and POST.")
    stored = records.existing(request.path.removeprefix(_PATH))
    given = request.query.get("payment_intent_client_secret", "")
    secret: str = stored.record["intent"]["client_secret"]
    if not hmac.compare_digest(given.encode(), secret.encode()):
        raise ApiError(404, "Wrong client secret.")
    return stored


def _decided(request: Request, stored: StoredIntent) -> dict[str, Any]:
    """The intent after the customer's decision, which counts only while the bank waits for it."""
    decision = request.params.get("decision")
    if decision not in _DECISIONS:
        raise ApiError(400, f"decision must be one of {', '.join(_DECISIONS)}")
    intent_id: str = stored.record["intent"]["id"]

    def effect() -> Change:
        before = records.existing(intent_id)
        intent = before.record["intent"]
        if decision == "close" or intent["status"] != "requires_action":
            return Change(intent, [])
        method = records.method(intent["payment_method"], intent_id)
        if decision == "approve":
            now = int(time.time())
            record = intents.approve(before.record, method, ids.new("ch"), now)
        else:
            record = intents.refuse(before.record, method)
        return records.changed(before, record, record["intent"])

    return json.loads(run(request, effect).body)


def _way_back(return_url: str | None, intent: dict[str, Any]) -> str | None:
    """The shop's page with what Stripe adds to its address; None if the shop gave no page."""
    if not return_url:
        return None
    added = {
        "payment_intent": intent["id"],
        "payment_intent_client_secret": intent["client_secret"],
        "redirect_status": _REDIRECT_STATUS.get(intent["status"], "pending"),
    }
    parts = urlsplit(return_url)
    query = "&".join(filter(None, (parts.query, urlencode(added))))
    return urlunsplit(parts._replace(query=query))

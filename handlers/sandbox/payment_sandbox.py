"""The mock payment service behind a Function URL: the part of Stripe's API that a shop needs.

For stacks without a Stripe account. The contract is Stripe's, and its official SDK is the test
oracle. It never raises: whatever comes in, an answer goes out. Beside the API there are the bank's
page (`bank_page.py`), where customers approve payments, and `/sandbox/…` (`dashboard.py`).
Not here: customers, card numbers, evidence in disputes.
"""

import base64
import binascii
import hmac
import re
import secrets
from collections.abc import Callable
from typing import Any

from handlers.adapters.payment_secret import payment_secret
from handlers.runtime.observability import logger
from handlers.runtime.settings import SandboxSettings, load
from handlers.sandbox import bank_page, dashboard, idempotency
from handlers.sandbox import dispute_endpoints as disputes
from handlers.sandbox import intent_endpoints as intents
from handlers.sandbox import method_endpoints as methods
from handlers.sandbox import refund_endpoints as refunds
from handlers.sandbox.api_error import ApiError
from handlers.sandbox.function_url import Request, Response

_ID = "([^/]{1,100})"
_INTENT = f"/v1/payment_intents/{_ID}"
_ROUTES: list[tuple[str, str, Callable[..., Any]]] = [
    ("POST", "/v1/payment_intents", intents.create_intent),
    ("GET", "/v1/payment_intents", intents.list_intents),
    ("GET", _INTENT, intents.retrieve_intent),
    ("POST", f"{_INTENT}/confirm", intents.confirm_intent),
    ("POST", f"{_INTENT}/capture", intents.capture_intent),
    ("POST", f"{_INTENT}/cancel", intents.cancel_intent),
    ("POST", "/v1/refunds", refunds.create_refund),
    ("GET", "/v1/refunds", refunds.list_refunds),
    ("GET", f"/v1/refunds/{_ID}", refunds.retrieve_refund),
    ("GET", "/v1/disputes", disputes.list_disputes),
    ("GET", f"/v1/disputes/{_ID}", disputes.retrieve_dispute),
    ("POST", "/v1/payment_methods", methods.create_payment_method),
    ("POST", f"/sandbox/refunds/{_ID}/fail", dashboard.fail_refund),
    ("POST", "/sandbox/disputes", dashboard.open_dispute),
    ("POST", f"/sandbox/disputes/{_ID}/close", dashboard.close_dispute),
    ("POST", "/sandbox/delivery", dashboard.deliver_events),
]


def lambda_handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """The answer to one request, in payload format 2.0."""
    request_id = f"req_{secrets.token_hex(8)}"
    try:
        response = _respond(event, request_id)
    except ApiError as error:
        response = Response.refusing(error)
    except Exception:
        logger.exception("sandbox failed")
        response = Response.of(500, idempotency.UNKNOWN_ERROR)
    logger.info("answered", status=response.status, request=request_id)
    return response.for_function_url(request_id)


def _respond(event: dict[str, Any], request_id: str) -> Response:
    if bank_page.is_at(event):
        return bank_page.respond(Request.of(event, request_id))
    headers: dict[str, str] = event.get("headers") or {}
    may_change = _authenticate(headers.get("authorization", ""))
    if not may_change and event["requestContext"]["http"]["method"] != "GET":
        message = "The provided key does not have the required permissions for this endpoint."
        raise ApiError(403, message, code="more_permissions_required")
    request = Request.of(event, request_id)
    for method, pattern, endpoint in _ROUTES:
        found = re.fullmatch(pattern, request.path)
        if found and method == request.method:
            outcome = endpoint(request, *found.groups())
            if method == "POST":
                return idempotency.run(request, outcome)
            return Response.of(200, outcome)
    raise ApiError(404, f"Unrecognized request URL ({request.method}: {request.path[:200]}).")


def _authenticate(authorization: str) -> bool:
    """Whether the key may change anything: the secret key may, the read-only one may not.

    It comes as a Bearer token or as the user of Basic. Raises ApiError for any other.
    """
    scheme, _, credentials = authorization.partition(" ")
    given = credentials.strip().encode()
    if scheme.lower() == "basic":
        try:
            given = base64.b64decode(given, validate=True).partition(b":")[0]
        except binascii.Error:
            given = b""
    elif scheme.lower() != "bearer":
        given = b""
    if not given:
        raise ApiError(401, "You did not provide an API key in the Authorization header.")
    settings = load(SandboxSettings)
    if _is_key(given, settings.payment_secret_arn):
        return True
    if settings.payment_read_secret_arn and _is_key(given, settings.payment_read_secret_arn):
        return False
    raise ApiError(401, "Invalid API Key provided.")


def _is_key(given: bytes, secret_arn: str) -> bool:
    return hmac.compare_digest(given, payment_secret(secret_arn).encode())

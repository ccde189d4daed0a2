"""The endpoints of payment intents. A POST checks its parameters and answers the effect to be run once.

Stripe's parameters that change no outcome here are taken and ignored; those that would change
one (a customer, an off-session payment) are refused as unknown rather than ignored.
"""

import secrets
import time
from typing import Any

from handlers.adapters.items import Item
from handlers.sandbox import amounts, cards, events, ids, intents, lists, params, records, table
from handlers.sandbox.api_error import ApiError
from handlers.sandbox.charges import Method, Record
from handlers.sandbox.confirmation import Confirmation
from handlers.sandbox.function_url import Request
from handlers.sandbox.idempotency import Change, Effect
from handlers.sandbox.intents import Expansion

_ALLOWED, _AUTOMATIC = "allowed_payment_method_types", "automatic_payment_methods"
_IGNORED_ON_CREATE = (
    "payment_method_options",
    "radar_options",
    "receipt_email",
    "shipping",
    "statement_descriptor",
    "statement_descriptor_suffix",
)
_HOW = ("return_url", "use_stripe_sdk")


def create_intent(request: Request) -> Effect:
    """POST /v1/payment_intents, confirmed at once on request."""
    known = ("amount", "currency", "capture_method", "confirm", "description", "expand")
    own = ("metadata", "payment_method", _ALLOWED, _AUTOMATIC, *_HOW)
    params.only(request, *known, *own, *_IGNORED_ON_CREATE)
    given = _given(request)
    at_once = params.flag(request, "confirm")
    return_url = params.web_address(request, "return_url")
    if return_url and not at_once:
        message = (
            "The parameter `return_url` cannot be passed when creating a PaymentIntent unless "
            "`confirm` is set to true."
        )
        raise ApiError(400, message, param="return_url")
    use_stripe_sdk = params.flag(request, "use_stripe_sdk")
    expand = _expanded(request)

    def effect() -> Change:
        intent_id, now = ids.new("pi"), int(time.time())
        method_id = given["payment_method"]
        method = records.method(method_id, intent_id) if method_id else None
        record = intents.new(intent_id, secrets.token_hex(12), ids.created(intent_id), given)
        if at_once:
            how = Confirmation(_bank_url(request, record), return_url, use_stripe_sdk)
            record = intents.confirm(record, method, how, ids.new("ch"), now)
        change = Change(
            intents.shown(record, expand),
            [table.insert_intent(record)],
            events=events.of(None, record),
        )
        return _answered(change, record, method) if at_once else change

    return effect


def confirm_intent(request: Request, intent_id: str) -> Effect:
    """POST /v1/payment_intents/{id}/confirm."""
    ignored = ("payment_method_options", "receipt_email")
    params.only(request, "expand", "payment_method", *_HOW, *ignored)
    given = params.text(request, "payment_method")
    return_url = params.web_address(request, "return_url")
    use_stripe_sdk = params.flag(request, "use_stripe_sdk")
    expand = _expanded(request)

    def effect() -> Change:
        before = records.existing(intent_id)
        method_id = given or before.record["intent"]["payment_method"]
        method = records.method(method_id, intent_id) if method_id else None
        how = Confirmation(_bank_url(request, before.record), return_url, use_stripe_sdk)
        now = int(time.time())
        record = intents.confirm(before.record, method, how, ids.new("ch"), now)
        change = records.changed(before, record, intents.shown(record, expand))
        return _answered(change, record, method)

    return effect


def capture_intent(request: Request, intent_id: str) -> Effect:
    """POST /v1/payment_intents/{id}/capture."""
    ignored = ("statement_descriptor", "statement_descriptor_suffix")
    params.only(request, "amount_to_capture", "expand", *ignored)
    amount = params.optional_amount(request, "amount_to_capture")
    expand = _expanded(request)

    def effect() -> Change:
        before = records.existing(intent_id)
        record = intents.capture(before.record, amount)
        return records.changed(before, record, intents.shown(record, expand))

    return effect


def cancel_intent(request: Request, intent_id: str) -> Effect:
    """POST /v1/payment_intents/{id}/cancel."""
    params.only(request, "cancellation_reason", "expand")
    reasons = ("duplicate", "fraudulent", "requested_by_customer", "abandoned")
    reason = params.choice(request, "cancellation_reason", *reasons)
    expand = _expanded(request)

    def effect() -> Change:
        before = records.existing(intent_id)
        record = intents.cancel(before.record, reason, int(time.time()))
        return records.changed(before, record, intents.shown(record, expand))

    return effect


def retrieve_intent(request: Request, intent_id: str) -> dict[str, Any]:
    """GET /v1/payment_intents/{id}."""
    params.only(request, "client_secret", "expand")
    expand = _expanded(request)
    return intents.shown(records.existing(intent_id).record, expand)


def list_intents(request: Request) -> dict[str, Any]:
    """GET /v1/payment_intents."""
    params.only(request, "expand", *lists.PARAMS)
    expand = _expanded(request, "data.")
    after = params.text(request, "starting_after")
    if after:
        records.existing(after, "starting_after", 400)
    page = lists.Page.of(request, "INTENTS", "pi")
    return page.of_all(lambda record: [intents.shown(record, expand)])


def _given(request: Request) -> dict[str, Any]:
    """What the new intent is made of."""
    amount = params.amount(request, "amount")
    currency = params.required(request, "currency").lower()
    amounts.check(amount, currency)
    methods = ("automatic", "automatic_async", "manual")
    return {
        "amount": amount,
        _AUTOMATIC: _automatic(request),
        "currency": currency,
        "capture_method": params.choice(request, "capture_method", *methods) or methods[1],
        "description": params.text(request, "description"),
        "metadata": params.metadata(request),
        "payment_method": params.text(request, "payment_method"),
    }


def _automatic(request: Request) -> dict[str, Any] | None:
    """The intent's automatic payment methods: on by default, and None if they are switched off.

    https://docs.stripe.com/changelog/dahlia/2026-07-29/allowed-payment-method-types-parameter
    """
    tops = {name.partition("[")[0] for name in request.params}
    if {_ALLOWED, _AUTOMATIC} <= tops:
        message = f"You may only specify one of these parameters: {_ALLOWED}, {_AUTOMATIC}."
        raise ApiError(400, message, code="parameters_exclusive", param=_ALLOWED)
    redirects = params.choice(request, f"{_AUTOMATIC}[allow_redirects]", "always", "never")
    if _AUTOMATIC in tops:
        params.required(request, f"{_AUTOMATIC}[enabled]")
        if not params.flag(request, f"{_AUTOMATIC}[enabled]"):
            return None
    return {"allow_redirects": redirects or "always", "enabled": True}


def _bank_url(request: Request, record: Record) -> str:
    """The bank's page for the customer of this intent."""
    intent = record["intent"]
    secret = f"payment_intent_client_secret={intent['client_secret']}"
    return f"{request.base_url}/bank/{intent['id']}?{secret}"


def _answered(change: Change, record: Record, method: Method | None) -> Change:
    """The change of a confirmation: the intent, or the 402 that says why the bank declined."""
    writes: list[Item] = list(change.writes)
    if method and not cards.by_alias(method.id):
        writes.append(table.use_payment_method(method.id, record["intent"]["id"]))
    error = record["intent"]["last_payment_error"]
    if error is None:
        return Change(change.content, writes, events=change.events)
    refusal = ApiError(402, **error, payment_intent=record["intent"])
    return Change(refusal.content(), writes, refusal.status, change.events)


def _expanded(request: Request, within: str = "") -> Expansion:
    """How much of an intent's charge is asked for; `within` a list it is "data."."""
    charge = f"{within}latest_charge"
    wanted = params.expanded(request, charge, f"{charge}.refunds")
    if f"{charge}.refunds" in wanted:
        return Expansion.REFUNDS
    return Expansion.CHARGE if wanted else Expansion.NOTHING

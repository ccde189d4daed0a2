"""The API's endpoints. A POST checks its parameters and answers the effect to be run once.

Stripe's parameters that change no outcome here are taken and ignored; those that would change
one (a customer, an off-session payment) are refused as unknown rather than ignored.
"""

import secrets
import time
from typing import Any

from handlers.sandbox import amounts, cards, intents, params, table
from handlers.sandbox.api_error import ApiError, missing_resource
from handlers.sandbox.function_url import Request
from handlers.sandbox.idempotency import Change, Effect
from handlers.sandbox.intents import Expansion, Method, Record

_LONGEST_ID = 100  # of any id in the table; longer ones are nobody's
_IGNORED_ON_CREATE = (
    "allowed_payment_method_types",
    "automatic_payment_methods",
    "payment_method_options",
    "radar_options",
    "receipt_email",
    "return_url",
    "shipping",
    "statement_descriptor",
    "statement_descriptor_suffix",
    "use_stripe_sdk",
)
_USED_BEFORE = (
    "The provided PaymentMethod was previously used with a PaymentIntent without Customer "
    "attachment, shared with a connected account without Customer attachment, or was detached "
    "from a Customer. It may not be used again. To use a PaymentMethod multiple times, you must "
    "attach it to a Customer first."
)


def create_intent(request: Request) -> Effect:
    """POST /v1/payment_intents, confirmed at once on request."""
    known = ("amount", "currency", "capture_method", "confirm", "description", "expand")
    params.only(request, *known, "metadata", "payment_method", *_IGNORED_ON_CREATE)
    amount = params.positive(request, "amount")
    currency = params.required(request, "currency").lower()
    amounts.check(amount, currency)
    methods = ("automatic", "automatic_async", "manual")
    given = {
        "amount": amount,
        "currency": currency,
        "capture_method": params.choice(request, "capture_method", *methods) or methods[1],
        "description": params.text(request, "description"),
        "metadata": params.metadata(request),
    }
    method_id = params.text(request, "payment_method")
    at_once = params.flag(request, "confirm")
    expand = _expanded(request)

    def effect() -> Change:
        intent_id, now = new_id("pi"), int(time.time())
        method = _method(method_id, intent_id) if method_id else None
        record = intents.new(intent_id, now, method_id, given)
        if not at_once:
            return Change(intents.shown(record, expand), [table.insert_intent(record)])
        record = intents.confirm(record, method, new_id("ch"), now)
        return _confirmed(record, method, table.insert_intent(record), expand)

    return effect


def confirm_intent(request: Request, intent_id: str) -> Effect:
    """POST /v1/payment_intents/{id}/confirm."""
    ignored = ("payment_method_options", "receipt_email", "return_url", "use_stripe_sdk")
    params.only(request, "expand", "payment_method", *ignored)
    given = params.text(request, "payment_method")
    expand = _expanded(request)

    def effect() -> Change:
        before = _existing(intent_id)
        method_id = given or before.record["intent"]["payment_method"]
        method = _method(method_id, intent_id) if method_id else None
        record = intents.confirm(before.record, method, new_id("ch"), int(time.time()))
        return _confirmed(record, method, table.update_intent(before, record), expand)

    return effect


def capture_intent(request: Request, intent_id: str) -> Effect:
    """POST /v1/payment_intents/{id}/capture."""
    ignored = ("statement_descriptor", "statement_descriptor_suffix")
    params.only(request, "amount_to_capture", "expand", *ignored)
    amount = _optional_amount(request, "amount_to_capture")
    expand = _expanded(request)

    def effect() -> Change:
        before = _existing(intent_id)
        record = intents.capture(before.record, amount)
        return Change(intents.shown(record, expand), [table.update_intent(before, record)])

    return effect


def cancel_intent(request: Request, intent_id: str) -> Effect:
    """POST /v1/payment_intents/{id}/cancel."""
    params.only(request, "cancellation_reason", "expand")
    reasons = ("duplicate", "fraudulent", "requested_by_customer", "abandoned")
    reason = params.choice(request, "cancellation_reason", *reasons)
    expand = _expanded(request)

    def effect() -> Change:
        before = _existing(intent_id)
        record = intents.cancel(before.record, reason, int(time.time()))
        return Change(intents.shown(record, expand), [table.update_intent(before, record)])

    return effect


def create_refund(request: Request) -> Effect:
    """POST /v1/refunds of an intent, in full by default."""
    params.only(request, "amount", "metadata", "payment_intent", "reason")
    intent_id = params.required(request, "payment_intent")
    amount = _optional_amount(request, "amount")
    reasons = ("duplicate", "fraudulent", "requested_by_customer")
    details = {
        "reason": params.choice(request, "reason", *reasons),
        "metadata": params.metadata(request),
    }

    def effect() -> Change:
        before = _existing(intent_id, "payment_intent", 404)
        identity = {"id": new_id("re"), "created": int(time.time())}
        record = intents.refund(before.record, amount, identity | details)
        return Change(record["refunds"][0], [table.update_intent(before, record)])

    return effect


def create_payment_method(request: Request) -> Effect:
    """POST /v1/payment_methods from a test token: for one intent's use."""
    params.only(request, "billing_details", "card", "metadata", "type")
    params.required(request, "type")
    params.choice(request, "type", "card")
    token = params.required(request, "card[token]")
    card = cards.by_token(token)
    if card is None:
        raise missing_resource("token", token[:_LONGEST_ID], "card[token]", 400)

    def effect() -> Change:
        method_id, now = new_id("pm"), int(time.time())
        shown = cards.payment_method(method_id, card, now)
        return Change(shown, [table.insert_payment_method(method_id, token, now)])

    return effect


def retrieve_intent(request: Request, intent_id: str) -> dict[str, Any]:
    """GET /v1/payment_intents/{id}."""
    params.only(request, "client_secret", "expand")
    expand = _expanded(request)
    return intents.shown(_existing(intent_id).record, expand)


def list_intents(request: Request) -> dict[str, Any]:
    """GET /v1/payment_intents, newest first, paged by `starting_after`."""
    params.only(request, "expand", "limit", "starting_after")
    expand = _expanded(request, "data.")
    limit = _limit(request)
    after = params.text(request, "starting_after")
    if after:
        _existing(after, "starting_after", 400)
    found = table.newest_intents(limit + 1, after)
    shown = [intents.shown(record, expand) for record in found[:limit]]
    return _list(request, shown, has_more=len(found) > limit)


def list_refunds(request: Request) -> dict[str, Any]:
    """GET /v1/refunds of one intent; Stripe would also list all there are."""
    params.only(request, "limit", "payment_intent")
    intent_id = params.required(request, "payment_intent")
    refunds = _existing(intent_id, "payment_intent", 404).record["refunds"]
    limit = _limit(request)
    return _list(request, refunds[:limit], has_more=len(refunds) > limit)


def new_id(prefix: str) -> str:
    """Ids begin with the time, so that their order is the order of creation."""
    return f"{prefix}_{time.time_ns() // 1000:014x}{secrets.token_hex(5)}"


def _confirmed(record: Record, method: Method | None, write: Any, expand: Expansion) -> Change:
    """The answer to a confirmation: the intent, or the 402 that says why the bank declined."""
    writes = [write]
    if method and not cards.by_alias(method.id):
        writes.append(table.use_payment_method(method.id, record["intent"]["id"]))
    error = record["intent"]["last_payment_error"]
    if error is None:
        return Change(intents.shown(record, expand), writes)
    refusal = ApiError(402, **error, payment_intent=record["intent"])
    return Change(refusal.content(), writes, refusal.status)


def _expanded(request: Request, within: str = "") -> Expansion:
    """How much of an intent's charge is asked for; `within` a list it is "data."."""
    charge = f"{within}latest_charge"
    wanted = params.expanded(request, charge, f"{charge}.refunds")
    if f"{charge}.refunds" in wanted:
        return Expansion.REFUNDS
    return Expansion.CHARGE if wanted else Expansion.NOTHING


def _existing(intent_id: str, param: str = "intent", status: int = 404) -> table.StoredIntent:
    stored = table.intent(intent_id) if len(intent_id) <= _LONGEST_ID else None
    if stored is None:
        raise missing_resource("payment_intent", intent_id[:_LONGEST_ID], param, status)
    return stored


def _method(method_id: str, intent_id: str) -> Method:
    """A payment method that this intent may use. Raises ApiError for any other."""
    alias = cards.by_alias(method_id)
    if alias:
        return Method(cards.payment_method(method_id, alias, int(time.time())), alias)
    stored = table.payment_method(method_id) if len(method_id) <= _LONGEST_ID else None
    card = cards.by_token(stored["token"]) if stored else None
    if stored is None or card is None:
        raise missing_resource("PaymentMethod", method_id[:_LONGEST_ID], "payment_method", 400)
    if stored.get("usedBy", intent_id) != intent_id:
        raise ApiError(400, _USED_BEFORE)
    return Method(cards.payment_method(method_id, card, stored["created"]), card)


def _optional_amount(request: Request, name: str) -> int | None:
    return params.positive(request, name) if name in request.params else None


def _limit(request: Request) -> int:
    if "limit" not in request.params:
        return 10
    return params.positive(request, "limit", 100, "parameter_invalid_integer")


def _list(request: Request, data: list[Any], has_more: bool) -> dict[str, Any]:
    return {"object": "list", "url": request.path, "has_more": has_more, "data": data}

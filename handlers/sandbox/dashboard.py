"""What happens to payments outside the API: at the customer's bank, or in Stripe's dashboard.

These endpoints are the sandbox's own. They need the secret key, as every change does.
"""

from handlers.sandbox import (
    disputes,
    ids,
    params,
    records,
    refund_endpoints,
    refunds,
    table,
)
from handlers.sandbox.deliveries import Delivery
from handlers.sandbox.function_url import Request
from handlers.sandbox.idempotency import Change, Effect

_WHY_REFUNDS_FAIL = (
    "expired_or_canceled_card",
    "lost_or_stolen_card",
    "declined",
    "insufficient_funds",
    "unknown",
)
_WHY_CUSTOMERS_DISPUTE = (
    "fraudulent",
    "general",
    "duplicate",
    "product_not_received",
    "product_unacceptable",
    "unrecognized",
)


def fail_refund(request: Request, refund_id: str) -> Effect:
    """POST /sandbox/refunds/{id}/fail, with `reason` as in the refund's `failure_reason`."""
    params.only(request, "reason")
    reason = params.choice(request, "reason", *_WHY_REFUNDS_FAIL) or _WHY_REFUNDS_FAIL[0]

    def effect() -> Change:
        before = records.with_refund(refund_id)
        record = refunds.failed(before.record, refund_id, reason)
        return records.changed(before, record, refund_endpoints.of(record, refund_id))

    return effect


def open_dispute(request: Request) -> Effect:
    """POST /sandbox/disputes of a captured `payment_intent`, with `amount` and `reason`."""
    params.only(request, "amount", "payment_intent", "reason")
    intent_id = params.required(request, "payment_intent")
    amount = params.optional_amount(request, "amount")
    given = params.choice(request, "reason", *_WHY_CUSTOMERS_DISPUTE)
    reason = given or _WHY_CUSTOMERS_DISPUTE[0]

    def effect() -> Change:
        before = records.existing(intent_id, "payment_intent", 404)
        id = ids.new("du")
        record = disputes.opened(before.record, id, ids.created(id), amount, reason)
        listed = table.list_under("DISPUTES", id, intent_id)
        return records.changed(before, record, record["dispute"], listed)

    return effect


def close_dispute(request: Request, dispute_id: str) -> Effect:
    """POST /sandbox/disputes/{id}/close, with `status`: `won` by the shop, or `lost`."""
    params.only(request, "status")
    params.required(request, "status")
    status = params.choice(request, "status", "won", "lost") or ""

    def effect() -> Change:
        before = records.with_dispute(dispute_id)
        record = disputes.closed(before.record, status)
        return records.changed(before, record, record["dispute"])

    return effect


def deliver_events(request: Request) -> Effect:
    """POST /sandbox/delivery: how late and how often events come from now on, see `deliveries.py`."""
    delivery = Delivery.of(request)
    return lambda: Change(delivery.content(), [delivery.item()])

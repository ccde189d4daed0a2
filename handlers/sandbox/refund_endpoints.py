"""The endpoints of refunds. https://docs.stripe.com/api/refunds"""

from typing import Any

from handlers.sandbox import ids, intents, lists, params, records, table
from handlers.sandbox.charges import Record
from handlers.sandbox.function_url import Request
from handlers.sandbox.idempotency import Change, Effect


def create_refund(request: Request) -> Effect:
    """POST /v1/refunds of an intent, in full by default."""
    params.only(request, "amount", "metadata", "payment_intent", "reason")
    intent_id = params.required(request, "payment_intent")
    amount = params.optional_amount(request, "amount")
    reasons = ("duplicate", "fraudulent", "requested_by_customer")
    details = {
        "reason": params.choice(request, "reason", *reasons),
        "metadata": params.metadata(request),
    }

    def effect() -> Change:
        before = records.existing(intent_id, "payment_intent", 404)
        id = ids.new("re")
        made = {"id": id, "created": ids.created(id)} | details
        record = intents.refund(before.record, amount, made)
        listed = table.list_under("REFUNDS", id, intent_id)
        return records.changed(before, record, record["refunds"][0], listed)

    return effect


def retrieve_refund(request: Request, refund_id: str) -> dict[str, Any]:
    """GET /v1/refunds/{id}."""
    params.only(request)
    return of(records.with_refund(refund_id).record, refund_id)


def list_refunds(request: Request) -> dict[str, Any]:
    """GET /v1/refunds, of one intent or of all."""
    params.only(request, "payment_intent", *lists.PARAMS)
    intent_id = params.text(request, "payment_intent")
    after = params.text(request, "starting_after")
    if after:
        records.with_refund(after, "starting_after", 400)
    page = lists.Page.of(request, "REFUNDS", "re")
    if intent_id:
        return page.of_one(records.existing(intent_id, "payment_intent", 404).record["refunds"])
    return page.of_all(lambda record: record["refunds"])


def of(record: Record, refund_id: str) -> dict[str, Any]:
    """The refund with this id, which the record has."""
    [refund] = [each for each in record["refunds"] if each["id"] == refund_id]
    return refund

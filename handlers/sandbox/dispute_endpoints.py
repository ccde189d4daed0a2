"""The endpoints of disputes. https://docs.stripe.com/api/disputes

A dispute is opened and closed by the customer's bank: here, by `dashboard.py`.
"""

from typing import Any

from handlers.sandbox import lists, params, records
from handlers.sandbox.charges import Record
from handlers.sandbox.function_url import Request


def retrieve_dispute(request: Request, dispute_id: str) -> dict[str, Any]:
    """GET /v1/disputes/{id}."""
    params.only(request)
    return records.with_dispute(dispute_id).record["dispute"]


def list_disputes(request: Request) -> dict[str, Any]:
    """GET /v1/disputes, of one intent or of all."""
    params.only(request, "payment_intent", *lists.PARAMS)
    intent_id = params.text(request, "payment_intent")
    after = params.text(request, "starting_after")
    if after:
        records.with_dispute(after, "starting_after", 400)
    page = lists.Page.of(request, "DISPUTES", "du")
    if intent_id:
        return page.of_one(_of(records.existing(intent_id, "payment_intent", 404).record))
    return page.of_all(_of)


def _of(record: Record) -> list[dict[str, Any]]:
    dispute = record.get("dispute")
    return [dispute] if dispute else []

"""Which events a change makes, as Stripe would send them. Pure functions.

https://docs.stripe.com/api/events/types and https://docs.stripe.com/api/events/object
Left out: what only mirrors one of these (charge.succeeded, charge.captured, charge.failed,
charge.refund.updated) or that the sandbox has no state for (payment_intent.created,
charge.dispute.funds_withdrawn).
"""

from dataclasses import dataclass, field
from typing import Any

from handlers.sandbox.charges import Record

API_VERSION = "2026-10-28.endive"
"""The version that the objects are written in: the one of the official SDK."""
_OF_STATUS = {
    "requires_action": "payment_intent.requires_action",
    "requires_capture": "payment_intent.amount_capturable_updated",
    "succeeded": "payment_intent.succeeded",
    "canceled": "payment_intent.canceled",
}
_NOTHING: Record = {"intent": {"status": None, "last_payment_error": None}, "refunds": []}
TYPES = (
    *_OF_STATUS.values(),
    "payment_intent.payment_failed",
    "refund.created",
    "refund.updated",
    "refund.failed",
    "charge.refunded",
    "charge.dispute.created",
    "charge.dispute.closed",
)


@dataclass(frozen=True)
class Event:
    """What happened to which API object; `previous` are the old values where the type tells them."""

    type: str
    object: dict[str, Any]
    previous: dict[str, Any] = field(default_factory=dict[str, Any])

    def content(self, id: str, created: int, request: dict[str, str | None]) -> dict[str, Any]:
        """The event as the API writes it. `request`: id and idempotency key of what caused it."""
        data: dict[str, Any] = {"object": self.object}
        if self.previous:
            data["previous_attributes"] = self.previous
        return {
            "id": id,
            "object": "event",
            "api_version": API_VERSION,
            "created": created,
            "data": data,
            "livemode": False,
            "pending_webhooks": 1,
            "request": request,
            "type": self.type,
        }


def of(before: Record | None, after: Record) -> list[Event]:
    """The events of a change, in the order in which it made them; `before` None for a new record."""
    before = before or _NOTHING
    return [
        *_of_intent(before["intent"], after["intent"]),
        *_of_refunds(before["refunds"], after),
        *_of_dispute(before.get("dispute"), after.get("dispute")),
    ]


def _of_intent(before: dict[str, Any], after: dict[str, Any]) -> list[Event]:
    """A failed attempt is told by its error: it names its charge, or there was none before it."""
    error, status = after["last_payment_error"], after["status"]
    if error is not None and error != before["last_payment_error"]:
        return [Event("payment_intent.payment_failed", after)]
    if status != before["status"] and status in _OF_STATUS:
        return [Event(_OF_STATUS[status], after)]
    return []


def _of_refunds(before: list[dict[str, Any]], after: Record) -> list[Event]:
    known = {refund["id"]: refund for refund in before}
    found: list[Event] = []
    for refund in after["refunds"]:
        old = known.get(refund["id"])
        if old is None:
            found += [Event("refund.created", refund), Event("charge.refunded", after["charge"])]
        elif old != refund:
            previous = {name: old.get(name) for name in refund if old.get(name) != refund[name]}
            found.append(Event("refund.updated", refund, previous))
            if refund["status"] == "failed":
                found.append(Event("refund.failed", refund))
    return found


def _of_dispute(before: dict[str, Any] | None, after: dict[str, Any] | None) -> list[Event]:
    if after is None or after == before:
        return []
    if before is None:
        return [Event("charge.dispute.created", after)]
    return [Event("charge.dispute.closed", after)]

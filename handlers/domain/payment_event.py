"""The payment gateway's events that the shop handles, and what it reads of them.

https://docs.stripe.com/api/events/types
"""

import hashlib
import json
import re
from typing import Any, NamedTuple

WAKING = frozenset(
    {
        "payment_intent.amount_capturable_updated",
        "payment_intent.payment_failed",
        "payment_intent.canceled",
    }
)
"""Events of an order's payment: a run is started for the order if it is AWAITING_PAYMENT."""

FOR_BOOKS = frozenset(
    {
        "charge.refunded",
        "refund.updated",
        "refund.failed",
        "charge.dispute.created",
        "charge.dispute.closed",
    }
)
"""Events of refunds and disputes, which the books function writes rows and causes for."""

_CAUSE = "[A-Za-z0-9_-]{1,53}"
"""What fits after an order's id and a hyphen into the name of a run; see `workflow.start`."""


class PaymentEvent(NamedTuple):
    """One event; what it does not have is an empty text.

    `stack` and `order_id` are of the object's metadata, `intent_id` is the payment intent that a
    charge, a refund or a dispute belongs to.
    """

    id: str
    type: str
    stack: str
    order_id: str
    intent_id: str

    @classmethod
    def of(cls, body: bytes) -> "PaymentEvent":
        """Return the event of a request's body. Raises ValueError if it is none."""
        event = _object(json.loads(body))
        found = _object(_object(event.get("data")).get("object"))
        metadata = _object(found.get("metadata"))
        told = cls(
            id=_text(event, "id"),
            type=_text(event, "type"),
            stack=_text(metadata, "stack"),
            order_id=_text(metadata, "orderId"),
            intent_id=_text(found, "payment_intent"),
        )
        if not told.id or not told.type:
            raise ValueError("an event has an id and a type")
        return told

    @property
    def cause(self) -> str:
        """The event's id as a part of a run's name, or its hash where a name can't have it.

        Stripe's ids may get as long as 255 characters: https://docs.stripe.com/upgrades
        """
        if re.fullmatch(_CAUSE, self.id):
            return self.id
        return hashlib.sha256(self.id.encode()).hexdigest()[:32]


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}  # pyright: ignore[reportUnknownVariableType]


def _text(found: dict[str, Any], name: str) -> str:
    value = found.get(name)
    return value if isinstance(value, str) else ""

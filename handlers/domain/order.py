"""An order: its statuses and the legal moves between them. The one table everybody drives by.

The order item is the truth; the workflow only drives it. Every write of a status carries the
status that it was decided on as its condition, so the database itself refuses a repeated or an
overtaken move; the tests hold every writer to this table.
"""

import base64
import hashlib
from datetime import UTC, datetime
from enum import StrEnum


class OrderStatus(StrEnum):
    """Where an order stands. The last two and CONFIRMED are where it comes to rest."""

    RECEIVED = "RECEIVED"
    VALIDATED = "VALIDATED"
    AWAITING_PAYMENT = "AWAITING_PAYMENT"
    PAYMENT_AUTHORIZED = "PAYMENT_AUTHORIZED"
    INVENTORY_RESERVED = "INVENTORY_RESERVED"
    CONFIRMED = "CONFIRMED"
    REJECTING = "REJECTING"
    REJECTED = "REJECTED"
    CANCELLING = "CANCELLING"
    CANCELLED = "CANCELLED"


class RejectionReason(StrEnum):
    """Why an order was refused; all but the last are normal business outcomes."""

    UNKNOWN_PRODUCT = "UNKNOWN_PRODUCT"
    OUT_OF_STOCK = "OUT_OF_STOCK"
    PRICE_CHANGED = "PRICE_CHANGED"
    PAYMENT_DECLINED = "PAYMENT_DECLINED"
    PAYMENT_TIMEOUT = "PAYMENT_TIMEOUT"
    AUTHORIZATION_EXPIRED = "AUTHORIZATION_EXPIRED"
    SYSTEM_FAULT = "SYSTEM_FAULT"


class LedgerKind(StrEnum):
    """The kinds of row in the transaction log (`TXN#<kind>`)."""

    AUTHORIZE = "AUTHORIZE"
    DECLINE = "DECLINE"
    CAPTURE = "CAPTURE"
    RELEASE = "RELEASE"
    REFUND = "REFUND"


_S = OrderStatus
TRANSITIONS: dict[OrderStatus, frozenset[OrderStatus]] = {
    _S.RECEIVED: frozenset({_S.VALIDATED, _S.REJECTING}),
    _S.VALIDATED: frozenset({_S.AWAITING_PAYMENT, _S.PAYMENT_AUTHORIZED, _S.REJECTING}),
    _S.AWAITING_PAYMENT: frozenset({_S.PAYMENT_AUTHORIZED, _S.REJECTING}),
    _S.PAYMENT_AUTHORIZED: frozenset({_S.INVENTORY_RESERVED, _S.REJECTING}),
    _S.INVENTORY_RESERVED: frozenset({_S.CONFIRMED, _S.REJECTING}),
    _S.CONFIRMED: frozenset({_S.CANCELLING}),
    _S.REJECTING: frozenset({_S.REJECTED}),
    _S.CANCELLING: frozenset({_S.CANCELLED}),
    _S.REJECTED: frozenset(),
    _S.CANCELLED: frozenset(),
}

RELEASING = frozenset({_S.REJECTING, _S.CANCELLING})
"""The only statuses in which money or stock may be given back."""


def sources(target: OrderStatus) -> list[OrderStatus]:
    """The statuses from which an order may move to `target`."""
    return [status for status, targets in TRANSITIONS.items() if target in targets]


def order_id(customer_id: str, idempotency_key: str) -> str:
    """The 26-character id of the order that this customer places under this key.

    A repeated request therefore finds its order in one write. The parts are length-prefixed, so
    no two different pairs can read the same.
    """
    digest = hashlib.sha256()
    for part in (customer_id.encode(), idempotency_key.encode()):
        digest.update(len(part).to_bytes(4, "big") + part)
    return base64.b32encode(digest.digest()[:16]).decode().rstrip("=")


def timestamp(at: datetime | None = None) -> str:
    """`at` (default: now) as ISO 8601 in UTC with milliseconds, e.g. 2026-11-22T10:25:10.123Z."""
    moment = (at or datetime.now(UTC)).astimezone(UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")

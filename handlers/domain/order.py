"""An order: what it holds, its statuses and the legal moves between them.

The order item is the truth; the workflow only drives it. Every write of a status carries the
status that it was decided on as its condition, so the database itself refuses a repeated or an
overtaken move; the tests hold every writer to `TRANSITIONS`.
"""

import base64
import hashlib
import json
import zlib
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NotRequired, TypedDict

from handlers.domain.clock import timestamp
from handlers.domain.money import Money


class OrderStatus(StrEnum):
    """Where an order stands; the terminal ones are `AT_REST`."""

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
    AMOUNT_NOT_ACCEPTED = "AMOUNT_NOT_ACCEPTED"
    PAYMENT_DECLINED = "PAYMENT_DECLINED"
    PAYMENT_TIMEOUT = "PAYMENT_TIMEOUT"
    AUTHORIZATION_EXPIRED = "AUTHORIZATION_EXPIRED"
    REFUNDED = "REFUNDED"
    TOO_MANY_ORDERS = "TOO_MANY_ORDERS"
    SYSTEM_FAULT = "SYSTEM_FAULT"


class Stock(StrEnum):
    """Where the pieces of an order's lines are, once they were taken off the shelf.

    The order is its own reservation: TAKEN pieces are held until it is CONFIRMED and sold from
    then on. An order that never took any has no such attribute.
    """

    TAKEN = "TAKEN"
    RETURNED = "RETURNED"


class OrderLine(TypedDict):
    """One product of an order; `unitPrice` in minor units of the order's currency."""

    productId: str
    quantity: int
    name: NotRequired[str]  # with unitPrice, once the order is validated
    unitPrice: NotRequired[int]


class OrderRequest(TypedDict):
    """What a customer asks for: the contract's schema of the same name."""

    lines: list[OrderLine]
    expectedTotal: Money
    paymentMethod: str
    name: NotRequired[str]


class TimelineEntry(TypedDict):
    """A status, when the order came to it, and the workflow's run that moved it there.

    `run` is the name of the execution without the order's id, which every name begins with.
    """

    status: str
    at: str
    run: NotRequired[str]
    detail: NotRequired[str]


class Payment(TypedDict):
    """The gateway's id of the order's one payment."""

    intentId: str


class Fault(TypedDict):
    """The last technical fault: the workflow's state that it happened in, and what it said."""

    state: str
    error: str
    cause: str
    at: str


class Order(TypedDict):
    """An order as the orders table holds it; docs/architecture.md describes each attribute.

    `status`, `reason` and `stock` are the text of an `OrderStatus`, a `RejectionReason` and a
    `Stock`; times are timestamps. `total`, in minor units of `currency` (ISO 4217), is what the
    customer agreed to: ValidateOrder refuses an order whose prices add up to anything else.
    `dueAt` is when the order is looked at again, and there as long as anything is to be done;
    `approveBy` is how long its customer may take to approve the payment, with `clientSecret`, which
    the order has only while it waits for that. `attempts` counts the faults in this status.
    `lastEvent` is the gateway's event that a run was last started for: `id`, `type` and `at`.
    `attention` says for what causes operators should look at it, and since when.
    `orderId` is not stored, because the item's key has it.
    """

    orderId: str
    customerId: str
    email: str
    name: NotRequired[str]
    lines: list[OrderLine]
    total: int
    currency: str
    paymentMethod: str
    payment: NotRequired[Payment]
    fingerprint: str
    status: str
    reason: NotRequired[str]
    detail: NotRequired[str]
    version: int
    timeline: list[TimelineEntry]
    stock: NotRequired[str]
    receiptStored: NotRequired[bool]
    attempts: int
    lastFault: NotRequired[Fault]
    lastEvent: NotRequired[dict[str, str]]
    openShard: NotRequired[str]
    dueAt: NotRequired[str]
    approveBy: NotRequired[str]
    clientSecret: NotRequired[str]
    attention: dict[str, str]
    attentionShard: NotRequired[str]
    attentionSince: NotRequired[str]
    createdAt: str


_S = OrderStatus
TRANSITIONS: dict[OrderStatus, frozenset[OrderStatus]] = {
    _S.RECEIVED: frozenset({_S.VALIDATED, _S.REJECTING}),
    _S.VALIDATED: frozenset({_S.AWAITING_PAYMENT, _S.PAYMENT_AUTHORIZED, _S.REJECTING}),
    _S.AWAITING_PAYMENT: frozenset({_S.PAYMENT_AUTHORIZED, _S.REJECTING, _S.CANCELLING}),
    _S.PAYMENT_AUTHORIZED: frozenset({_S.INVENTORY_RESERVED, _S.REJECTING}),
    _S.INVENTORY_RESERVED: frozenset({_S.CONFIRMED, _S.REJECTING}),
    _S.CONFIRMED: frozenset({_S.CANCELLING}),
    _S.REJECTING: frozenset({_S.REJECTED}),
    _S.CANCELLING: frozenset({_S.CANCELLED}),
    _S.REJECTED: frozenset(),
    _S.CANCELLED: frozenset(),
}

AT_REST = frozenset({_S.CONFIRMED, _S.REJECTED, _S.CANCELLED})
"""The terminal statuses: nothing more happens to the order unless its customer cancels it."""

BEFORE_PIVOT = frozenset({_S.RECEIVED, _S.VALIDATED, _S.AWAITING_PAYMENT, _S.PAYMENT_AUTHORIZED})
"""The statuses in which an order that waits too long is given up and compensated. Later its capture
may have happened, and faults only go forward."""

RELEASING = frozenset({_S.REJECTING, _S.CANCELLING})
"""The only statuses in which money or stock may be given back."""

OPEN_SHARDS = tuple("0123456789")
"""The parts of the index `open`; to list what is due, ask each of them."""

_FIRST_LOOK = timedelta(minutes=2)


def sources(target: OrderStatus) -> list[OrderStatus]:
    """Return the statuses from which an order may move to `target`."""
    return [status for status, targets in TRANSITIONS.items() if target in targets]


def order_id(customer_id: str, idempotency_key: str) -> str:
    """Return the 26-character id of the order that this customer places under this key.

    A repeated request therefore finds its order in one write. The parts are length-prefixed, so
    no two different pairs can read the same.
    """
    digest = hashlib.sha256()
    for part in (customer_id.encode(), idempotency_key.encode()):
        digest.update(len(part).to_bytes(4, "big") + part)
    return base64.b32encode(digest.digest()[:16]).decode().rstrip("=")


def open_shard(order_id: str) -> str:
    """Return the part of the index `open` that lists this order while something is due.

    One key of an index takes 1,000 writes a second; the parts share them out.
    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html
    """
    return OPEN_SHARDS[zlib.crc32(order_id.encode()) % len(OPEN_SHARDS)]


def new_order(
    customer_id: str, email: str, idempotency_key: str, request: OrderRequest, now: datetime
) -> Order:
    """Make the order that this customer's request asks for: RECEIVED, and nothing decided yet.

    `request` is valid by the contract. `fingerprint` tells a repetition from another request under the same key.
    """
    at, identifier = timestamp(now), order_id(customer_id, idempotency_key)
    order: Order = {
        "orderId": identifier,
        "customerId": customer_id,
        "email": email,
        "lines": request["lines"],
        "total": request["expectedTotal"]["amount"],
        "currency": request["expectedTotal"]["currency"],
        "paymentMethod": request["paymentMethod"],
        "fingerprint": _fingerprint(request),
        "status": OrderStatus.RECEIVED,
        "version": 1,
        "attempts": 0,
        "attention": {},
        "timeline": [{"status": OrderStatus.RECEIVED, "at": at}],
        "createdAt": at,
        "openShard": open_shard(identifier),
        "dueAt": timestamp(now + _FIRST_LOOK),
    }
    if "name" in request:
        order["name"] = request["name"]
    return order


def payment_of(order: Order) -> Payment:
    """Return the order's payment. Raises ValueError if none was recorded."""
    if "payment" not in order:
        raise ValueError(f"order {order['orderId']} has no payment")
    return order["payment"]


def _fingerprint(request: OrderRequest) -> str:
    canonical = json.dumps(request, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    digest = hashlib.sha256(canonical.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")

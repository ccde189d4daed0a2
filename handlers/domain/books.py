"""Compares one payment, as the gateway has it, with its order and the order's ledger.

The gateway's objects are read first and the order after them. So a refund that the gateway shows on
an order that is still CONFIRMED is not the shop's own, which comes only after a claim.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from handlers.domain.ledger import SEVERAL, Entry, LedgerKind, LedgerRow, proven, sort_key
from handlers.domain.order import AT_REST, Order, OrderStatus
from handlers.domain.payment import Dispute, PaymentIntent

_SETTLED = timedelta(hours=1)
"""How long an order has been at rest until its books have to agree."""


class Cause(StrEnum):
    """Why operators should look at an order. Only they take these causes off it.

    REFUNDED_OUTSIDE: a CONFIRMED order has a refund that the shop didn't make. REFUND_FAILED: a refund
    didn't reach the customer. DISPUTED: a bank takes the charge back, or asks about it. BOOKS: what
    the gateway holds or keeps, the order's status and its ledger don't agree.
    """

    REFUNDED_OUTSIDE = "REFUNDED_OUTSIDE"
    REFUND_FAILED = "REFUND_FAILED"
    DISPUTED = "DISPUTED"
    BOOKS = "BOOKS"


class GatewayPayment(NamedTuple):
    """A payment of this stack with its disputes; `order_id` is in the payment's metadata, or empty."""

    intent: PaymentIntent
    disputes: tuple[Dispute, ...]
    order_id: str


class Finding(NamedTuple):
    """A cause and the gateway's object that shows it: a refund, a dispute, or the payment.

    `amount` is what that is about, in minor units: of BOOKS, what the gateway holds or keeps.
    """

    cause: Cause
    gateway_id: str
    amount: int


class Comparison(NamedTuple):
    """What was found, and the entries that the gateway proves and the ledger lacks."""

    findings: list[Finding]
    missing: list[Entry]


def compare(
    payment: GatewayPayment, order: Order, rows: Sequence[LedgerRow], now: datetime
) -> Comparison:
    """Compare the payment with the order, `rows` being all of the order's ledger; `now` is aware.

    BOOKS is found only of an order that has been at rest for more than an hour, and after the missing
    entries count. Before an order is at rest the workflow writes its ledger, refunds and disputes apart.

    Raises KeyError, IndexError, TypeError or ValueError if the order is malformed.
    """
    intent, at_rest = payment.intent, order["status"] in AT_REST
    if "payment" not in order or order["payment"]["intentId"] != intent.id:
        lost = _is_settled(order, now) and (intent.held or intent.kept)
        return Comparison([_of_books(intent)] if lost else [], [])
    known = {sort_key(row["kind"], row["gatewayId"]) for row in rows}
    missing = [
        each
        for each in proven(intent, payment.disputes)
        if (at_rest or each.kind in SEVERAL) and sort_key(each.kind, each.gateway_id) not in known
    ]
    findings = _told_by_the_gateway(payment, order)
    entries = [*_entries(rows), *missing]
    if _is_settled(order, now) and not _agree(intent, order, entries):
        findings.append(_of_books(intent))
    return Comparison(findings, missing)


def compare_without_payment(
    order: Order, rows: Sequence[LedgerRow], gateway_id: str, now: datetime
) -> list[Finding]:
    """Compare an order with a payment that the gateway doesn't have. Raises as `compare`."""
    kept = _kept(_entries(rows))
    return [Finding(Cause.BOOKS, gateway_id, 0)] if kept and _is_settled(order, now) else []


def _told_by_the_gateway(payment: GatewayPayment, order: Order) -> list[Finding]:
    """What its refunds and disputes are enough for, whatever the ledger says."""
    findings: list[Finding] = []
    for refund in payment.intent.refunds:
        if refund.failed:
            findings.append(Finding(Cause.REFUND_FAILED, refund.id, refund.amount))
        elif order["status"] == OrderStatus.CONFIRMED:
            findings.append(Finding(Cause.REFUNDED_OUTSIDE, refund.id, refund.amount))
    disputes = payment.disputes
    return findings + [Finding(Cause.DISPUTED, each.id, each.amount) for each in disputes]


def _of_books(intent: PaymentIntent) -> Finding:
    return Finding(Cause.BOOKS, intent.id, intent.held or intent.kept)


def _is_settled(order: Order, now: datetime) -> bool:
    since = datetime.fromisoformat(order["timeline"][-1]["at"])
    return order["status"] in AT_REST and now - since > _SETTLED


def _agree(intent: PaymentIntent, order: Order, entries: Iterable[Entry]) -> bool:
    """Whether the gateway has what the status says, and the ledger says what the gateway keeps."""
    if order["status"] == OrderStatus.CONFIRMED:
        has_what_is_due = intent.amount_received >= order["total"]
    else:
        has_what_is_due = not intent.held and not intent.kept
    return has_what_is_due and _kept(entries) == intent.kept


def _kept(entries: Iterable[Entry]) -> int:
    """What was captured and not given back; a refund that failed later gave nothing back."""
    amounts = {(each.kind, each.gateway_id): each.amount for each in entries}
    captured = sum(amount for (kind, _), amount in amounts.items() if kind == LedgerKind.CAPTURE)
    refunded = sum(
        amount
        for (kind, gateway_id), amount in amounts.items()
        if kind == LedgerKind.REFUND and (LedgerKind.REFUND_FAILED, gateway_id) not in amounts
    )
    return captured - refunded


def _entries(rows: Iterable[LedgerRow]) -> list[Entry]:
    return [Entry(row["kind"], row["amount"], row["gatewayId"]) for row in rows]

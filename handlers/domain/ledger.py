"""The ledger: what happened to an order's money, one row for each step."""

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple, TypedDict

from handlers.domain.payment import Dispute, IntentStatus, PaymentIntent


class LedgerKind(StrEnum):
    """What a row of the ledger records."""

    AUTHORIZE = "AUTHORIZE"
    DECLINE = "DECLINE"
    CAPTURE = "CAPTURE"
    RELEASE = "RELEASE"
    REFUND = "REFUND"
    REFUND_FAILED = "REFUND_FAILED"
    DISPUTE = "DISPUTE"


SEVERAL = frozenset({LedgerKind.REFUND, LedgerKind.REFUND_FAILED, LedgerKind.DISPUTE})
"""The kinds that a payment can have several rows of."""


class LedgerRow(TypedDict):
    """One row, as the orders table holds it beside the order.

    `amount` is in minor units of `currency` (ISO 4217); `gatewayId` is the gateway's payment, or
    its refund or dispute; `at` is a timestamp.
    """

    kind: LedgerKind
    amount: int
    currency: str
    gatewayId: str
    at: str


class Entry(NamedTuple):
    """What a row says of the money; `amount` in minor units of the order's currency."""

    kind: LedgerKind
    amount: int
    gateway_id: str


def sort_key(kind: str, gateway_id: str) -> str:
    """Return the row's sort key; of `SEVERAL` it ends with the gateway's id."""
    return f"TXN#{kind}#{gateway_id}" if kind in SEVERAL else f"TXN#{kind}"


def proven(intent: PaymentIntent, disputes: Iterable[Dispute] = ()) -> list[Entry]:
    """Return the entries that the gateway's own objects prove.

    A refund that failed is a REFUND_FAILED, whether or not it was a REFUND before.
    """
    entries: list[Entry] = []
    if intent.authorized:
        entries.append(Entry(LedgerKind.AUTHORIZE, intent.amount, intent.id))
    if intent.amount_received:
        entries.append(Entry(LedgerKind.CAPTURE, intent.amount_received, intent.id))
    elif intent.authorized and intent.status is IntentStatus.CANCELLED:
        entries.append(Entry(LedgerKind.RELEASE, intent.amount, intent.id))
    for refund in intent.refunds:
        kind = LedgerKind.REFUND_FAILED if refund.failed else LedgerKind.REFUND
        entries.append(Entry(kind, refund.amount, refund.id))
    entries += [Entry(LedgerKind.DISPUTE, each.amount, each.id) for each in disputes]
    return entries

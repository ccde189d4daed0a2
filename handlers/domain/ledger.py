"""The ledger: what happened to an order's money, one row for each step.

Its key is `TXN#<kind>`, or `TXN#REFUND#<gateway id>`, because there may be several refunds.
"""

from enum import StrEnum
from typing import TypedDict


class LedgerKind(StrEnum):
    """What a row of the ledger records."""

    AUTHORIZE = "AUTHORIZE"
    DECLINE = "DECLINE"
    CAPTURE = "CAPTURE"
    RELEASE = "RELEASE"
    REFUND = "REFUND"


class LedgerRow(TypedDict):
    """One row, as the orders table holds it beside the order.

    `amount` is in minor units of `currency` (ISO 4217); `gatewayId` is the gateway's payment, or
    its refund; `at` is a timestamp.
    """

    kind: LedgerKind
    amount: int
    currency: str
    gatewayId: str
    at: str

"""What a receipt says. Not how it looks (`adapters/receipt_pdf.py`) or where it is kept.

Everything comes from what an order never changes once it is paid, so that the same order always
makes the same receipt.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from handlers.domain.order import Order, OrderLine, OrderStatus


@dataclass(frozen=True)
class ReceiptLine:
    """One line; `unit_price` and `total` in minor units."""

    name: str
    quantity: int
    unit_price: int
    total: int


@dataclass(frozen=True)
class Receipt:
    """Proof of payment: `total` in minor units of `currency`, times in UTC."""

    order_id: str
    ordered_at: datetime
    paid_at: datetime
    customer: str
    """The name that the customer gave, or ""."""
    lines: tuple[ReceiptLine, ...]
    total: int
    currency: str


def receipt_key(order_id: str) -> str:
    """The key of the order's receipt in the bucket."""
    return f"receipts/{order_id}.pdf"


def receipt_of(order: Order) -> Receipt:
    """The receipt of a confirmed order. Raises ValueError if it was never confirmed."""
    return Receipt(
        order_id=order["orderId"],
        ordered_at=_utc(order["createdAt"]),
        paid_at=_paid_at(order),
        customer=order.get("name", "").strip(),
        lines=tuple(_line(line) for line in order["lines"]),
        total=order["total"],
        currency=order["currency"],
    )


def _line(line: OrderLine) -> ReceiptLine:
    if "name" not in line or "unitPrice" not in line:
        raise ValueError(f"the line of {line['productId']} has no price yet")
    total = line["quantity"] * line["unitPrice"]
    return ReceiptLine(line["name"], line["quantity"], line["unitPrice"], total)


def _paid_at(order: Order) -> datetime:
    for entry in order["timeline"]:
        if entry["status"] == OrderStatus.CONFIRMED:
            return _utc(entry["at"])
    raise ValueError(f"order {order['orderId']} was never confirmed: there is nothing to receipt")


def _utc(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)

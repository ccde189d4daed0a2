"""What the shop writes to a customer, in plain words. The looks are in `mail_layout.py`.

A mail tells how an order stands, so it is true only while the order stands like that. The one about
a refused order says three things: what happened, that it costs nothing, what to do next.
"""

from dataclasses import dataclass
from datetime import datetime

from handlers.domain import mail_layout, refusals
from handlers.domain.clock import timestamp
from handlers.domain.events import EventType
from handlers.domain.mail_layout import Letter, LetterLine
from handlers.domain.money import format_money
from handlers.domain.order import Order, OrderLine, OrderStatus, RejectionReason

_TELLS_OF = {
    EventType.PAYMENT_APPROVAL_NEEDED: OrderStatus.AWAITING_PAYMENT,
    EventType.ORDER_CONFIRMED: OrderStatus.CONFIRMED,
    EventType.ORDER_REJECTED: OrderStatus.REJECTED,
    EventType.ORDER_CANCELLED: OrderStatus.CANCELLED,
}


@dataclass(frozen=True)
class Mail:
    """A mail to one customer, twice the same: as text and as a complete HTML document."""

    subject: str
    text: str
    html: str


def is_true(event: EventType, order: Order) -> bool:
    """Return whether `order` still stands as a mail about this event says."""
    if (
        order["status"] == OrderStatus.AWAITING_PAYMENT
        and order.get("approveBy", "") <= timestamp()
    ):
        return False
    return order["status"] == _TELLS_OF.get(event)


def compose(event: EventType, order: Order, storefront_url: str) -> Mail:
    """Write the mail about this event of `order`, with a link to its page in the storefront.

    Raises ValueError for an event that customers get no mail about, and for an order that lacks
    what the mail is about, e.g. a rejection without a known reason.
    """
    link = f"{storefront_url}/orders/{order['orderId']}"
    match event:
        case EventType.PAYMENT_APPROVAL_NEEDED:
            return _written("Approve your payment", _approval_needed(order), order, link)
        case EventType.ORDER_CONFIRMED:
            return _written("Your order is confirmed", _confirmed(order), order, link)
        case EventType.ORDER_REJECTED:
            return _written("We could not complete your order", _rejected(order), order, link)
        case EventType.ORDER_CANCELLED:
            return _written("Your order is cancelled", _cancelled(order), order, link)
        case _:
            raise ValueError(f"customers get no mail about {event}")


def _written(subject: str, paragraphs: list[str], order: Order, link: str) -> Mail:
    name = _one_line(order.get("name", ""))
    letter = Letter(
        headline=subject,
        greeting=f"Hello {name}," if name else "Hello,",
        paragraphs=paragraphs,
        link=link,
        order_id=order["orderId"],
        lines=[_line(line, order) for line in order["lines"]],
        total=_total(order) if all("unitPrice" in line for line in order["lines"]) else "",
    )
    return Mail(subject, mail_layout.text(letter), mail_layout.html(letter))


def _confirmed(order: Order) -> list[str]:
    return [
        f"Thank you for your order. We have charged {_total(order)} to your card.",
        "The receipt is on your order's page as soon as it is ready.",
    ]


def _approval_needed(order: Order) -> list[str]:
    until = datetime.fromisoformat(order.get("approveBy", ""))
    return [
        f"Your bank asks you to approve the payment of {_total(order)}. Please do so on your order's page"
        f" by {until:%H:%M} UTC on {until.day} {until:%B}.",
        "Without your approval nothing is charged, and the order ends by itself.",
    ]


def _cancelled(order: Order) -> list[str]:
    if not any(entry["status"] == OrderStatus.CONFIRMED for entry in order["timeline"]):
        return ["Your order is cancelled, as you asked.", refusals.NOT_CHARGED]
    return [
        "Your order is cancelled, as you asked.",
        f"We have refunded {_total(order)} to the card you paid with.",
        "Your bank may take some days to show it.",
    ]


def _rejected(order: Order) -> list[str]:
    reason = RejectionReason(order.get("reason", ""))
    what, costs = refusals.what_happened(reason, order), _what_it_costs(reason, order)
    return [what, costs, refusals.what_next(reason)]


def _what_it_costs(reason: RejectionReason, order: Order) -> str:
    if reason is RejectionReason.PAYMENT_DECLINED or "payment" not in order:
        return refusals.NOT_CHARGED
    return (
        "You pay nothing. If an amount was held on your card for this order, it has been released"
        " in full; your bank may take some days to show that."
    )


def _line(line: OrderLine, order: Order) -> LetterLine:
    name = _one_line(line.get("name") or line["productId"])
    quantity, price = line["quantity"], line.get("unitPrice")
    amount = "" if price is None else format_money(quantity * price, order["currency"])
    return LetterLine(name, quantity, amount)


def _total(order: Order) -> str:
    return format_money(order["total"], order["currency"])


def _one_line(text: str) -> str:
    return " ".join(text.split())

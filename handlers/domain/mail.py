"""What the shop writes to a customer, in plain words. The looks are in `mail_layout.py`.

A refused order's mail says three things: what happened, that it costs nothing, what to do next.
"""

import re
from dataclasses import dataclass

from handlers.domain import mail_layout
from handlers.domain.events import EventType
from handlers.domain.mail_layout import Letter, LetterLine
from handlers.domain.money import format_money
from handlers.domain.order import Order, OrderLine, RejectionReason, total_of


@dataclass(frozen=True)
class Mail:
    """A mail to one customer, twice the same: as text and as a complete HTML document."""

    subject: str
    text: str
    html: str


_DECLINES = {
    "INSUFFICIENT_FUNDS": "there was not enough money available on the card",
    "EXPIRED_CARD": "the card has expired",
    "INCORRECT_CVC": "the security code didn't match the card",
    "INCORRECT_NUMBER": "the card number was not right",
    "CARD_VELOCITY_EXCEEDED": "the card has reached its limit",
    "AUTHENTICATION_REQUIRED": "the payment was not approved with the bank",
}
"""The gateway's decline codes that a customer can act on. What the others mean is between the
customer and the bank (a card reported stolen, say). https://docs.stripe.com/declines/codes"""

_WHAT_NEXT = {
    RejectionReason.UNKNOWN_PRODUCT: "Please refresh your basket in the shop and order again.",
    RejectionReason.OUT_OF_STOCK: (
        "Please order again with fewer of them or something else; the shop shows what is left."
    ),
    RejectionReason.PRICE_CHANGED: (
        "If today's price suits you, please refresh your basket and order again."
    ),
    RejectionReason.PAYMENT_DECLINED: (
        "Please order again with another card, or ask your bank about this one."
    ),
    RejectionReason.PAYMENT_TIMEOUT: (
        "Please order again and approve the payment when your bank asks you to."
    ),
    RejectionReason.AUTHORIZATION_EXPIRED: (
        "Please order again: your bank will be asked for a new approval."
    ),
    RejectionReason.SYSTEM_FAULT: (
        "Our team has been told. Please order again in a little while; we are sorry."
    ),
}


def compose(event: EventType, order: Order) -> Mail:
    """Write the mail about this event of `order`.

    Raises ValueError for an event that customers get no mail about, and for an order that lacks
    what the mail is about, e.g. a rejection without a known reason.
    """
    match event:
        case EventType.ORDER_CONFIRMED:
            return _written("Your order is confirmed", _confirmed(order), order)
        case EventType.ORDER_REJECTED:
            return _written("We could not complete your order", _rejected(order), order)
        case EventType.ORDER_CANCELLED:
            return _written("Your order is cancelled", _cancelled(order), order)
        case _:
            raise ValueError(f"customers get no mail about {event}")


def _written(subject: str, paragraphs: list[str], order: Order) -> Mail:
    name = _one_line(order.get("name", ""))
    letter = Letter(
        headline=subject,
        greeting=f"Hello {name}," if name else "Hello,",
        paragraphs=paragraphs,
        order_id=order["orderId"],
        lines=[_line(line, order) for line in order["lines"]],
        total=_total(order) if "total" in order else "",
    )
    return Mail(subject, mail_layout.text(letter), mail_layout.html(letter))


def _confirmed(order: Order) -> list[str]:
    return [
        f"Thank you for your order. We have charged {_total(order)} to your card.",
        "You can follow the order and download its receipt on your order's page in the shop.",
    ]


def _cancelled(order: Order) -> list[str]:
    return [
        "Your order is cancelled, as you asked.",
        f"We have refunded {_total(order)} to the card you paid with.",
        "Your bank may take some days to show it.",
    ]


def _rejected(order: Order) -> list[str]:
    reason = RejectionReason(order.get("reason", ""))
    return [_what_happened(reason, order), _what_it_costs(reason, order), _WHAT_NEXT[reason]]


def _what_happened(reason: RejectionReason, order: Order) -> str:
    detail = order.get("detail", "")
    products = _products(detail, order)
    decline = _DECLINES.get(detail.upper(), "it did not tell us why")
    return {
        RejectionReason.UNKNOWN_PRODUCT: f"Our shop doesn't have this any more: {products}.",
        RejectionReason.OUT_OF_STOCK: f"We don't have enough of this left: {products}.",
        RejectionReason.PRICE_CHANGED: (
            f"A price has changed since you filled your basket.{_new_total(detail, order)}"
        ),
        RejectionReason.PAYMENT_DECLINED: f"Your bank declined the payment: {decline}.",
        RejectionReason.PAYMENT_TIMEOUT: (
            "Your bank wanted you to approve the payment, and that didn't happen in time."
        ),
        RejectionReason.AUTHORIZATION_EXPIRED: (
            "Your bank's approval of the payment ran out before the order was complete."
        ),
        RejectionReason.SYSTEM_FAULT: (
            "Something went wrong on our side, and we could not finish your order."
        ),
    }[reason]


def _what_it_costs(reason: RejectionReason, order: Order) -> str:
    if reason is RejectionReason.PAYMENT_DECLINED or "payment" not in order:
        return "You have not been charged, and nothing is held on your card."
    return (
        "You pay nothing. If an amount was held on your card for this order, it has been released"
        " in full; your bank may take some days to show that."
    )


def _products(detail: str, order: Order) -> str:
    """`detail` lists product ids; products that have a name in the order are called by it."""
    names = {line["productId"]: _one_line(line.get("name", "")) for line in order["lines"]}
    ids = [part.strip() for part in detail.split(",") if part.strip()]
    return ", ".join(names.get(id_) or id_ for id_ in ids) or "one of the items"


def _new_total(detail: str, order: Order) -> str:
    """`detail` is today's total, `2599 USD`."""
    today = re.fullmatch(r"(\d+) ([A-Z]{3})", detail)
    if not today:
        return ""
    now = format_money(int(today[1]), today[2])
    expected = order["expectedTotal"]
    then = format_money(expected["amount"], expected["currency"])
    return f" It showed a total of {then}; today it comes to {now}."


def _line(line: OrderLine, order: Order) -> LetterLine:
    name = _one_line(line.get("name") or line["productId"])
    quantity, price = line["quantity"], line.get("unitPrice")
    amount = "" if price is None else format_money(quantity * price, order["currency"])
    return LetterLine(name, quantity, amount)


def _total(order: Order) -> str:
    return format_money(total_of(order), order["currency"])


def _one_line(text: str) -> str:
    return " ".join(text.split())

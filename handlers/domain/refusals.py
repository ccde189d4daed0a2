"""What a customer reads about a refused order: what happened and what to do next.

The texts are in `refusals.json`, which the storefront reads too. An order's `detail` is for operators
first. Page and mail have of it what a customer can act on, which `detail_told` says: of the decline
codes those that have a text. What the others mean is between the customer and the bank (a card
reported stolen, say), and must not help to try out stolen cards. https://docs.stripe.com/declines/codes
"""

import json
import re
from pathlib import Path
from typing import Any

from handlers.domain.money import CURRENCIES, format_money
from handlers.domain.order import Order, RejectionReason

_TEXTS: dict[str, Any] = json.loads(Path(__file__).with_name("refusals.json").read_text("utf-8"))
_REASONS: dict[str, dict[str, str]] = _TEXTS["reasons"]
_TOTAL = re.compile(r"(\d+) ([A-Z]{3})")

NOT_CHARGED: str = _TEXTS["notCharged"]


def what_happened(reason: RejectionReason, order: Order) -> str:
    """One or two sentences that say why `order` was refused."""
    detail = detail_told(reason, order.get("detail", ""), order)
    return _REASONS[reason]["what"].format(
        products=_products(detail, order),
        decline=_TEXTS["declines"].get(detail, _TEXTS["unknownDecline"]),
        newTotal=_new_total(detail, order),
        total=format_money(order["total"], order["currency"]),
        limits=_limits(order["currency"]),
    )


def detail_told(reason: str, detail: str, order: Order) -> str:
    """Return what of `detail` the customer of an order refused for `reason` is told, or ""."""
    match reason:
        case RejectionReason.PAYMENT_DECLINED:
            return detail.upper() if detail.upper() in _TEXTS["declines"] else ""
        case RejectionReason.UNKNOWN_PRODUCT | RejectionReason.OUT_OF_STOCK:
            own = {line["productId"] for line in order["lines"]}
            return ", ".join(each for each in _ids(detail) if each in own)
        case RejectionReason.PRICE_CHANGED:
            return detail if _TOTAL.fullmatch(detail) else ""
        case _:
            return ""


def what_next(reason: RejectionReason) -> str:
    """What the customer can do instead."""
    return _REASONS[reason]["next"]


def _products(detail: str, order: Order) -> str:
    """`detail` lists product ids; products that have a name in the order are called by it."""
    names = {line["productId"]: " ".join(line.get("name", "").split()) for line in order["lines"]}
    return ", ".join(names.get(id_) or id_ for id_ in _ids(detail)) or _TEXTS["unknownProducts"]


def _ids(detail: str) -> list[str]:
    return [part.strip() for part in detail.split(",") if part.strip()]


def _new_total(detail: str, order: Order) -> str:
    """`detail` is today's total, `2599 USD`."""
    today = _TOTAL.fullmatch(detail)
    if not today:
        return ""
    return _TEXTS["newTotal"].format(
        agreed=format_money(order["total"], order["currency"]),
        today=format_money(int(today[1]), today[2]),
    )


def _limits(code: str) -> str:
    """What an order may come to; nothing for a currency that the shop doesn't take at all."""
    currency = CURRENCIES.get(code)
    if currency is None:
        return ""
    return _TEXTS["limits"].format(
        least=format_money(currency["least"], code), most=format_money(currency["most"], code)
    )

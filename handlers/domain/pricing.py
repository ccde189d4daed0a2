"""What a basket costs. The server's prices count; the browser's are only compared with them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from handlers.domain.money import Money, fault_of_total
from handlers.domain.order import OrderLine, RejectionReason
from handlers.domain.product import Product


@dataclass(frozen=True)
class Priced:
    """The basket at today's prices: each line with `name` and `unitPrice`, `total` in minor units."""

    lines: list[OrderLine]
    total: int


@dataclass(frozen=True)
class Refused:
    """A normal outcome: the order cannot be accepted, and `detail` says what to look at."""

    reason: RejectionReason
    detail: str


def price(
    lines: Sequence[OrderLine],
    products: Mapping[str, Product],
    expected: Money,
) -> Priced | Refused:
    """Price `lines` ({productId, quantity}) from `products`, by id.

    `expected` is the total that the customer agreed to ({amount, currency}). Stock is looked at
    here so that a hopeless order never touches a card; it is taken later, after authorisation.
    """
    unknown = [line["productId"] for line in lines if line["productId"] not in products]
    if unknown:
        return Refused(RejectionReason.UNKNOWN_PRODUCT, ", ".join(unknown))
    priced: list[OrderLine] = [
        {
            "productId": line["productId"],
            "quantity": line["quantity"],
            "name": products[line["productId"]]["name"],
            "unitPrice": products[line["productId"]]["price"],
        }
        for line in lines
    ]
    total = sum(products[line["productId"]]["price"] * line["quantity"] for line in lines)
    currencies = {products[line["productId"]]["currency"] for line in lines}
    if total != expected["amount"] or currencies != {expected["currency"]}:
        return Refused(RejectionReason.PRICE_CHANGED, f"{total} {' '.join(sorted(currencies))}")
    if fault_of_total(expected):
        return Refused(RejectionReason.AMOUNT_NOT_ACCEPTED, f"{total} {expected['currency']}")
    short = [
        line["productId"]
        for line in lines
        if products[line["productId"]]["available"] < line["quantity"]
    ]
    if short:
        return Refused(RejectionReason.OUT_OF_STOCK, ", ".join(short))
    return Priced(priced, total)

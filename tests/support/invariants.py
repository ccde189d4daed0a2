"""What must be true of any order at rest (the promises in docs/architecture.md), for every test."""

from collections.abc import Mapping
from typing import NamedTuple, Protocol

import stripe

from handlers.adapters.items import Item
from handlers.domain.order import AT_REST, RELEASING, TRANSITIONS

PAID = AT_REST.difference(*(TRANSITIONS[status] for status in RELEASING))
"""The statuses at rest in which the shop keeps the money and the customer the goods."""


ALL_INTENTS: stripe.params.PaymentIntentListParams = {
    "limit": 100,
    "expand": ["data.latest_charge.refunds"],
}
"""What to ask the gateway's list for."""


class Shelf(NamedTuple):
    """The pieces of one product."""

    available: int
    taken: int
    stocked: int

    @classmethod
    def of(cls, product: Item) -> "Shelf":
        return cls(*(product[field] for field in cls._fields))


class Books(Protocol):
    """What there is to look at, of a `LiveSystem` or of anything that answers like one."""

    def order(self, order_id: str) -> Item: ...
    def ledger(self, order_id: str) -> dict[str, int]: ...
    def shelf(self, product_id: str) -> Shelf: ...
    def all_intents(self) -> dict[str, list[stripe.PaymentIntent]]: ...


def assert_money_is_exact(
    shop: Books, order_id: str, book: Mapping[str, list[stripe.PaymentIntent]] | None = None
) -> None:
    """Captured exactly once if it is paid, nothing held or kept otherwise; ledger = gateway.

    `book` is the gateway's own list (`shop.all_intents()`), for tests with many orders.
    """
    order, ledger = shop.order(order_id), shop.ledger(order_id)
    intents = (shop.all_intents() if book is None else book).get(order_id, [])
    assert len(intents) <= 1, "one intent per order"
    received = sum(intent.amount_received for intent in intents)
    refunded = sum(map(given_back, intents))
    if order["status"] in PAID:
        assert not refunded
        assert received == order["total"] == ledger["CAPTURE"] == ledger["AUTHORIZE"]
        assert not {"RELEASE", "REFUND", "DECLINE"} & ledger.keys()
        return
    held = [intent.id for intent in intents if intent.status == "requires_capture"]
    assert not held, "nothing is held for an order that was refused"
    assert received == refunded == ledger.get("CAPTURE", 0) == ledger.get("REFUND", 0)
    assert ledger.get("AUTHORIZE", 0) == ledger.get("RELEASE", 0) + ledger.get("CAPTURE", 0)


def given_back(intent: stripe.PaymentIntent) -> int:
    """What the gateway's own list of refunds says; the charge's refunds are expanded."""
    charge = intent.latest_charge
    if not isinstance(charge, stripe.Charge) or not charge.refunds:
        return 0
    return sum(each.amount for each in charge.refunds.data if each.status == "succeeded")


def assert_stock_is_exact(shop: Books, order_id: str, product_id: str, initial: int) -> None:
    """Sold if it is paid, back on the shelf otherwise. `product_id` is this order's alone."""
    order, sold = shop.order(order_id), 0
    assert_stock_fits_status(order)
    if order["status"] in PAID:
        sold = sum(line["quantity"] for line in order["lines"] if line["productId"] == product_id)
    assert shop.shelf(product_id) == Shelf(initial - sold, sold, initial)


def assert_stock_fits_status(order: Item) -> None:
    """An order at rest holds stock if it is paid, and no other does."""
    assert (order.get("stock") == "TAKEN") == (order["status"] in PAID), order

"""The payment gateway fails while customers order; then it is back, and the reconciler alone drives."""

import random
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import pytest

from handlers.adapters.items import Item
from handlers.domain.clock import timestamp
from tests.support.invariants import (
    Shelf,
    assert_money_is_exact,
    assert_stock_fits_status,
)
from tests.support.live_system import Customer, LiveSystem

_LEFT = 5  # pieces of the product that more customers want
_AT_ONCE = 8
_LOOKS = 3
_PATIENCE = 120  # seconds; three orders a second are started
_PAST = "2026-01-01T00:00:00.000Z"


@dataclass(frozen=True)
class Case:
    """So many orders of a kind, and how they end without any outage."""

    orders: int
    ends: Counter[tuple[str, str]]
    scarce: bool = False
    order: dict[str, object] = field(default_factory=dict)


CASES = [
    Case(32, Counter({("CONFIRMED", ""): 32})),
    Case(
        8,
        Counter({("REJECTED", "PAYMENT_DECLINED"): 8}),
        order={"card": "pm_card_chargeDeclined"},
    ),
    Case(
        16,
        Counter({("CONFIRMED", ""): _LEFT, ("REJECTED", "OUT_OF_STOCK"): 16 - _LEFT}),
        scarce=True,
    ),
    Case(
        4,
        Counter({("REJECTED", "PRICE_CHANGED"): 4}),
        order={"expectedTotal": {"amount": 1998, "currency": "USD"}},
    ),
]
_MANY = sum(case.orders for case in CASES)


@dataclass(frozen=True)
class Outage:
    """What was ordered meanwhile: each order's case; a product with enough and one with too little."""

    ordered: dict[str, Case]
    plenty: str
    scarce: str


@pytest.fixture
def outage(shop: LiveSystem) -> Outage:
    """The gateway is back, and nothing has happened since. Every run met the outage."""
    plenty, scarce = shop.product(available=_MANY), shop.product(available=_LEFT)
    customers = [shop.customer() for _ in range(6)]
    cases = [case for case in CASES for _ in range(case.orders)]
    random.Random(5).shuffle(cases)

    def place(number: int) -> tuple[str, Case]:
        case, customer = cases[number], customers[number % len(customers)]
        return ordered(customer, case, scarce if case.scarce else plenty), case

    with shop.gateway_down():
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            placed = dict(pool.map(place, range(_MANY)))
        for order_id in placed:
            shop.until(order_id, lambda order: order["attempts"] > 0 or "dueAt" not in order)
    return Outage(placed, plenty, scarce)


def ordered(customer: Customer, case: Case, product: str) -> str:
    return customer.accepted({product: 1}, **case.order)


def driven(shop: LiveSystem, due: list[str]) -> list[str]:
    """Let the reconciler look at these orders; return those whose run failed, as on a busy machine."""
    since = timestamp()
    for order_id in due:
        shop.change(order_id, dueAt=_PAST)
    shop.reconcile()
    deadline = time.monotonic() + _PATIENCE
    while not all(is_over(order := shop.order(each), since) for each in due):
        assert time.monotonic() < deadline, f"not looked at: {order}"
        time.sleep(1)
    return [each for each in due if "dueAt" in shop.order(each)]


def is_over(order: Item, since: str) -> bool:
    """Whether the order's run has ended that was started after `since`."""
    return "dueAt" not in order or order["lastFault"]["at"] > since


def test_no_order_of_an_outage_is_lost_and_each_ends_as_if_there_had_been_none(
    shop: LiveSystem, outage: Outage
) -> None:
    waiting = [each for each in outage.ordered if "dueAt" in shop.order(each)]
    assert len(waiting) == _MANY - CASES[-1].orders, (
        "the price is checked before the gateway is asked"
    )
    assert {shop.order(each)["lastFault"]["state"] for each in waiting} == {"ProcessPayment"}
    still = waiting
    for _ in range(_LOOKS):
        still = driven(shop, still)
    assert still == []

    found = {each: shop.order(each) for each in outage.ordered}
    ends = {id(case): Counter[tuple[str, str]]() for case in CASES}
    book = shop.all_intents()
    for order_id, order in found.items():
        ends[id(outage.ordered[order_id])][order["status"], order.get("reason", "")] += 1
        assert_money_is_exact(shop, order_id, book)
        assert_stock_fits_status(order)
        assert order["attention"] == {}
    assert list(ends.values()) == [case.ends for case in CASES]
    sold = CASES[0].orders
    assert shop.shelf(outage.plenty) == Shelf(_MANY - sold, sold, _MANY)
    assert shop.shelf(outage.scarce) == Shelf(0, _LEFT, _LEFT)

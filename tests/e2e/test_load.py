"""The local cloud under load: more orders at once than functions may run, and all end right."""

import random
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bench.processes import resident
from local import shop as local_shop
from localcloud.instance import running
from localcloud.ports import free_port
from tests.support.invariants import assert_money_is_exact
from tests.support.live_system import Customer, LiveSystem

_ORDERS, _AT_ONCE, _BOUND = 120, 40, 4
_LARGEST = 1.5 * 1024**3  # bytes resident in all
_POLL = 0.5  # seconds between two looks of one client
_PATIENCE = 90  # seconds that a client follows one order; only a broken system needs them
_PRICE, _STOCK = 1000, 1000


@dataclass(frozen=True)
class Case:
    """What a customer does, and how it must end."""

    end: tuple[str, str | None]
    sold_out: bool = False
    card: str = "pm_card_visa"
    expected: int = _PRICE


_CASES = [
    Case(("CONFIRMED", None)),
    Case(("REJECTED", "PAYMENT_DECLINED"), card="pm_card_chargeDeclined"),
    Case(("REJECTED", "PAYMENT_DECLINED"), card="pm_card_chargeDeclinedInsufficientFunds"),
    Case(("REJECTED", "OUT_OF_STOCK"), sold_out=True),
    Case(("REJECTED", "PRICE_CHANGED"), expected=_PRICE - 1),
]


@dataclass(frozen=True)
class Seen:
    """One order as its customer saw it; `answers` are the HTTP statuses of all requests for it."""

    order_id: str
    end: tuple[str, str | None]
    answers: list[int]


@pytest.fixture
def state_dir(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture
def bounded(state_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LiveSystem]:
    """A shop on a local cloud that runs at most `_BOUND` functions at once."""
    monkeypatch.setenv("LOCAL_TOTAL_CONCURRENCY", str(_BOUND))
    try:
        yield LiveSystem(local_shop.up("dev", state_dir=state_dir, port=free_port()))
    finally:
        running.down(state_dir)


def test_orders_beyond_the_bound_wait_their_turn_and_all_end_right(
    bounded: LiveSystem, state_dir: Path
) -> None:
    product, sold_out = (bounded.product(available=each, price=_PRICE) for each in (_STOCK, 0))
    customers = [bounded.customer() for _ in range(10)]
    cases = _CASES * (_ORDERS // len(_CASES))
    random.Random(3).shuffle(cases)

    def shop_for(number: int) -> Seen:
        case = cases[number]
        wanted = sold_out if case.sold_out else product
        return follow(customers[number % len(customers)], wanted, case)

    with resident(state_dir) as sizes, ThreadPoolExecutor(_AT_ONCE) as pool:
        seen = list(pool.map(shop_for, range(_ORDERS)))

    assert Counter(status for each in seen for status in each.answers).keys() == {200, 202}
    assert [each.end for each in seen] == [case.end for case in cases]
    confirmed = assert_exact(bounded, [each.order_id for each in seen])
    assert bounded.available(product) == _STOCK - confirmed
    assert_one_mail_each(bounded, customers, [each.order_id for each in seen])
    assert max(size.ours for size in sizes) < _LARGEST


def follow(customer: Customer, product: str, case: Case) -> Seen:
    """Place one order and look at it until it rests, with its receipt if it was paid."""
    total = {"amount": case.expected, "currency": "USD"}
    placed = customer.place({product: 1}, card=case.card, expectedTotal=total)
    answers, order_id = [placed.status], placed.json()["orderId"]
    deadline = time.monotonic() + _PATIENCE
    while True:
        time.sleep(_POLL)
        answer = customer.request("GET", f"/api/orders/{order_id}")
        answers.append(answer.status)
        order: dict[str, Any] = answer.json()
        end = (order.get("status", ""), order.get("reason"))
        if end[0] == "REJECTED" or order.get("receiptAvailable") or time.monotonic() > deadline:
            return Seen(order_id, end, answers)


def assert_exact(shop: LiveSystem, order_ids: list[str]) -> int:
    """Each order is at rest with its money exact; how many were paid."""
    book = shop.all_intents()
    confirmed = 0
    for order_id in order_ids:
        order = shop.settled(order_id)
        assert order["attention"] == {}
        assert_money_is_exact(shop, order_id, book)
        confirmed += order["status"] == "CONFIRMED"
    return confirmed


def assert_one_mail_each(shop: LiveSystem, customers: list[Customer], order_ids: list[str]) -> None:
    def texts() -> list[str]:
        return [mail["BodyText"] for each in customers for mail in shop.mails(each.email)]

    shop.until(order_ids[0], lambda _: len(texts()) >= len(order_ids))
    mails = texts()
    assert [sum(each in mail for mail in mails) for each in order_ids] == [1] * len(order_ids)

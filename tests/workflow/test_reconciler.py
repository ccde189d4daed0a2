"""The reconciler alone brings an order to rest, whatever has stopped its run, and beside the runs
that a customer's repeated requests start.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from handlers.adapters import workflow
from handlers.domain.clock import timestamp
from tests.support.database import ORDER_ID, Item, as_stored
from tests.support.driven_shop import ASKING, STOCK, DrivenShop
from tests.support.in_process_system import InProcessSystem
from tests.support.interleaving_scheduler import Call
from tests.support.invariants import Shelf
from tests.support.kill_plans import KillPlan, Moment, Way, plans


@pytest.fixture
def shop(in_process: InProcessSystem, monkeypatch: pytest.MonkeyPatch) -> DrivenShop:
    return DrivenShop(in_process, monkeypatch)


@dataclass(frozen=True)
class Case:
    """An order before the run that dies, and its only end."""

    status: str
    end: tuple[str, str]
    stock: int = STOCK
    order: dict[str, Any] = field(default_factory=dict)
    happened: Callable[[DrivenShop], object] = lambda shop: None
    within: timedelta = timedelta(minutes=5)

    def opened(self, shop: DrivenShop) -> None:
        if self.status == "AWAITING_PAYMENT":
            shop.reached(self.status, paymentMethod=ASKING)
        else:
            shop.opened(self.status, self.stock, **self.order)
        self.happened(shop)


def approves(shop: DrivenShop) -> None:
    shop.at_the_bank("approve")


def refuses(shop: DrivenShop) -> None:
    shop.at_the_bank("refuse")


def cancels(shop: DrivenShop) -> None:
    shop.are_driven = False
    assert shop.customer.request("POST", f"/api/orders/{ORDER_ID}/cancel").status == 202
    shop.are_driven = True


def approves_and_cancels(shop: DrivenShop) -> None:
    approves(shop)
    cancels(shop)


def lets_the_time_pass(shop: DrivenShop) -> None:
    shop.system.change(ORDER_ID, approveBy=timestamp(), dueAt=timestamp())


AWAITING, CANCELLED = "AWAITING_PAYMENT", ("CANCELLED", "")
CASES = {
    "good card": Case("RECEIVED", ("CONFIRMED", "")),
    "declined card": Case(
        "RECEIVED",
        ("REJECTED", "PAYMENT_DECLINED"),
        order={"paymentMethod": "pm_card_chargeDeclined"},
    ),
    "price changed": Case("RECEIVED", ("REJECTED", "PRICE_CHANGED"), order={"total": 1}),
    "sold out at the deduction": Case("VALIDATED", ("REJECTED", "OUT_OF_STOCK"), stock=1),
    "cancelled": Case("CANCELLING", CANCELLED),
    "approved": Case(AWAITING, ("CONFIRMED", ""), happened=approves),
    "refused at the bank": Case(AWAITING, ("REJECTED", "PAYMENT_DECLINED"), happened=refuses),
    "cancelled while it waits": Case(AWAITING, CANCELLED, happened=cancels),
    "approved, then cancelled": Case(AWAITING, CANCELLED, happened=approves_and_cancels),
    "time to approve is over": Case(
        AWAITING,
        ("REJECTED", "PAYMENT_TIMEOUT"),
        happened=lets_the_time_pass,
        within=timedelta(minutes=15),  # the gateway has been back for ten
    ),
}


def opened(shop: DrivenShop, name: str) -> None:
    CASES[name].opened(shop)


def calls_of_a_run(shop: DrivenShop, name: str) -> list[Call]:
    calls: list[Call] = []
    for _ in range(2):  # the first run alone reads the gateway's key
        opened(shop, name)
        calls = shop.system.run("A").to_the_end().calls
    return calls


@pytest.mark.parametrize("name", CASES)
def test_wherever_a_run_dies_the_clock_alone_brings_its_order_to_rest_within_five_minutes(
    shop: DrivenShop, name: str, every_kill: bool
) -> None:
    """A function, the gateway's answer or the whole run is lost, once or twice."""
    case = CASES[name]
    for plan in plans(calls_of_a_run(shop, name), every=every_kill):
        opened(shop, name)
        run = shop.system.run(f"{ORDER_ID}-1")
        run.killer = plan
        run.to_the_end()
        try:
            looks = shop.driven_to_rest()
            assert shop.end() == case.end
            assert shop.waited <= case.within
            assert looks <= (2 if case.within == Case.within else 8)
        except AssertionError as error:
            raise AssertionError(f"{plan}\n{run.told()}") from error


@pytest.mark.parametrize("name", CASES)
def test_wherever_the_reconcilers_own_runs_die_the_next_ones_go_on(
    shop: DrivenShop, name: str
) -> None:
    """Each run is killed at the same call, as by an outage of what it calls, until the third."""
    for number in range(len(calls_of_a_run(shop, name))):
        opened(shop, name)
        shop.are_driven = False
        for _ in range(3):
            if "dueAt" in shop.order:
                shop.minute_when_due()
                shop.runs[-1].killer = KillPlan({number: Moment.AFTER}, Way.RUN)
                shop.runs[-1].to_the_end()
        shop.are_driven = True
        shop.driven_to_rest()
        assert shop.end() == CASES[name].end


def test_an_order_at_rest_is_never_looked_at(shop: DrivenShop) -> None:
    opened(shop, "good card")
    shop.driven_to_rest()
    before, runs = shop.order, len(shop.runs)
    shop.reconciler.minute()
    assert (shop.order, len(shop.runs)) == (before, runs)


def test_a_customers_repeated_request_between_two_reconcilers_has_no_effect_of_its_own(
    shop: DrivenShop,
) -> None:
    """The three runs cross at every call of the first: it stands there while the others drive."""
    steps = len(calls_of_a_run(shop, "good card"))
    for first in range(steps):
        for second in range(0, steps, 3):
            opened(shop, "good card")
            shop.are_driven = False
            shop.minute_when_due()
            shop.runs[0].to(first)
            assert workflow.start(ORDER_ID, "1-202611221025")
            shop.runs[1].to(second)
            if "dueAt" in shop.order:
                shop.minute_when_due()
            for run in reversed(shop.runs):
                run.to_the_end()
            assert {run.execution.status for run in shop.runs} == {"SUCCEEDED"}
            shop.are_driven = True
            assert shop.driven_to_rest() == 0
            assert shop.end() == ("CONFIRMED", "")
            assert shop.system.shelf("mug") == Shelf(STOCK - 2, 2, STOCK)


def test_an_order_that_no_run_can_read_or_note_a_fault_of_is_listed_with_its_cause(
    shop: DrivenShop,
) -> None:
    """Each run dies at its first call, so no fault is counted; the time in the status tells."""
    opened(shop, "good card")
    shop.are_driven = False
    while shop.order["attention"] == {}:
        shop.minute_when_due()
        shop.runs[-1].killer = KillPlan({0: Moment.BEFORE}, Way.RUN)
        shop.runs[-1].to_the_end()
        assert len(shop.runs) < 30
    order = shop.order
    assert (order["attempts"], order["attention"].keys()) == (0, {"STUCK"})
    assert 5 < len(shop.runs) < 20
    shop.are_driven = True
    shop.driven_to_rest()
    assert shop.end() == ("CONFIRMED", "")
    assert shop.order["attention"] == {}
    assert "attentionShard" not in shop.order


def awaiting(shop: DrivenShop) -> Item:
    """The order after a run, with a card whose bank asks the customer."""
    shop.reached("AWAITING_PAYMENT", paymentMethod=ASKING)
    return shop.order


def test_looks_leave_a_customer_the_time_to_approve_and_none_comes_after_it(
    shop: DrivenShop,
) -> None:
    before = awaiting(shop)
    for _ in range(3):
        shop.system.put("orders", as_stored(shop.order | {"dueAt": before["createdAt"]}))
        shop.reconciler.minute()
        after = shop.order
        assert timestamp() < after["dueAt"] <= after["approveBy"]
        assert after == before | {"dueAt": after["dueAt"]}


def test_a_payment_that_its_customer_never_approves_ends_in_time_by_looks_alone(
    shop: DrivenShop,
) -> None:
    awaiting(shop)
    shop.driven_to_rest()
    assert shop.end() == ("REJECTED", "PAYMENT_TIMEOUT")
    assert shop.order["attention"] == {}

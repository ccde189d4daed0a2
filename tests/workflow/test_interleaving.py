"""Two runs of one order, crossed at every pair of moments: A goes to a point, B goes to a point,
A goes to its end, B goes to its end. Each point is just before a call that leaves the process,
also inside a step: every call of A is crossed with every call of B, and what they go on with is
what they read before the other one moved.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count, pairwise
from typing import Any

import pytest

from handlers.adapters.items import Item
from handlers.adapters.payment_gateway import gateway
from handlers.domain.order import TRANSITIONS, OrderStatus
from handlers.workflow import process_payment
from handlers.workflow.step import Step
from tests.support.asl_interpreter import MAX_ATTEMPTS, Handler
from tests.support.database import ORDER_ID
from tests.support.in_process_system import InProcessSystem
from tests.support.interleaving_scheduler import Run
from tests.support.invariants import assert_money_is_exact, assert_stock_is_exact

Instead = Mapping[str, Handler]
End = tuple[str, str | None]
ORDER = (f"ORDER#{ORDER_ID}", "ORDER")
STOCK = 2  # all of it is what the order wants


def raises(event: dict[str, Any], context: object) -> dict[str, Any]:
    raise RuntimeError("broken for a test")


def holds_and_dies(event: dict[str, Any], context: object) -> dict[str, Any]:
    """The money is held, and nobody has written it down."""
    process_payment._intent(Step.of(event))
    return raises(event, context)


def charges_and_dies(event: dict[str, Any], context: object) -> dict[str, Any]:
    """The money is charged, and nobody has written it down."""
    order = Step.of(event).order
    gateway().capture(order["orderId"], order["payment"]["intentId"])
    return raises(event, context)


def nothing(shop: InProcessSystem) -> None:
    """What usually happens meanwhile."""


def bank_ends_the_hold(shop: InProcessSystem) -> None:
    for intent in shop.all_intents()[ORDER_ID]:
        if intent.status in ("requires_confirmation", "requires_capture"):
            shop.api.v1.payment_intents.cancel(intent.id)


def its_time_is_over(shop: InProcessSystem) -> None:
    shop.change(ORDER_ID, createdAt="2026-01-01T00:00:00.000Z")


@dataclass(frozen=True)
class Scenario:
    """`ends`: the legal ends, status and reason; each of them comes about. `dies`: the step that an earlier run got to.

    `a`, `b`: the handlers that A or B has instead of the real ones. `meanwhile` happens as A
    stands.
    """

    ends: set[End]
    status: str = "RECEIVED"
    stock: int = STOCK
    order: dict[str, Any] = field(default_factory=dict)
    dies: str = ""
    a: Instead = field(default_factory=dict)
    b: Instead = field(default_factory=dict)
    meanwhile: Callable[[InProcessSystem], None] = nothing


CONFIRMED = ("CONFIRMED", None)
GIVEN_UP = {CONFIRMED, ("REJECTED", "SYSTEM_FAULT")}
FLAGS = {"order": {"attempts": MAX_ATTEMPTS - 1}}  # the next fault tells operators


def faults(step: str, handler: Handler, **base: Any) -> dict[str, Scenario]:
    """One of the two runs faults at `step`, and operators are told."""
    return {
        f"B faults at {step}": Scenario({CONFIRMED}, **base, b={step: handler}, **FLAGS),
        f"A faults at {step}": Scenario({CONFIRMED}, **base, a={step: handler}, **FLAGS),
    }


SCENARIOS = {
    "good card, last pieces": Scenario({CONFIRMED}),
    "declined card": Scenario(
        {("REJECTED", "PAYMENT_DECLINED")}, order={"paymentMethod": "pm_card_chargeDeclined"}
    ),
    "out of stock at the deduction": Scenario(
        {("REJECTED", "OUT_OF_STOCK")}, status="VALIDATED", stock=1
    ),
    "the bank ends the hold": Scenario(
        {CONFIRMED, ("REJECTED", "AUTHORIZATION_EXPIRED")},
        status="VALIDATED",
        meanwhile=bank_ends_the_hold,
    ),
    **faults("validate_order", raises),
    **faults("process_payment", holds_and_dies, status="VALIDATED"),
    **faults("update_inventory", raises, status="VALIDATED"),
    **faults("capture_payment", charges_and_dies, status="VALIDATED"),
    "its time is over": Scenario(GIVEN_UP, meanwhile=its_time_is_over),
    "its time is over, money held": Scenario(
        GIVEN_UP, status="VALIDATED", dies="update_inventory", meanwhile=its_time_is_over
    ),
}


def crossings(shop: InProcessSystem, scenario: Scenario) -> Iterator[tuple[str, Run, Run]]:
    """Every pair of points, with both runs standing. A run that has not called yet is nowhere, so
    B makes its first call at least.
    """
    for i in count(1):
        for j in count(2):
            shop.opened(scenario.status, scenario.stock, **scenario.order)
            if scenario.dies:
                shop.run("before", {scenario.dies: raises}).to_the_end()
            a, b = shop.run("A", scenario.a).to(i), shop.run("B", scenario.b)
            a_is_over = a.ended
            scenario.meanwhile(shop)
            b_is_over = b.to(j).ended
            yield f"A stands before call {i}, B before call {j}", a, b
            if a_is_over:
                return
            if b_is_over:
                break


@pytest.mark.parametrize("name", SCENARIOS)
def test_two_runs_have_one_effect_wherever_they_cross(
    in_process: InProcessSystem, name: str
) -> None:
    scenario = SCENARIOS[name]
    ends = set[End]()
    for where, a, b in crossings(in_process, scenario):
        try:
            ends.add(end_of(in_process, scenario, a, b))
        except AssertionError as error:
            raise AssertionError(f"{where}\n{a.told()}\n{b.told()}") from error
    assert ends == scenario.ends


def end_of(shop: InProcessSystem, scenario: Scenario, a: Run, b: Run) -> End:
    """How the order has ended, once a later run has seen to it. All that must hold holds."""
    a.to_the_end()
    after_a = shop.look()
    b.to_the_end()
    if "dueAt" not in after_a[ORDER]:
        assert shop.look() == after_a, "an order at rest stays as it is"
    for run in (a, b):
        assert refused_and_repeated(run) == []
        assert set(run.execution.retried) <= {"RuntimeError"}, "only what is broken for a test"
    if not (scenario.a or scenario.b):
        assert [run.execution.status for run in (a, b)] == ["SUCCEEDED"] * 2
        assert "dueAt" not in shop.look()[ORDER]
    shop.run("C").to_the_end()
    at_rest = shop.look()
    order = shop.order(ORDER_ID)
    assert "dueAt" not in order
    assert_timeline_is_legal(order, scenario.status)
    assert_money_is_exact(shop, ORDER_ID)
    for product in ("mug", "pen"):
        assert_stock_is_exact(shop, ORDER_ID, product, scenario.stock)
    if order["status"] == "CONFIRMED":
        assert order["attention"] == {}
    else:
        assert "CAPTURE" not in shop.ledger(ORDER_ID), "charged, and given back"
    shop.run("D").to_the_end()
    assert shop.look() == at_rest
    return order["status"], order.get("reason")


def assert_timeline_is_legal(order: Item, start: str) -> None:
    statuses = [OrderStatus(entry["status"]) for entry in order["timeline"]]
    assert (statuses[0], statuses[-1]) == (start, order["status"])
    assert all(after in TRANSITIONS[before] for before, after in pairwise(statuses))


def refused_and_repeated(run: Run) -> list[str]:
    """The writes that a step made again after they were refused."""
    return [
        first.asks
        for position, first in enumerate(run.calls)
        for again in run.calls[position + 1 :]
        if first.refused and (again.visit, again.asks) == (first.visit, first.asks)
    ]

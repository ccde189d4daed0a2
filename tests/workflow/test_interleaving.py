"""Two runs of one order, crossed at every pair of moments: A goes to a point, B goes to a point,
A goes to its end, B goes to its end. Each point is just before a call that leaves the process, so
every call of A falls before and after every call of B, also inside a step.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count, pairwise
from typing import Any

import pytest

from handlers.adapters.items import Item
from handlers.adapters.stripe_gateway import StripeGateway
from handlers.domain.order import TRANSITIONS, OrderStatus
from handlers.workflow import process_payment
from handlers.workflow.step import Step
from tests.handlers.database import ORDER_ID
from tests.invariants import assert_money_is_exact, assert_stock_is_exact
from tests.workflow.baton import Run
from tests.workflow.in_process import InProcessShop
from tests.workflow.stepper import MAX_ATTEMPTS, Handler

Instead = Mapping[str, Handler]
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
    StripeGateway().capture(order["orderId"], order["payment"]["intentId"])
    return raises(event, context)


def nothing(shop: InProcessShop) -> None:
    """Happens while A stands."""


def bank_ends_the_hold(shop: InProcessShop) -> None:
    for intent in shop.all_intents()[ORDER_ID]:
        if intent.status in ("requires_confirmation", "requires_capture"):
            shop.api.v1.payment_intents.cancel(intent.id)


@dataclass(frozen=True)
class Scenario:
    """`ends`: the legal ends, status and reason. `before`: what an earlier run dies of.

    `a`, `b`: the handlers that A or B has instead of the real ones.
    """

    ends: set[tuple[str, str | None]]
    status: str = "RECEIVED"
    stock: int = STOCK
    order: dict[str, Any] = field(default_factory=dict)
    before: Instead = field(default_factory=dict)
    a: Instead = field(default_factory=dict)
    b: Instead = field(default_factory=dict)
    meanwhile: Callable[[InProcessShop], None] = nothing


CONFIRMED = ("CONFIRMED", None)
GIVEN_UP = {CONFIRMED, ("REJECTED", "SYSTEM_FAULT")}
LAST_BUT_ONE = {"attempts": MAX_ATTEMPTS - 2}


def last_attempt(step: str, handler: Handler, ends: set[tuple[str, str | None]]) -> dict[str, Scenario]:
    """One of the two runs faults at `step`, and that was the last attempt."""
    base = {"ends": ends, "order": LAST_BUT_ONE, "before": {step: raises}}
    return {
        f"B gives up at {step}": Scenario(**base, b={step: handler}),
        f"A gives up at {step}": Scenario(**base, a={step: handler}),
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
    **last_attempt("validate_order", raises, GIVEN_UP),
    **last_attempt("process_payment", holds_and_dies, GIVEN_UP),
    **last_attempt("update_inventory", raises, GIVEN_UP),
    **last_attempt("capture_payment", charges_and_dies, {CONFIRMED}),
}


def crossings(shop: InProcessShop, scenario: Scenario) -> Iterator[tuple[str, Run, Run]]:
    """Every pair of points, with both runs at their ends."""
    for i in count():
        for j in count(1):
            shop.opened(scenario.status, scenario.stock, **scenario.order)
            if scenario.before:
                shop.run("before", scenario.before).to_the_end()
            a, b = shop.run("A", scenario.a).to(i), shop.run("B", scenario.b)
            a_is_over = a.ended
            scenario.meanwhile(shop)
            b_is_over = b.to(j).ended
            a.to_the_end()
            b.to_the_end()
            yield f"A stood before effect {i}, B before effect {j}", a, b
            if a_is_over or b_is_over:
                break
        if a_is_over:
            return


@pytest.mark.parametrize("name", SCENARIOS)
def test_two_runs_have_one_effect_wherever_they_cross(in_process: InProcessShop, name: str) -> None:
    scenario = SCENARIOS[name]
    pairs = 0
    for where, a, b in crossings(in_process, scenario):
        pairs += 1
        try:
            check(in_process, scenario, a, b)
        except AssertionError as error:
            raise AssertionError(f"{where}\n{told(a)}\n{told(b)}") from error
    print(name, pairs)
    assert pairs > 30


def check(shop: InProcessShop, scenario: Scenario, a: Run, b: Run) -> None:
    for run in (a, b):
        assert refused_and_repeated(run) == []
        if not (scenario.a or scenario.b):
            assert run.execution.status == "SUCCEEDED"
    shop.look()
    if not (scenario.a or scenario.b):
        assert "dueAt" not in shop.order(ORDER_ID)
    shop.run("C").to_the_end()
    at_rest = shop.look()
    order = shop.order(ORDER_ID)
    assert "dueAt" not in order
    assert (order["status"], order.get("reason")) in scenario.ends
    assert_timeline_is_legal(order, scenario.status)
    assert_money_is_exact(shop, ORDER_ID)
    for product in ("mug", "pen"):
        assert_stock_is_exact(shop, ORDER_ID, product, scenario.stock)
    if order["status"] == "CONFIRMED":
        assert "attention" not in order
    shop.run("D").to_the_end()
    assert shop.look() == at_rest


def assert_timeline_is_legal(order: Item, start: str) -> None:
    statuses = [OrderStatus(entry["status"]) for entry in order["timeline"]]
    assert (statuses[0], statuses[-1]) == (start, order["status"])
    assert all(after in TRANSITIONS[before] for before, after in pairwise(statuses))


def refused_and_repeated(run: Run) -> list[str]:
    """The writes that were made again in the same visit of a state after they were refused."""
    return [
        first.asks
        for position, first in enumerate(run.calls)
        for again in run.calls[position + 1 :]
        if first.refused and (again.visit, again.asks) == (first.visit, first.asks)
    ]


def told(run: Run) -> str:
    calls = [f"  {n} {c.state} {c.name}{' refused' * c.refused}" for n, c in enumerate(run.calls)]
    return "\n".join([f"{run.execution.name}: {run.execution.status}", *calls])

"""Two calls of the reconciler at once, with a request of the customer or an event of the gateway
between them: each stands at each of its calls while the others go on. Together they start one run
for one due date, and the order has one end.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import combinations_with_replacement, count, permutations, product

import pytest

from handlers.domain import order as order_module
from handlers.domain.clock import timestamp
from handlers.domain.order import OPEN_SHARDS, OrderRequest, new_order
from tests.support.database import ORDER_ID, as_stored
from tests.support.driven_shop import ASKING, DrivenShop
from tests.support.in_process_system import InProcessSystem
from tests.support.interleaving_scheduler import Actor
from tests.support.kill_plans import KillPlan, Moment, Way

REQUEST: OrderRequest = {
    "lines": [{"productId": "mug", "quantity": 2}, {"productId": "pen", "quantity": 1}],
    "expectedTotal": {"amount": 2801, "currency": "USD"},
    "paymentMethod": "pm_card_visa",
}
LISTS = len(OPEN_SHARDS)
LOOKS = (1, LISTS + 1, LISTS + 2, LISTS + 3, LISTS + 4)
"""The points of a reconciler's call: before it lists what is due, reads, takes and starts, and its end."""

Happens = Callable[[DrivenShop], object]


@pytest.fixture
def shop(in_process: InProcessSystem, monkeypatch: pytest.MonkeyPatch) -> DrivenShop:
    monkeypatch.setattr(order_module, "order_id", lambda customer_id, key: ORDER_ID)
    return DrivenShop(in_process, monkeypatch)


def placed(shop: DrivenShop) -> None:
    """As POST has left it, whose run was lost."""
    order = new_order("customer-anna", "anna@example.com", "k", REQUEST, datetime.now(UTC))
    shop.opened("RECEIVED")
    shop.system.put("orders", as_stored({**order, "dueAt": timestamp()}))


def waiting(shop: DrivenShop) -> None:
    shop.reached("AWAITING_PAYMENT", paymentMethod=ASKING)
    shop.system.change(ORDER_ID, dueAt=timestamp())


def approved(shop: DrivenShop) -> None:
    waiting(shop)
    shop.at_the_bank("approve")


def sends_again(shop: DrivenShop) -> None:
    assert shop.customer.place(REQUEST, "k").status == 202


def cancels(shop: DrivenShop) -> None:
    answer = shop.customer.request("POST", f"/api/orders/{ORDER_ID}/cancel")
    assert answer.status == 202


def event_comes(shop: DrivenShop) -> None:
    shop.receives(shop.events()[-1])


@dataclass(frozen=True)
class Scenario:
    """`between` makes `calls` calls at most, the last of which starts a run."""

    opened: Happens
    between: Happens
    calls: int
    end: tuple[str, str]


CONFIRMED, CANCELLED = ("CONFIRMED", ""), ("CANCELLED", "")
SCENARIOS = {
    "the request is sent again": Scenario(placed, sends_again, 2, CONFIRMED),
    "the customer cancels": Scenario(waiting, cancels, 3, CANCELLED),
    "the customer approves, then cancels": Scenario(approved, cancels, 3, CANCELLED),
    "the gateway's event comes": Scenario(approved, event_comes, 3, CONFIRMED),
}


def crossings(
    shop: DrivenShop, scenario: Scenario, every: bool
) -> Iterator[tuple[list[Actor], list[int]]]:
    """Two reconcilers and the request or event, each at one of its points, in the order in which
    they then go to their ends: for each three points one of the orders in turn, or `every` one.
    """
    ways = list(permutations(range(3)))
    points = product(
        combinations_with_replacement(LOOKS, 2),  # the two reconcilers are alike
        range(1, scenario.calls + 2),
    )
    for number, ((first, second), between) in enumerate(points):
        for ends in ways if every else [ways[number % len(ways)]]:
            scenario.opened(shop)
            shop.are_driven = False
            actors = [
                Actor("reconciler", shop.reconciler.minute).to(first),
                Actor("another reconciler", shop.reconciler.minute).to(second),
                Actor("between", lambda: scenario.between(shop)).to(between),
            ]
            yield [actors[each] for each in ends], [first, second, between]


@pytest.mark.parametrize("name", SCENARIOS)
def test_two_reconcilers_and_what_comes_between_them_have_one_effect(
    shop: DrivenShop, name: str, every_kill: bool
) -> None:
    scenario = SCENARIOS[name]
    for actors, points in crossings(shop, scenario, every_kill):
        try:
            for actor in actors:
                actor.to_the_end()
            names = [run.name for run in shop.runs]
            assert len(set(names)) == len(names), names
            assert len(names) <= (3 if scenario.between is cancels else 2)
            for run in shop.runs:
                run.to(2)
            for run in reversed(shop.runs):
                run.to_the_end()
            assert {run.execution.status for run in shop.runs} == {"SUCCEEDED"}
            shop.are_driven = True
            assert shop.driven_to_rest() == 0
            assert shop.end() == scenario.end
            assert shop.order["attention"] == {}
            assert len(shop.mails()) == 1
        except AssertionError as error:
            told = "\n".join(each.told() for each in [*actors, *shop.runs])
            raise AssertionError(f"{points}\n{told}") from error


DIE = {name: each for name, each in SCENARIOS.items() if each.opened is not waiting}


@pytest.mark.parametrize("dies", ["the reconciler", "what comes beside it"])
@pytest.mark.parametrize("name", DIE)
def test_wherever_what_starts_a_run_dies_the_clock_alone_brings_the_order_to_rest(
    shop: DrivenShop, name: str, dies: str
) -> None:
    scenario = DIE[name]
    work = shop.reconciler.minute if dies == "the reconciler" else partial(scenario.between, shop)
    for number in count():
        scenario.opened(shop)
        shop.are_driven, shop.waited = False, timedelta()
        killed = Actor(dies, work)
        killed.killer = KillPlan({number: Moment.AFTER}, Way.RUN)
        killed.to_the_end()
        shop.are_driven = True  # what was started is lost
        assert shop.driven_to_rest() == 1, killed.told()
        assert shop.waited <= timedelta(minutes=5), killed.told()
        cancelled = shop.order["status"] == "CANCELLED"
        assert shop.end() == (CANCELLED if cancelled else CONFIRMED)
        if not killed.is_gone:
            return

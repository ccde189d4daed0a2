"""Models of a busy day, without a cloud: many orders against the gateway's rate limit, many buyers
of one product. They use the code's own pauses and the definition's own retries; nothing is given up
for load alone.
"""

import heapq
import random
import threading
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import pytest
from botocore.exceptions import ClientError

from handlers.adapters import conditions, stripe_requests
from handlers.adapters.conditions import Contended, transact
from handlers.domain.clock import timestamp
from handlers.domain.order import OPEN_SHARDS
from tests.support.asl_interpreter import MAX_AGE_MINUTES
from tests.support.database import a_recent_order, as_stored
from tests.support.in_process_system import InProcessSystem
from tests.support.order_paths import states
from tests.support.reconciliation import Reconciler

PER_ENDPOINT, IN_ALL = 25, 100  # requests a second, live mode: https://docs.stripe.com/rate-limits
STEPS = ("create", "confirm", "capture")
ANSWERS = 0.2, 0.6  # seconds that a request takes, at least and at most


class Limiter:
    """A bucket of tokens that fills at `rate` a second and holds one second of it."""

    def __init__(self, rate: float):
        self._rate, self._tokens, self._at = rate, rate, 0.0

    def admits(self, at: float) -> bool:
        self._tokens = min(self._rate, self._tokens + (at - self._at) * self._rate)
        self._at = at
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True


def state_machines_pauses(state: str) -> list[float]:
    """The longest pauses before the state's tries that follow on one that was told to wait."""
    [busy] = [rule for rule in states()[state]["Retry"] if "Contended" in rule["ErrorEquals"]]
    rate, first = busy["BackoffRate"], busy["IntervalSeconds"]
    return [first * rate**number for number in range(busy["MaxAttempts"])]


class Day(NamedTuple):
    """How old each order was, in seconds, when it was captured, and which were told to wait (429);
    both by the number of its arrival.
    """

    ages: dict[int, float]
    told_to_wait: set[int]


def driven(arrivals: list[float], chance: random.Random) -> Day:
    endpoints, whole = {step: Limiter(PER_ENDPOINT) for step in STEPS}, Limiter(IN_ALL)
    pauses = state_machines_pauses("CapturePayment")
    # When; whose turn, the step, the tries of the state and of the adapter, since when.
    waiting: list[tuple[float, int, int, int, int, float]] = [
        (at, number, 0, 0, 0, at) for number, at in enumerate(arrivals)
    ]
    heapq.heapify(waiting)
    day = Day({}, set())
    while waiting:
        now, number, step, tries, asked, since = heapq.heappop(waiting)
        if whole.admits(now) and endpoints[STEPS[step]].admits(now):
            if step + 1 == len(STEPS):
                day.ages[number] = now - arrivals[number]
                continue
            then = now + chance.uniform(*ANSWERS)
            heapq.heappush(waiting, (then, number, step + 1, 0, 0, then))
            continue
        day.told_to_wait.add(number)
        longest = min(stripe_requests._LONGEST_PAUSE, stripe_requests._SHORTEST_PAUSE * 2**asked)
        pause = chance.uniform(0, longest)
        if now + pause - since <= stripe_requests._PATIENCE_SECONDS:
            heapq.heappush(waiting, (now + pause, number, step, tries, asked + 1, since))
        elif tries < len(pauses):
            then = now + chance.uniform(0, pauses[tries])
            heapq.heappush(waiting, (then, number, step, tries + 1, 0, then))
        else:  # noted, and looked at again: RecordFault
            then = now + chance.uniform(0.75, 1.25) * max(
                60, min(180, (now - arrivals[number]) / 4)
            )
            heapq.heappush(waiting, (then, number, step, 0, 0, then))
    return day


@pytest.mark.parametrize(
    ("orders", "within"), [(3000, 60), (2000, 5)], ids=["50 a second", "due after an outage"]
)
def test_orders_beyond_the_gateways_rate_are_all_captured_and_none_grows_too_old(
    orders: int, within: int
) -> None:
    chance = random.Random(7)
    ages = driven([chance.uniform(0, within) for _ in range(orders)], chance).ages
    assert len(ages) == orders
    assert max(ages.values()) < MAX_AGE_MINUTES * 60 / 2


OUTAGE, LIVE = 500, 20  # orders that are due after an outage; orders of customers a second


@pytest.fixture
def starts(in_process: InProcessSystem, monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """When the reconciler starts the runs of an outage's orders, in seconds after its first call."""
    in_process.opened("REJECTED", 1, dueAt=timestamp(datetime.now(UTC) + timedelta(hours=1)))
    for number in range(OUTAGE):
        due = {"orderId": f"ORDER{number:03}", "openShard": OPEN_SHARDS[number % 10]}
        in_process.put("orders", as_stored(a_recent_order("VALIDATED", **due)))
    reconciler = Reconciler(monkeypatch)
    for minute in range(5):
        reconciler.clock.now = minute * 60
        reconciler.minute()
    assert Counter(reconciler.started) == {f"ORDER{number:03}": 1 for number in range(OUTAGE)}
    return reconciler.machine.times


def test_the_orders_of_an_outage_are_all_started_in_five_minutes_three_a_second_at_most(
    starts: list[float],
) -> None:
    assert max(starts) < 5 * 60
    assert min(fourth - first for first, fourth in zip(starts, starts[3:], strict=False)) >= 0.99


def test_the_orders_of_an_outage_leave_what_the_gateway_takes_to_customers(
    starts: list[float],
) -> None:
    told, placed = 0, 0
    for seed in range(5):
        chance = random.Random(seed)
        live = [chance.uniform(0, max(starts)) for _ in range(LIVE * int(max(starts)))]
        day = driven(live + starts, chance)
        assert len(day.ages) == len(live) + OUTAGE
        told += sum(number < len(live) for number in day.told_to_wait)
        placed += len(live)
    assert told < placed / 100


class HotItem:
    """A DynamoDB that holds an item for 12 ms in each transaction, and cancels another one meanwhile."""

    _HOLDS = 0.012

    def __init__(self) -> None:
        self._held = threading.Lock()

    def transact_write_items(self, **_: Any) -> None:
        if not self._held.acquire(blocking=False):
            response: Any = {
                "Error": {"Code": "TransactionCanceledException", "Message": ""},
                "CancellationReasons": [{"Code": "None"}, {"Code": "TransactionConflict"}],
            }
            raise ClientError(response, "TransactWriteItems")
        try:
            time.sleep(self._HOLDS)
        finally:
            self._held.release()


def test_two_hundred_buyers_of_one_product_all_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    hot = HotItem()
    monkeypatch.setattr(conditions, "client", lambda service: hot)
    pauses = state_machines_pauses("UpdateInventory")
    ends: Counter[str] = Counter()
    start = threading.Barrier(200)

    def buy() -> None:
        start.wait()
        for pause in [*pauses, 0.0]:
            try:
                transact([{}])
            except Contended:
                time.sleep(random.uniform(0, pause))
            else:
                ends["taken"] += 1
                return
        ends["left for a later run"] += 1

    buyers = [threading.Thread(target=buy) for _ in range(200)]
    for buyer in buyers:
        buyer.start()
    for buyer in buyers:
        buyer.join()
    assert ends == {"taken": 200}

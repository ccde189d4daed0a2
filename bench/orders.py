"""The kinds of orders that are measured one by one: times and log as they are, then calls and capacity."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bench.counting import Counted, counted
from bench.function_logs import Activity, activity
from bench.item_size import Item, item_size
from bench.run import Run
from bench.system import SOLD_OUT, Placed
from bench.yardstick_stack import NAME

TIMED = 12  # orders of each kind, for times and log
_PAUSE = 0.4  # seconds; longer than an order takes, mail included
_READ_UNIT = 4096  # bytes; the emulator counts a read as one unit, so no item may be larger


@dataclass(frozen=True)
class Kind:
    """What is ordered, and how it is paid."""

    lines: int = 1
    card: str = "pm_card_visa"
    sold_out: bool = False

    def place(self, run: Run) -> Placed:
        """POST one."""
        products = [SOLD_OUT] if self.sold_out else run.cloud.products[: self.lines]
        return run.cloud.place(products, self.card)


KINDS = {
    "1 line": Kind(),
    "3 lines": Kind(lines=3),
    "5 lines": Kind(lines=5),
    "card declined": Kind(card="pm_card_chargeDeclined"),
    "out of stock": Kind(sold_out=True),
}
YARDSTICK_LINES = (1, 3)


@dataclass(frozen=True)
class Timed:
    """What the functions did over `TIMED` orders, the gateway's calls in one, the runs' milliseconds."""

    functions: Mapping[str, Activity]
    gateway_calls: float
    runs: Sequence[float]


@dataclass(frozen=True)
class Made:
    """What one order took, and every row that it left."""

    counted: Counted
    rows: Sequence[Item]

    @property
    def order(self) -> Item:
        """The order's own item."""
        return next(row for row in self.rows if row["sk"]["S"] == "ORDER")


def timed(run: Run, kind: Kind) -> Timed:
    """Place `TIMED` orders, one by one."""
    run.cloud.settle()
    since = time.time()
    runs: list[float] = []
    for _ in range(TIMED):
        placed = kind.place(run)
        time.sleep(_PAUSE)
        events = run.cloud.run_of(placed.order_id)
        runs.append(1000 * (events[-1]["timestamp"] - events[0]["timestamp"]).total_seconds())
    run.cloud.settle()
    ours = activity(run.cloud.aws, run.cloud.functions(), since)
    gateway = activity(run.cloud.aws, run.cloud.gateway(), since)
    return Timed(ours, sum(each.calls for each in gateway.values()) / TIMED, runs)


def timed_yardstick(run: Run, lines: int) -> Timed:
    """The same of the yardstick, which has no gateway."""
    since = time.time()
    for _ in range(TIMED):
        run.yardstick.order(lines, look=_PAUSE / 2)
    return Timed(activity(run.cloud.aws, run.yardstick.functions(), since), 0, [])


def made(run: Run, kind: Kind) -> Made:
    """Place one order, with the counters around the handlers."""
    since = time.time()
    placed = kind.place(run)
    run.cloud.settle()
    done = activity(run.cloud.aws, run.cloud.functions(), since)
    rows = run.cloud.rows(placed.order_id)
    largest = max(map(item_size, rows))
    if largest > _READ_UNIT:
        raise RuntimeError(f"an item of {largest} bytes costs more reads than are counted")
    return Made(counted(done, run.cloud.run_of(placed.order_id)), rows)


def made_yardstick(run: Run, lines: int) -> Made:
    """The same of the yardstick."""
    since = time.time()
    ended = run.yardstick.order(lines, look=_PAUSE / 2)
    done = activity(run.cloud.aws, run.yardstick.functions(), since)
    history = run.cloud.aws.stepfunctions.get_execution_history(
        executionArn=run.yardstick.machine.replace(":stateMachine:", ":execution:")
        + f":{ended.order_id}",
        maxResults=1000,
    )["events"]
    key = {"OrderId": {"S": ended.order_id}}
    row = run.cloud.aws.dynamodb.get_item(TableName=f"{NAME}-orders", Key=key)["Item"]
    return Made(counted(done, history), [row])

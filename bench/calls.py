"""What one order takes: calls to AWS and to the payment gateway, capacity, log, billed time."""

import time
from collections.abc import Mapping, Sequence
from typing import Any

from bench.counting import Counted, ask_the_machine, count_from_now_on, counted
from bench.figures import Figure, Section, at_most, exactly, table, told
from bench.function_logs import Activity, activity
from bench.item_size import Item, item_size
from bench.run import Run
from bench.spread import median
from bench.usage import (
    Usage,
    beside_the_workflow,
    express,
    of_counts,
    of_functions,
    of_storage,
    standard,
)
from bench.yardstick_stack import NAME

_TIMED = 20  # orders, for times and log
_PAUSE = 0.4  # seconds; longer than an order takes, mail included
_READ_UNIT = 4096  # bytes; the emulator counts a read as one unit, so no item may be larger
_LONG = 5  # lines
_MAIL = "send-email"
_API = "order-api-customers"


def measure(run: Run) -> Section:
    """Times and log first, as the system is; then the calls, with a counter around the handlers."""
    ours, gateway, runs = _timed_system(run)
    original = _timed_yardstick(run)
    count_from_now_on(run.cloud.aws, run.cloud.functions())
    ask_the_machine(run.cloud.aws, run.cloud.outputs["stateMachineArn"])
    count_from_now_on(run.cloud.aws, run.yardstick.functions())
    _, _, _ = _count_system(run, 1), _count_system(run, 1), _count_yardstick(run)  # caches fill
    (one, rows), (long, long_rows) = _count_system(run, 1), _count_system(run, _LONG)
    plain, plain_rows = _count_yardstick(run)
    receipts = {"Bucket": run.cloud.outputs["receiptsBucketName"]}
    common = of_functions(ours, _TIMED, "arm64") | beside_the_workflow()
    size = _a_size(run, receipts)
    short = common | of_counts(one) | of_storage(rows, _index_entries(rows), size)
    many = common | of_counts(long) | of_storage(long_rows, _index_entries(long_rows), size)
    run.usage["EXPRESS"] = short | express(runs)
    run.usage["STANDARD"] = short | standard(one)
    run.usage[f"EXPRESS, {_LONG} lines"] = many | express(runs)
    run.usage["yardstick"] = _yardstick_usage(run, original, plain, plain_rows)
    return Section(
        "What one order takes",
        figures=_figures(one, plain, gateway, rows),
        text=_TEXT + _calls(one, plain) + _amounts(run.usage, ours, original),
    )


def _timed_system(run: Run) -> tuple[dict[str, Activity], float, list[float]]:
    """What the functions did over `_TIMED` orders, gateway calls of one, and the runs' milliseconds."""
    run.cloud.settle()
    since = time.time()
    runs: list[float] = []
    for _ in range(_TIMED):
        placed = run.cloud.place()
        time.sleep(_PAUSE)
        events = run.cloud.run_of(placed.order_id)
        runs.append(1000 * (events[-1]["timestamp"] - events[0]["timestamp"]).total_seconds())
    run.cloud.settle()
    ours = activity(run.cloud.aws, run.cloud.functions(), since)
    gateway = activity(run.cloud.aws, run.cloud.gateway(), since)
    return ours, sum(each.calls for each in gateway.values()) / _TIMED, runs


def _timed_yardstick(run: Run) -> dict[str, Activity]:
    since = time.time()
    for _ in range(_TIMED):
        run.yardstick.order(look=_PAUSE / 2)
    return activity(run.cloud.aws, run.yardstick.functions(), since)


def _count_system(run: Run, lines: int) -> tuple[Counted, Sequence[Item]]:
    since = time.time()
    placed = run.cloud.place(lines)
    run.cloud.settle()
    done = activity(run.cloud.aws, run.cloud.functions(), since)
    rows = run.cloud.rows(placed.order_id)
    largest = max(map(item_size, rows))
    if largest > _READ_UNIT:
        raise RuntimeError(f"an item of {largest} bytes costs more reads than are counted")
    return counted(done, run.cloud.run_of(placed.order_id)), rows


def _count_yardstick(run: Run) -> tuple[Counted, Sequence[Item]]:
    since = time.time()
    ended = run.yardstick.order(look=_PAUSE / 2)
    done = activity(run.cloud.aws, run.yardstick.functions(), since)
    history = run.cloud.aws.stepfunctions.get_execution_history(
        executionArn=run.yardstick.machine.replace(":stateMachine:", ":execution:")
        + f":{ended.order_id}",
        maxResults=1000,
    )["events"]
    key = {"OrderId": {"S": ended.order_id}}
    row = run.cloud.aws.dynamodb.get_item(TableName=f"{NAME}-orders", Key=key)["Item"]
    return counted(done, history), [row]


def _yardstick_usage(
    run: Run, original: Mapping[str, Activity], plain: Counted, rows: Sequence[Item]
) -> Usage:
    size = _a_size(run, {"Bucket": f"{NAME}-receipts"})
    used = of_functions(original, _TIMED, "x86_64") | of_counts(plain) | standard(plain)
    return used | of_storage(rows, [], size)


def _a_size(run: Run, bucket: Mapping[str, str]) -> int:
    """Bytes of a receipt."""
    return run.cloud.aws.s3.list_objects_v2(**bucket, MaxKeys=1)["Contents"][0]["Size"]


def _index_entries(rows: Sequence[Item]) -> list[Item]:
    """What stays of the order in the index byCustomer, which holds keys alone."""
    keys = ("pk", "sk", "customerId", "createdAt")
    return [{key: row[key] for key in keys} for row in rows if "customerId" in row]


def _figures(one: Counted, plain: Counted, gateway: float, rows: Sequence[Item]) -> list[Figure]:
    post = next(calls for name, calls in one.calls.items() if name.endswith(_API))
    mail = next(calls.total() for name, calls in one.calls.items() if name.endswith(_MAIL))
    order = next(row for row in rows if row["sk"]["S"] == "ORDER")
    return [
        exactly("POST takes", _post(post), "1 write, 1 start"),
        at_most("AWS calls of our functions, a whole order", one.in_all, 16, ""),
        at_most("AWS calls of our functions, without mail", one.in_all - mail, 13, ""),
        told("AWS calls of the state machine itself", len(one.direct), ""),
        told("Yardstick: AWS calls of its functions", plain.in_all, ""),
        at_most("Payment gateway calls", gateway, 3, ""),
        told("Write units", one.write_units, ""),
        told("Read units", one.read_units, ""),
        told("Size of the order's item at its end", item_size(order), "bytes"),
        told("States entered", one.transitions, ""),
    ]


def _post(calls: Mapping[str, int]) -> str:
    """`1 write, 1 start`, and whatever else there is by its name."""
    named = {"dynamodb:PutItem": "write", "stepfunctions:StartExecution": "start"}
    return ", ".join(f"{count} {named.get(name, name)}" for name, count in sorted(calls.items()))


def _listed(calls: Mapping[str, int]) -> str:
    return ", ".join(name if n == 1 else f"{name} x {n}" for name, n in sorted(calls.items()))


def _calls(one: Counted, plain: Counted) -> str:
    def short(name: str) -> str:
        return name.removeprefix("orders-dev-").removeprefix("order-workflow-")

    rows = [[short(name), _listed(calls)] for name, calls in one.calls.items()]
    rows.append(["the state machine itself", ", ".join(one.direct)])
    rows += [[name, _listed(calls)] for name, calls in plain.calls.items()]
    return table(["function", "its AWS calls for one order"], rows, numbers=False) + "\n\n"


def _amounts(
    usage: Mapping[str, Usage], ours: Mapping[str, Activity], original: Mapping[str, Activity]
) -> str:
    def billed(done: Mapping[str, Activity]) -> str:
        return f"{sum(sum(each.milliseconds) for each in done.values()) / _TIMED:.0f} ms"

    both: list[Any] = [usage["EXPRESS"], usage[f"EXPRESS, {_LONG} lines"], usage["yardstick"]]
    rows = [
        ["write units", *(f"{each['dynamodb-write']:g}" for each in both)],
        ["read units", *(f"{each['dynamodb-read']:g}" for each in both)],
        ["function calls", *(f"{each['lambda-request']:g}" for each in both)],
        ["time of all functions", billed(ours), "not timed", billed(original)],
        ["log", *(f"{each['logs-gb'] * 1024**2:.1f} KB" for each in both)],
        ["kept in DynamoDB", *(f"{each['dynamodb-gb-month'] * 1024**3:.0f} B" for each in both)],
    ]
    slowest = max(ours.items(), key=lambda each: sum(each[1].milliseconds))
    note = f"{slowest[0]} takes the most of the time, {median(slowest[1].milliseconds):.0f} ms."
    return table(["one order", "one line", f"{_LONG} lines", "yardstick"], rows) + f"\n\n{note}"


_TEXT = f"""\
Times and log are from {_TIMED} orders as they are, placed one by one. Then a counter goes around every
handler: a hook of botocore that notes each call with its tries and asks DynamoDB for the consumed
capacity. The emulator counts writes by AWS's rules (a unit for each started KB of the larger of old
and new item, twice in a transaction, once for each index entry that is written, removed or moved);
reads are a unit for each item, since none is over 4 KB. The order has a name, an address and a product name of
usual lengths; above 1 KB its item costs one unit more at each write, two in a transaction, as with {_LONG}
lines. The payment secret is cached for five minutes, so
a warm function does not read it. The mock payment service is not part of these numbers.

"""

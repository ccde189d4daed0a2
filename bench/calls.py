"""What one order takes: calls to AWS and to the payment gateway, capacity, log, billed time."""

from collections.abc import Mapping, Sequence

from bench.counting import ask_the_machine, count_from_now_on
from bench.figures import Figure, Section, at_most, exactly, table, told
from bench.function_logs import Activity
from bench.item_size import Item, item_size
from bench.orders import (
    KINDS,
    TIMED,
    YARDSTICK_LINES,
    Made,
    Timed,
    made,
    made_yardstick,
    timed,
    timed_yardstick,
)
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

USUAL = "1 line"
_MAIL = "send-email"
_API = "order-api-customers"
_WRITE_LIMITS = {"1 line": 21, "3 lines": 27}
_ITEM_LIMIT = 850  # bytes, with one line


def measure(run: Run) -> Section:
    """Times and log first, as the system is; then the calls, with a counter around the handlers."""
    for kind in KINDS.values():  # the functions' processes start
        run.cloud.run_of(kind.place(run).order_id)
    run.yardstick.order()
    ours = {name: timed(run, kind) for name, kind in KINDS.items()}
    original = {lines: timed_yardstick(run, lines) for lines in YARDSTICK_LINES}
    count_from_now_on(run.cloud.aws, run.cloud.functions())
    ask_the_machine(run.cloud.aws, run.cloud.outputs["stateMachineArn"])
    count_from_now_on(run.cloud.aws, run.yardstick.functions())
    for _ in range(2):  # caches fill
        for kind in KINDS.values():
            made(run, kind)
    counted = {name: made(run, kind) for name, kind in KINDS.items()}
    made_yardstick(run, 1)
    plain = {lines: made_yardstick(run, lines) for lines in YARDSTICK_LINES}
    _note_usage(run, ours, counted)
    _note_yardstick(run, original, plain)
    return Section(
        "What one order takes",
        figures=_figures(ours[USUAL], counted, plain[1]),
        text=_TEXT + _calls(counted, plain[1]) + _amounts(run.usage, ours, original, counted),
    )


def _note_usage(run: Run, ours: Mapping[str, Timed], counted: Mapping[str, Made]) -> None:
    receipt = _a_size(run, {"Bucket": run.cloud.outputs["receiptsBucketName"]})
    for name, order in counted.items():
        used = of_functions(ours[name].functions, TIMED, "arm64") | beside_the_workflow()
        used |= of_counts(order.counted)
        used |= of_storage(order.rows, _index_entries(order.rows), receipt * bool(used["s3-put"]))
        run.usage[name] = used | express(ours[name].runs)
        if name == USUAL:
            run.usage["STANDARD"] = used | standard(order.counted)


def _note_yardstick(run: Run, original: Mapping[int, Timed], plain: Mapping[int, Made]) -> None:
    receipt = _a_size(run, {"Bucket": f"{NAME}-receipts"})
    for lines, order in plain.items():
        used = of_functions(original[lines].functions, TIMED, "x86_64")
        used |= of_counts(order.counted) | standard(order.counted)
        run.usage[yardstick(lines)] = used | of_storage(order.rows, [], receipt)


def yardstick(lines: int) -> str:
    """Return the name of the yardstick's usage with so many lines."""
    return "yardstick" if lines == 1 else f"yardstick, {lines} lines"


def _a_size(run: Run, bucket: Mapping[str, str]) -> int:
    """Bytes of a receipt."""
    return run.cloud.aws.s3.list_objects_v2(**bucket, MaxKeys=1)["Contents"][0]["Size"]


def _index_entries(rows: Sequence[Item]) -> list[Item]:
    """What stays of the order in the index byCustomer, which holds keys alone."""
    keys = ("pk", "sk", "customerId", "createdAt")
    return [{key: row[key] for key in keys} for row in rows if "customerId" in row]


def _figures(usual: Timed, counted: Mapping[str, Made], plain: Made) -> list[Figure]:
    one = counted[USUAL].counted
    post = next(calls for name, calls in one.calls.items() if name.endswith(_API))
    mail = next(calls.total() for name, calls in one.calls.items() if name.endswith(_MAIL))
    return [
        exactly("POST takes", _post(post), "1 write, 1 start"),
        at_most("AWS calls of our functions, a whole order", one.in_all, 13, "", _EVENT),
        at_most("AWS calls of our functions, without mail", one.in_all - mail, 9, "", _EVENT),
        told("AWS calls of the state machine itself", len(one.direct), ""),
        told("Yardstick: AWS calls of its functions", plain.counted.in_all, ""),
        at_most("Payment gateway calls", usual.gateway_calls, 3, ""),
        *(_writes(name, order.counted.write_units) for name, order in counted.items()),
        told("Read units", one.read_units, ""),
        *(_size(name, item_size(order.order)) for name, order in counted.items()),
        told("States entered", one.transitions, ""),
    ]


def _writes(kind: str, units: float) -> Figure:
    name = "Write units" if kind == USUAL else f"Write units, {kind}"
    limit = _WRITE_LIMITS.get(kind)
    return at_most(name, units, limit, "", _MANY_WRITES) if limit else told(name, units, "")


def _size(kind: str, size: int) -> Figure:
    name = "Size of the order's item at its end"
    if kind == USUAL:
        return at_most(name, size, _ITEM_LIMIT, "bytes", _MANY_WRITES)
    return told(f"{name}, {kind}", size, "bytes")


def _post(calls: Mapping[str, int]) -> str:
    """`1 write, 1 start`, and whatever else there is by its name."""
    named = {"dynamodb:PutItem": "write", "stepfunctions:StartExecution": "start"}
    return ", ".join(f"{count} {named.get(name, name)}" for name, count in sorted(calls.items()))


def _listed(calls: Mapping[str, int]) -> str:
    return ", ".join(name if n == 1 else f"{name} x {n}" for name, n in sorted(calls.items()))


def _calls(counted: Mapping[str, Made], plain: Made) -> str:
    def short(name: str) -> str:
        return name.removeprefix("orders-dev-").removeprefix("order-workflow-")

    one = counted[USUAL].counted
    rows = [[short(name), _listed(calls)] for name, calls in one.calls.items()]
    rows.append(["the state machine itself", ", ".join(one.direct)])
    rows += [[name, _listed(calls)] for name, calls in plain.counted.calls.items()]
    return table(["function", "its AWS calls for one order"], rows, numbers=False) + "\n\n"


def _amounts(
    usage: Mapping[str, Usage],
    ours: Mapping[str, Timed],
    original: Mapping[int, Timed],
    counted: Mapping[str, Made],
) -> str:
    every = {**ours, **{yardstick(lines): each for lines, each in original.items()}}

    def amounts(unit: str, form: str, scale: float = 1) -> list[str]:
        return [form.format(usage[name][unit] * scale) for name in every]

    def billed(done: Mapping[str, Activity]) -> str:
        return f"{sum(sum(each.milliseconds) for each in done.values()) / TIMED:.0f} ms"

    sizes = [f"{item_size(order.order)} B" for order in counted.values()]
    rows = [
        ["write units", *amounts("dynamodb-write", "{:g}")],
        ["read units", *amounts("dynamodb-read", "{:g}")],
        ["order's item at its end", *sizes, *("–" for _ in original)],
        ["function calls", *amounts("lambda-request", "{:g}")],
        ["time of all functions", *(billed(each.functions) for each in every.values())],
        ["log", *amounts("logs-gb", "{:.1f} KB", 1024**2)],
        ["kept in DynamoDB", *amounts("dynamodb-gb-month", "{:.0f} B", 1024**3)],
    ]
    functions = ours[USUAL].functions.items()
    slowest = max(functions, key=lambda each: sum(each[1].milliseconds))
    note = f"{slowest[0]} takes the most of the time, {median(slowest[1].milliseconds):.0f} ms."
    return table(["one order", *every], rows) + f"\n\n{note}"


_EVENT = (
    "The webhook reads the order for the event that its payment is held; only an order that waits for "
    "its customer is woken."
)
_MANY_WRITES = (
    "Each status is a write, and a transaction counts twice. An item above 1 KB costs a unit more at each "
    "write, two in a transaction."
)
_TEXT = f"""\
Times and log are from {TIMED} orders of each kind as they are, placed one by one. Then a counter goes around
every handler: a hook of botocore that notes each call with its tries and asks DynamoDB for the consumed
capacity (`ReturnConsumedCapacity`), as the state machine's own calls are told to. The emulator counts writes by
AWS's rules (a unit for each started KB of the larger of old and new item, twice in a transaction, once for each
index entry that is written, removed or moved); reads are a unit for each item, since none is over 4 KB, and
half a unit for the count of the customer's earlier orders, which may be stale. A write that its condition
refuses is a unit for each item, and two in a transaction, which is assumed. The order has a name, an address
and product names of usual lengths. A declined card is refused by the gateway when it is to hold the money; what
is out of stock is refused when the order is validated, before the card is touched. The payment secret is cached
for five minutes, so a warm function does not read it. The mock payment service is not part of these numbers.
The yardstick's order of three lines is one order of its six functions, each line read and deducted by itself.

"""

"""One order at a time: when it is answered, when it is confirmed, when its run is over."""

import time
from collections.abc import Mapping, Sequence

from bench.figures import Section, at_most, table, told
from bench.plots import Dots, dots
from bench.run import Run
from bench.spread import between, median
from bench.system import left

ORDERS = 40
_WARM = 5
_PAUSE = 0.35  # seconds; longer than an order takes on a quiet machine, mail included
_POST, _CONFIRMED = "POST answered", "CONFIRMED"
_LIMITS = {_POST: 15, _CONFIRMED: 100}  # ms


def measure(run: Run) -> Section:
    """Place orders here and at the yardstick by turns; nobody looks at them meanwhile."""
    for _ in range(_WARM):
        _yardstick(run)
        _order(run)
    orders: list[tuple[float, float, float]] = []
    original: list[float] = []
    for number in range(ORDERS):
        if number % 2:
            original.append(_yardstick(run))
        orders.append(_order(run))
        if not number % 2:
            original.append(_yardstick(run))
    run.cloud.settle()
    posts, confirmed, whole = (list(each) for each in zip(*orders, strict=True))
    measured = {
        _POST: posts,
        _CONFIRMED: confirmed,
        "run over, receipt stored": whole,
        "yardstick: run over": original,
    }
    return Section(
        "One order at a time",
        figures=[
            at_most("POST answered, median", median(posts), _LIMITS[_POST], "ms", _SLOW),
            at_most(
                "CONFIRMED after POST is sent, median",
                median(confirmed),
                _LIMITS[_CONFIRMED],
                "ms",
                _SLOW,
            ),
            told("Yardstick: start to end, median", median(original), "ms"),
        ],
        text=_TEXT + _table(measured),
        plots={"latency.svg": _plot(measured)},
    )


def _order(run: Run) -> tuple[float, float, float]:
    """Milliseconds from sending POST to its answer, to CONFIRMED and to the end of the run."""
    placed = run.cloud.place()
    time.sleep(_PAUSE)
    events = run.cloud.run_of(placed.order_id)
    moments = (
        placed.answered,
        left(events, "CapturePayment"),
        events[-1]["timestamp"].timestamp(),
    )
    posted, confirmed, over = (1000 * (each - placed.sent) for each in moments)
    return posted, confirmed, over


def _yardstick(run: Run) -> float:
    ended = run.yardstick.order(look=_PAUSE)
    return 1000 * (ended.ended - ended.sent)


def _table(measured: Mapping[str, Sequence[float]]) -> str:
    rows = [
        [name, f"{median(each):.0f} ms", between(each, "ms")] for name, each in measured.items()
    ]
    return table(["since the request was sent", "median", "the middle half"], rows)


def _plot(measured: Mapping[str, Sequence[float]]) -> str:
    title = f"Milliseconds since the request, {ORDERS} orders each"
    return dots(title, [Dots(*each) for each in measured.items()], limits=_LIMITS, unit="ms")


_SLOW = (
    "The time is CPU time of the emulator and of the functions' processes, which share this "
    "machine's cores: a busy machine misses. Measure again on a quiet one."
)
_TEXT = """\
Orders and the yardstick's runs by turns, in alternating order, warm, one at a time. POST is timed by
the client; the later moments are those that the emulator notes in the run's history when a state is
left, so nobody has to poll. CONFIRMED is the end of `CapturePayment`: the money is charged and the
status written.

"""

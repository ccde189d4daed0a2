"""Many orders at once: how many a second, in how much memory, and whether any is lost."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from bench.figures import Figure, Section, at_least, at_most, table, told
from bench.plots import Bar, bars
from bench.processes import Used, resident, used
from bench.run import Run
from bench.spread import median
from bench.system import LOOK, Placed

AT_ONCE = 50
_ROUNDS = 3
_RATE_LIMIT = 12  # orders a second, of the system alone
_CPU_LIMIT, _ALL_CPU_LIMIT = 50, 110  # ms for an order
_MEMORY_LIMIT = 1.5  # GB
_GB = 1024**3


@dataclass(frozen=True)
class Batch:
    """Orders a second, and how many are lost. Processor time is in milliseconds for an order."""

    rate: float
    cpu: float
    all_cpu: float
    lost: int = 0


def measure(run: Run) -> Section:
    """Batches of the system and of the yardstick by turns, in alternating order."""
    with resident(run.cloud.state_dir) as alone:
        first = _system(run)  # it starts the functions' processes
    _yardstick(run)
    ours: list[Batch] = []
    original: list[Batch] = []
    with resident(run.cloud.state_dir) as together:
        for number in range(_ROUNDS):
            if number % 2:
                original.append(_yardstick(run))
            ours.append(_system(run))
            if not number % 2:
                original.append(_yardstick(run))
    lost = sum(batch.lost for batch in [first, *ours])
    memory = max(sizes.ours for sizes in [*alone, *together]) / _GB
    beside = max(sizes.yardstick for sizes in together) / _GB
    return Section(
        f"{AT_ONCE} orders at once",
        figures=[
            *_rates(ours, original),
            at_most(f"Orders lost, of {AT_ONCE * (_ROUNDS + 1)}", lost, 0, "", _LOST),
            at_most("Resident memory in all", memory, _MEMORY_LIMIT, "GB", _LARGE),
            told("Yardstick: memory of its functions' processes", beside, "GB"),
        ],
        text=_TEXT + _batches(first, ours, original),
        plots={"throughput.svg": _plot(ours, original)},
    )


def _rates(ours: list[Batch], original: list[Batch]) -> list[Figure]:
    mine, plain = (median([batch.rate for batch in batches]) for batches in (ours, original))
    cpu, plain_cpu = (median([batch.cpu for batch in batches]) for batches in (ours, original))
    all_cpu = median([batch.all_cpu for batch in ours])
    why = _SLOWER.format(cpu=cpu, all=all_cpu, plain=plain_cpu, most=1000 / cpu)
    return [
        at_least("Orders a second", mine, _RATE_LIMIT, "/s", why),
        told("Yardstick: orders a second", plain, "/s"),
        told("Orders a second against the yardstick", mine / plain, "x"),
        at_most("The emulator's processor time for an order", cpu, _CPU_LIMIT, "ms", why),
        at_most("Processor time of all processes for an order", all_cpu, _ALL_CPU_LIMIT, "ms", why),
        told("Yardstick: the emulator's processor time for an order", plain_cpu, "ms"),
    ]


def _system(run: Run) -> Batch:
    """From the first request to the last run's end.

    At its end an order is paid, its receipt is stored and nothing is due any more.
    """

    def customer(_: int) -> Placed:
        placed = run.cloud.place()
        run.cloud.follow(placed)
        return placed

    before = used(run.cloud.state_dir)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        placed = list(pool.map(customer, range(AT_ONCE)))
    run.cloud.settle()
    taken = used(run.cloud.state_dir).since(before)
    lost = [each for each in placed if not run.cloud.confirmed(each.order_id)]
    done = [each for each in placed if each not in lost]
    ends = [run.cloud.run_of(each.order_id)[-1]["timestamp"].timestamp() for each in done]
    took = max(ends) - min(each.sent for each in placed)
    return _batch(len(done) / took, taken, len(lost))


def _yardstick(run: Run) -> Batch:
    """From the first start to the last run's end."""
    yardstick = run.yardstick
    before = used(run.cloud.state_dir)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        ended = list(pool.map(lambda _: yardstick.order(), range(AT_ONCE)))
    taken = used(run.cloud.state_dir).since(before)
    took = max(each.ended for each in ended) - min(each.sent for each in ended)
    return _batch(AT_ONCE / took, taken)


def _batch(rate: float, taken: Used, lost: int = 0) -> Batch:
    each = 1000 / AT_ONCE
    return Batch(rate, taken.emulator * each, taken.processes * each, lost)


def _plot(ours: list[Batch], original: list[Batch]) -> str:
    rows = [Bar(f"system, batch {number}", each.rate) for number, each in enumerate(ours, 2)]
    rows += [
        Bar(f"yardstick, batch {number}", each.rate, 1) for number, each in enumerate(original, 2)
    ]
    return bars(f"Orders a second, {AT_ONCE} at once", rows, unit="/s")


def _batches(first: Batch, ours: list[Batch], original: list[Batch]) -> str:
    def system(batch: Batch) -> list[str]:
        return [f"{batch.rate:.1f}", f"{batch.cpu:.0f} ms", f"{batch.all_cpu:.0f} ms"]

    rows = [["1, processes start", *system(first), "", ""]] + [
        [
            str(number),
            *system(mine),
            f"{plain.rate:.1f}",
            f"{plain.cpu:.0f} ms",
        ]
        for number, (mine, plain) in enumerate(zip(ours, original, strict=True), 2)
    ]
    emulator = "emulator, an order"
    columns = [f"batch of {AT_ONCE}", "system, /s", emulator, "all processes, an order"]
    columns += ["yardstick, /s", emulator]
    return table(columns, rows)


_SLOWER = (
    "The time is processor time of the emulator, which is one Python process, and of the functions' processes, "
    "which share this machine's cores with it. It needs {cpu:.0f} ms for an order of the system, the customers' "
    "looks and the mock payment service included ({all:.0f} ms with all processes), and {plain:.0f} ms for one of "
    "the yardstick: so {most:.0f} a second is the most there is. An emulator that spends less on a request would "
    "reach more. AWS shares nothing of this."
)
_LARGE = "Each function runs twice at once; LOCAL_FUNCTION_CONCURRENCY=1 has fewer processes."
_LOST = "An accepted order must never be lost: this is a fault, look at the functions' logs."
_TEXT = f"""\
{AT_ONCE} customers at once, each with one order, of which each looks at its own every {LOOK:g} s until it has
its receipt; the yardstick's clients look as often. From the first request to the end of the last run,
by the emulator's clock. Batches by turns, in alternating order; mail goes out meanwhile, and a batch
starts when the mail of the one before is out. Memory and processor time of all processes are those of the
emulator and its functions' processes, pages that they share counted in each; the yardstick's functions are
not in them, nor are the clients. As many orders a second as the yardstick is no target: an order of the
yardstick is other, smaller work on the same emulator.

"""

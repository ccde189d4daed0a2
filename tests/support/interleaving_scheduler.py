"""Runs, and other work, that take turns: each stops before a call that leaves the process, until it
may go on.

A run has a thread of its own, but only one thread ever runs: whoever starts or continues a run
waits until that run stands again. So any moment of one run can be crossed with any of another,
without chance, over stores that aren't thread-safe.
"""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any, Protocol, Self

from tests.support.asl_interpreter import Execution, Handler, resources

_here = threading.local()
_PATIENCE = 30  # seconds; only a broken system needs them


@dataclass
class Call:
    """One call: which try of which visit of a state made it, what it asked for, and whether that
    was refused by a condition.
    """

    visit: tuple[int, int]
    state: str | None
    name: str
    asks: str
    refused: bool = False


class RunEnded(BaseException):
    """The run is gone. Not an Exception, so that no handler and no state catches it."""


class Killer(Protocol):
    """What may end a call, or the run, around the call of this number (from 0)."""

    def around(self, number: int, call: Call) -> AbstractContextManager[None]: ...


class Actor:
    """Whatever makes calls: its work goes only as far as it is let."""

    def __init__(self, name: str, work: Callable[[], object]):
        self.name = name
        self.calls: list[Call] = []
        self.killer: Killer | None = None
        self.ended = self.is_gone = False
        self._work = work
        self._point = 0
        self._broken: BaseException | None = None
        self._go, self._stands = threading.Semaphore(0), threading.Semaphore(0)
        self._thread = threading.Thread(target=self._run, daemon=True)

    def to(self, point: int) -> Self:
        """Let it go until it is about to make its call number `point` (0: before it starts), or
        has ended. What it has read by then may be stale when it goes on.
        """
        if self.ended or point <= self._point:
            return self
        self._point = point
        if not self._thread.is_alive():
            self._thread.start()
        else:
            self._go.release()
        assert self._stands.acquire(timeout=_PATIENCE), f"{self.name} does not end"
        if self._broken:
            raise self._broken
        return self

    def to_the_end(self) -> Self:
        return self.to(1_000)

    def _run(self) -> None:
        _here.run = self
        try:
            self._work()
        except RunEnded:
            self.is_gone = True
        except BaseException as error:
            self._broken = error
        finally:
            self.ended = True
            self._stands.release()

    def told(self) -> str:
        """Return its calls, a line for each, for the report of a failed test."""
        calls = [
            f"  {number} {call.state or ''} {call.name}{' refused' * call.refused}"
            for number, call in enumerate(self.calls)
        ]
        return "\n".join([self.name, *calls])

    def before(self, name: str, asks: str) -> Call:
        """It is about to make this call."""
        call = self._call(name, asks)
        self.calls.append(call)
        if len(self.calls) == self._point:
            self._stands.release()
            self._go.acquire()
        return call

    def _call(self, name: str, asks: str) -> Call:
        return Call((0, 0), None, name, asks)


class Run(Actor):
    """One run of the workflow for one order."""

    def __init__(
        self,
        machine: Mapping[str, Any],
        name: str,
        order_id: str,
        instead: Mapping[str, Handler] | None = None,
    ):
        data = {"orderId": order_id, "command": "process"}
        self.execution = Execution(machine, name, data, resources(instead or {}))
        super().__init__(name, self.execution.to_the_end)

    def told(self) -> str:
        status = "GONE" if self.is_gone else self.execution.status
        return f"{status}: {super().told()}"

    def _call(self, name: str, asks: str) -> Call:
        visit = len(self.execution.visited), self.execution.tries
        return Call(visit, self.execution.state, name, asks)


@contextmanager
def one_call(name: str, asks: str) -> Iterator[Call]:
    """What happens inside is one call of the current run, whatever else it calls.

    `asks` is what it asks for without what has the time in it. Outside of a run nothing stops.
    """
    run, _here.run = getattr(_here, "run", None), None
    try:
        call = run.before(name, asks) if run else Call((0, 0), None, name, asks)
        killer = run.killer if run else None
        with killer.around(len(run.calls) - 1, call) if run and killer else nullcontext():
            yield call
    finally:
        _here.run = run

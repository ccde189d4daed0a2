"""Patch: a bound on concurrent invocations, by queueing. MiniStack starts a process for each: 9.8 GB for 200 requests.

AWS would scale out instead; here a surplus call waits for its turn. Two kinds of call are outside the bound, because
their caller holds a place in it while it waits for them, which would end in a deadlock: nested invokes, and
functions with a Function URL, which other functions reach by HTTP.

While a call waits, the clock of the workflow's task that made it stands still: on AWS there is nothing to wait for.
"""

# The patches reach into what MiniStack keeps to itself; anchors.py checks that it is there.
# pyright: reportPrivateUsage=false

import contextvars
import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import wait
from typing import Any

from ministack.services import lambda_svc, stepfunctions

from localcloud.emulator import anchors
from localcloud.emulator.reused_threads import POOL

PER_FUNCTION = "LOCAL_FUNCTION_CONCURRENCY"
IN_TOTAL = "LOCAL_TOTAL_CONCURRENCY"
DEFAULTS = {PER_FUNCTION: "2", IN_TOTAL: "6"}


def apply() -> None:
    """Puts the bound around the dispatch of each invocation; its waiting time is not billed as duration."""
    anchors.has_parameters(
        lambda_svc, "_execute_function_dispatch", "func config event request_id started"
    )
    original: Callable[..., Any] = lambda_svc._execute_function_dispatch
    in_total = threading.BoundedSemaphore(_bound(IN_TOTAL))
    per_function: dict[str, threading.BoundedSemaphore] = {}
    lock = threading.Lock()

    def dispatch(func: Any, config: Any, event: Any, request_id: str, started: float) -> Any:
        if _is_awaited_by_a_function(config):
            return original(func, config, event, request_id, started)
        with lock:
            own = per_function.setdefault(
                config["FunctionName"], threading.BoundedSemaphore(_bound(PER_FUNCTION))
            )
        clock = _task_clock.get(None) or _Clock()
        clock.stop()
        with own, in_total:
            clock.go_on()
            return original(func, config, event, request_id, time.time())

    lambda_svc._execute_function_dispatch = dispatch
    _time_tasks_without_their_wait()


class _Clock:
    """The time that a task has taken, in seconds; it stands still while it is stopped. One thread stops it."""

    def __init__(self) -> None:
        # What it had taken when it last stopped, and since when it goes: one value, so that no reader sees half of it.
        self._state: tuple[float, float | None] = 0.0, time.monotonic()

    def stop(self) -> None:
        self._state = self.taken(), None

    def go_on(self) -> None:
        self._state = self._state[0], time.monotonic()

    def taken(self) -> float:
        before, since = self._state
        return before if since is None else before + time.monotonic() - since


_task_clock: contextvars.ContextVar[_Clock] = contextvars.ContextVar("task_clock")


def _time_tasks_without_their_wait() -> None:
    """As MiniStack does it, but for the clock: a task that ran out of time goes on, and nobody looks at its result."""
    anchors.has_parameters(
        stepfunctions, "_invoke_resource_with_timeout", "resource input_data timeout"
    )
    anchors.has_parameters(stepfunctions, "_invoke_resource", "resource input_data")

    def invoke(resource: Any, input_data: Any, timeout: float) -> Any:
        clock = _Clock()
        context = contextvars.copy_context()
        context.run(_task_clock.set, clock)
        invoke_resource: Callable[..., Any] = stepfunctions._invoke_resource
        task = POOL.submit(context.run, invoke_resource, resource, input_data)
        while (left := timeout - clock.taken()) > 0:
            if wait([task], timeout=left).done:
                return task.result()
        cause = f"Task timed out after {timeout} seconds"
        raise stepfunctions._ExecutionError("States.Timeout", cause)

    stepfunctions._invoke_resource_with_timeout = invoke


def _bound(name: str) -> int:
    return int(os.environ.get(name, DEFAULTS[name]))


def _is_awaited_by_a_function(config: Any) -> bool:
    nested = lambda_svc._invoke_depth.get() > 1
    return nested or config["FunctionName"] in lambda_svc._function_urls

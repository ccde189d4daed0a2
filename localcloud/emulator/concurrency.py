"""Patch: a bound on concurrent invocations, by queueing. MiniStack starts a process for each: 9.8 GB for 200 requests.

AWS would scale out instead; here a surplus call waits for its turn. Calls that a function may wait for are outside the
bound, because that function holds a place in it meanwhile, which would end in a deadlock: nested invokes, and functions
with a Function URL or behind API Gateway, which other functions reach by HTTP. Browsers may call an API many times at
once, so each function behind one has a bound of its own for these calls. It must not call itself through the API.

While a call waits, the clock of the workflow's task that made it stands still: on AWS there is nothing to wait for.
"""

# The patches reach into what MiniStack keeps to itself; anchors.py checks that it is there.
# pyright: reportPrivateUsage=false

import contextlib
import contextvars
import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import wait
from typing import Any, cast

from ministack.services import apigateway as untyped_apigateway
from ministack.services import apigateway_v1 as untyped_apigateway_v1
from ministack.services import lambda_svc, stepfunctions

from localcloud.emulator import anchors
from localcloud.emulator.reused_threads import POOL

apigateway, apigateway_v1 = cast(Any, untyped_apigateway), cast(Any, untyped_apigateway_v1)
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
    per_function: dict[tuple[str, bool], threading.BoundedSemaphore] = {}
    lock = threading.Lock()

    def dispatch(func: Any, config: Any, event: Any, request_id: str, started: float) -> Any:
        if _is_awaited_by_a_function(config):
            return original(func, config, event, request_id, started)
        by_api = _by_api.get()
        with lock:
            own = per_function.setdefault(
                (config["FunctionName"], by_api), threading.BoundedSemaphore(_bound(PER_FUNCTION))
            )
        clock = _task_clock.get(None) or _Clock()
        clock.stop()
        with own, contextlib.nullcontext() if by_api else in_total:
            clock.go_on()
            return original(func, config, event, request_id, time.time())

    lambda_svc._execute_function_dispatch = dispatch
    for gateway in (apigateway, apigateway_v1):
        anchors.source_contains(gateway, "async def handle_execute(")
        gateway.handle_execute = _marked(gateway.handle_execute)
    _time_tasks_without_their_wait()


_by_api: contextvars.ContextVar[bool] = contextvars.ContextVar("by_api", default=False)


def _marked(handle: Callable[..., Any]) -> Callable[..., Any]:
    """The gateway's handler, with what it invokes marked as such: its threads have a copy of the context."""

    async def handle_execute(*args: Any, **kwargs: Any) -> Any:
        _by_api.set(True)
        return await handle(*args, **kwargs)

    return handle_execute


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

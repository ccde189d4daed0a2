"""Patch: a bound on concurrent invocations, by queueing. MiniStack starts a process for each: 9.8 GB for 200 requests.

AWS would scale out instead; here a surplus call waits for its turn. Two kinds of call are outside the bound, because
their caller holds a place in it while it waits for them, which would end in a deadlock: nested invokes, and
functions with a Function URL, which other functions reach by HTTP.
"""

import os
import threading
import time
from typing import Any

from ministack.services import lambda_svc

from local.emulator import anchors

PER_FUNCTION = "LOCAL_FUNCTION_CONCURRENCY"
IN_TOTAL = "LOCAL_TOTAL_CONCURRENCY"
DEFAULTS = {PER_FUNCTION: "2", IN_TOTAL: "6"}


def apply() -> None:
    """Puts the bound around the dispatch of each invocation; its waiting time is not billed as duration."""
    anchors.has_parameters(
        lambda_svc, "_execute_function_dispatch", "func config event request_id started"
    )
    original = lambda_svc._execute_function_dispatch
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
        with own, in_total:
            return original(func, config, event, request_id, time.time())

    lambda_svc._execute_function_dispatch = dispatch


def _bound(name: str) -> int:
    return int(os.environ.get(name, DEFAULTS[name]))


def _is_awaited_by_a_function(config: Any) -> bool:
    nested = lambda_svc._invoke_depth.get() > 1
    return nested or config["FunctionName"] in lambda_svc._function_urls

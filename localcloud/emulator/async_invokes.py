"""Patch: events of rules, schedules and topics invoke a function as `Event` invokes do: a failure is tried again as the
function's configuration says, then goes to its on-failure destination. MiniStack calls the function once.

Patch: an asynchronous invocation that is throttled waits for its turn. MiniStack counts a throttle as a failure; Lambda
keeps the event in its queue: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
"""

import contextvars
import json
import logging
import time
from collections.abc import Callable
from typing import Any, cast

from ministack.services import eventbridge as untyped_eventbridge
from ministack.services import lambda_svc as untyped_lambda_svc
from ministack.services import sns as untyped_sns

from localcloud.emulator import anchors
from localcloud.emulator.stand_in import StandIn

eventbridge, sns = cast(Any, untyped_eventbridge), cast(Any, untyped_sns)
lambda_svc = cast(Any, untyped_lambda_svc)
logger = logging.getLogger("eventbridge")
TURN = 0.1  # seconds between two looks whether the function has concurrency left

_waits: contextvars.ContextVar[bool] = contextvars.ContextVar("waits", default=False)


def apply() -> None:
    """Sends both services' events to MiniStack's own retry loop, and lets that loop wait."""
    anchors.has_parameters(lambda_svc, "invoke_async_with_retry", "func event")
    anchors.has_parameters(lambda_svc, "_acquire_execution_slot", "func config")
    anchors.has_parameters(eventbridge, "_dispatch_to_lambda", "arn payload")
    anchors.source_contains(
        eventbridge, "target=lambda_svc._execute_function_with_config_scope, args=(exec_record"
    )
    anchors.source_contains(
        sns, "_lambda_svc._execute_function_with_config_scope(exec_record, event)"
    )
    lambda_svc.invoke_async_with_retry = _waiting(lambda_svc.invoke_async_with_retry)
    lambda_svc._acquire_execution_slot = _patient(lambda_svc._acquire_execution_slot)
    eventbridge._dispatch_to_lambda = _dispatch
    sns._lambda_svc = StandIn(
        lambda_svc, _execute_function_with_config_scope=lambda_svc.invoke_async_with_retry
    )


def _dispatch(arn: str, payload: str) -> None:
    """As MiniStack's, but for the retry loop."""
    function, config, name = lambda_svc._get_func_record_for_ref(arn)
    if not function or not config:
        logger.warning("EventBridge → Lambda: function %s not found", name)
        return
    record = lambda_svc._execution_record_for_config(function, config)
    lambda_svc.invoke_async_with_retry(record, json.loads(payload))


def _waiting(invoke: Callable[[Any, Any], None]) -> Callable[[Any, Any], None]:
    """The loop in a context that says that it waits; its thread has a copy of the context."""

    def invoke_async_with_retry(func: Any, event: Any) -> None:
        context = contextvars.copy_context()
        context.run(_waits.set, True)
        context.run(invoke, func, event)

    return invoke_async_with_retry


def _patient(acquire: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    """Waits for the function's concurrency where it may; a function without any gets nothing by waiting."""

    def acquire_execution_slot(func: Any, config: Any) -> Any:
        slot = acquire(func, config)
        while slot[0] is None and _waits.get() and lambda_svc._reserved_concurrency(func, config):
            time.sleep(TURN)
            slot = acquire(func, config)
        return slot

    return acquire_execution_slot

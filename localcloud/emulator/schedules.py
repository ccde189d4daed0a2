"""Patch: a schedule that can't invoke its function sends a message to the schedule's dead-letter queue. MiniStack only
logs it.

It can't if the function is not there, or if the schedule's role doesn't allow it, which MiniStack doesn't look at. Both
errors are permanent, so there is no retry. The role must also be allowed to send that message:
https://docs.aws.amazon.com/scheduler/latest/UserGuide/configuring-schedule-dlq.html

Patch: schedules are looked at each second. MiniStack does so every ten.
"""

# The patches reach into what MiniStack keeps to itself; anchors.py checks that it is there.
# pyright: reportPrivateUsage=false

import contextvars
import json
import logging
import time
from collections.abc import Callable, Mapping
from typing import Any, cast

from ministack.core import iam_evaluator as untyped_evaluator
from ministack.core.arn import parse_arn
from ministack.services import eventbridge as untyped_eventbridge
from ministack.services import lambda_svc
from ministack.services import scheduler as untyped_scheduler
from ministack.services import sqs as untyped_sqs

from localcloud.emulator import anchors

eventbridge, scheduler = cast(Any, untyped_eventbridge), cast(Any, untyped_scheduler)
evaluator, sqs = cast(Any, untyped_evaluator), cast(Any, untyped_sqs)
logger = logging.getLogger("scheduler")
TICK = 1  # seconds

Schedule = Mapping[str, Any]
Refusal = tuple[str, str]
"""Lambda's error code and message."""
_fired: contextvars.ContextVar[Schedule | None] = contextvars.ContextVar("fired", default=None)


def apply() -> None:
    """Notes which schedule fires, and looks whether it may before its event goes to the function."""
    anchors.source_contains(scheduler, "time.sleep(_SCHEDULE_TICK_INTERVAL)")
    anchors.source_contains(eventbridge, "time.sleep(_SCHEDULER_TICK_INTERVAL)")
    anchors.source_contains(scheduler, "_eb._invoke_target(target, event, sched)")
    anchors.has_parameters(eventbridge, "_invoke_target", "target event rule view")
    anchors.has_parameters(evaluator, "_gather_role_policies", "role_name account_id")
    anchors.has_parameters(sqs, "_act_send_message", "data qurl")
    scheduler._SCHEDULE_TICK_INTERVAL = eventbridge._SCHEDULER_TICK_INTERVAL = TICK
    eventbridge._invoke_target = _noting(eventbridge._invoke_target)
    eventbridge._dispatch_to_lambda = _asking(eventbridge._dispatch_to_lambda)


def _noting(invoke: Callable[..., None]) -> Callable[..., None]:
    def invoke_target(target: Any, event: Any, rule: Schedule, view: Any = None) -> None:
        fired = _fired.set(rule if ":scheduler:" in rule.get("Arn", "") else None)
        try:
            invoke(target, event, rule, view)
        finally:
            _fired.reset(fired)

    return invoke_target


def _asking(dispatch: Callable[[str, str], None]) -> Callable[[str, str], None]:
    def dispatch_to_lambda(arn: str, payload: str) -> None:
        schedule = _fired.get()
        if schedule and (refusal := _refusal(schedule, arn)):
            _send_dead_letter(schedule, payload, refusal)
        else:
            dispatch(arn, payload)

    return dispatch_to_lambda


def _refusal(schedule: Schedule, arn: str) -> Refusal | None:
    """Why Lambda refuses the schedule's call, None if it doesn't."""
    role = schedule["Target"]["RoleArn"]
    if not _allows(role, "lambda:InvokeFunction", arn):
        message = f"{role} is not authorized to perform: lambda:InvokeFunction on resource: {arn}"
        return "AccessDeniedException", message
    if not lambda_svc._get_func_record_for_ref(arn)[0]:
        return "ResourceNotFoundException", f"Function not found: {arn}"
    return None


def _allows(role: str, action: str, resource: str) -> bool:
    """Whether the policies of the role, without any boundary, allow it; a role that is not there allows nothing."""
    found = parse_arn(role)
    context = evaluator.EvalContext(
        principal_arn=role,
        principal_type="AssumedRole",
        principal_account=found.account_id,
        action=action,
        resource_arn=resource,
        region=eventbridge.get_region(),
    )
    policies = evaluator._gather_role_policies(role.rpartition("/")[2], found.account_id)
    return evaluator.evaluate(context, policies).decision == "Allow"


def _send_dead_letter(schedule: Schedule, payload: str, refusal: Refusal) -> None:
    target = schedule["Target"]
    queue = target.get("DeadLetterConfig", {}).get("Arn", "")
    if not queue or not _allows(target["RoleArn"], "sqs:SendMessage", queue):
        logger.warning("schedule %s: event lost: %s", schedule["Arn"], refusal[1])
        return
    called = {"FunctionName": target["Arn"], "InvocationType": "Event", "Payload": payload}
    attributes = {
        "ERROR_CODE": refusal[0],
        "ERROR_MESSAGE": refusal[1],
        "EXECUTION_ID": scheduler.new_uuid(),
        "IS_PAYLOAD_TRUNCATED": "false",
        "RETRY_ATTEMPTS": "0",
        "SCHEDULED_TIME": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "SCHEDULE_ARN": schedule["Arn"],
        "TARGET_ARN": "arn:aws:scheduler:::aws-sdk:lambda:invoke",
    }
    letter = {
        "MessageBody": json.dumps(called),
        "MessageAttributes": {
            name: {"DataType": "String", "StringValue": value} for name, value in attributes.items()
        },
    }
    sqs._act_send_message(letter, sqs._queue_url(parse_arn(queue).resource))

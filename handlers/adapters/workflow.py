"""Starts the order workflow. A run only drives the order, so starting it twice does no harm."""

import json

from botocore.exceptions import BotoCoreError, ClientError

from handlers.runtime.aws import client, code
from handlers.runtime.observability import logger
from handlers.runtime.settings import WorkflowSettings, load


def start(order_id: str, command: str, version: int) -> None:
    """Start a run of `command` for the order as of `version`; a run of that name is as good.

    A failure is logged, not raised: the order is written, and whoever looks at it next (a
    repeated request, the reconciler) starts it.
    """
    try:
        client("stepfunctions").start_execution(
            stateMachineArn=load(WorkflowSettings).state_machine_arn,
            name=f"{order_id}-{version}",
            input=json.dumps({"orderId": order_id, "command": command}),
        )
    except ClientError as error:
        if code(error) != "ExecutionAlreadyExists":
            logger.exception("workflow not started")
    except BotoCoreError:
        logger.exception("workflow not started")

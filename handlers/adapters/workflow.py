"""Starts the order workflow. A run only drives the order, so starting it twice does no harm."""

import json

from botocore.exceptions import BotoCoreError, ClientError

from handlers.runtime.aws import client, code
from handlers.runtime.observability import logger
from handlers.runtime.settings import WorkflowSettings, load


def start(order_id: str, cause: str) -> bool:
    """Start a run for the order; return whether there is one. A failure is logged, not raised.

    Its name is `<order_id>-<cause>`, of letters, digits, - and _, at most 80 characters. The same
    cause starts one run: STANDARD keeps a name for 90 days, also that of a run which ended without
    a trace, so what starts a run anew needs a cause of its own.
    https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
    """
    try:
        client("stepfunctions").start_execution(
            stateMachineArn=load(WorkflowSettings).state_machine_arn,
            name=f"{order_id}-{cause}",
            input=json.dumps({"orderId": order_id, "command": "process"}),
        )
    except (BotoCoreError, ClientError) as error:
        if isinstance(error, ClientError) and code(error) == "ExecutionAlreadyExists":
            return True
        logger.exception("workflow not started")
        return False
    return True

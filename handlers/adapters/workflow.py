"""Starts the order workflow. A run only drives the order, so starting it twice does no harm."""

import json
from datetime import UTC, datetime

from botocore.exceptions import BotoCoreError, ClientError

from handlers.domain.order import Order
from handlers.runtime.aws import client, code
from handlers.runtime.observability import logger
from handlers.runtime.settings import WorkflowSettings, load


def start(order: Order, repeated: bool) -> bool:
    """Start a run for the order; return whether there is one. A failure is logged, not raised.

    Its name is the order's id and version. STANDARD keeps a name for 90 days, also that of a run
    which ended without a trace, so a repeated request's name has the minute beside it.
    https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
    """
    order_id = order["orderId"]
    name = f"{order_id}-{order['version']}"
    if repeated:
        name += f"-{datetime.now(UTC):%Y%m%d%H%M}"
    try:
        client("stepfunctions").start_execution(
            stateMachineArn=load(WorkflowSettings).state_machine_arn,
            name=name,
            input=json.dumps({"orderId": order_id, "command": "process"}),
        )
    except (BotoCoreError, ClientError) as error:
        if isinstance(error, ClientError) and code(error) == "ExecutionAlreadyExists":
            return True
        logger.exception("workflow not started")
        return False
    return True

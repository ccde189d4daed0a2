"""Notes on an order the last event of the payment gateway that a run was started for."""

from botocore.exceptions import BotoCoreError, ClientError

from handlers.adapters.conditions import write
from handlers.adapters.items import encode
from handlers.adapters.order_table import key, table
from handlers.domain.clock import timestamp
from handlers.runtime.observability import logger


def note(order_id: str, event_id: str, event_type: str) -> None:
    """Note the event as `lastEvent`; the order's `version` and `dueAt` stay as they are.

    A failure is logged, not raised: the run has started, and the same event again would start one
    of the same name.
    """
    seen = {"id": event_id, "type": event_type, "at": timestamp()}
    request = {
        "TableName": table(),
        "Key": key(order_id),
        "UpdateExpression": "SET lastEvent = :event",
        "ConditionExpression": "attribute_exists(pk)",
        "ExpressionAttributeValues": encode({":event": seen}),
    }
    try:
        write("update_item", request)
    except (BotoCoreError, ClientError):
        logger.exception("event not noted")

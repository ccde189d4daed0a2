"""Publishes order events from functions; most are published by the state machine itself."""

import json

from botocore.exceptions import BotoCoreError, ClientError

from handlers.domain.clock import timestamp
from handlers.domain.events import EventType
from handlers.runtime.aws import client
from handlers.runtime.observability import logger
from handlers.runtime.settings import OrderEventsSettings, load


def publish_needs_attention(order_id: str, cause: str) -> None:
    """Tell operators that the order needs attention, and why. A failure is logged, not raised.

    The list of these orders does not depend on it. The event id is the same for the same cause of
    the same order.
    """
    kind = EventType.ORDER_NEEDS_ATTENTION
    event = {
        "eventVersion": 1,
        "eventId": f"{order_id}#{kind}#{cause}",
        "type": kind,
        "orderId": order_id,
        "occurredAt": timestamp(),
    }
    try:
        client("sns").publish(
            TopicArn=load(OrderEventsSettings).order_events_topic_arn, Message=json.dumps(event)
        )
    except (BotoCoreError, ClientError):
        logger.exception("event not published")

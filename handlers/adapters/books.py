"""Invokes the books function for one payment, asynchronously."""

import json

from botocore.exceptions import BotoCoreError, ClientError

from handlers.runtime.aws import client
from handlers.runtime.observability import logger
from handlers.runtime.settings import BooksSettings, load


def check(intent_id: str, event_id: str, event_type: str) -> bool:
    """Have the payment checked; return whether Lambda took the request. A failure is logged, not raised.

    Lambda queues what it takes, and tries again what fails:
    https://docs.aws.amazon.com/lambda/latest/dg/invocation-async.html
    """
    function = load(BooksSettings).books_function_arn
    if not function:
        logger.error("there is no books function")
        return False
    event = {"intentId": intent_id, "eventId": event_id, "eventType": event_type}
    try:
        client("lambda").invoke(
            FunctionName=function, InvocationType="Event", Payload=json.dumps(event).encode()
        )
    except (BotoCoreError, ClientError):
        logger.exception("books function not invoked")
        return False
    return True

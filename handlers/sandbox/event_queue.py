"""Puts events into the queue that feeds their sender, once the change that made them is committed.

An effect stays without its event only if the function dies, or SQS refuses, between the two; the
client then gets an error or no answer, and the answer of the effect under the same idempotency key.
An event without its effect is impossible. Without a queue there are no events.
"""

import json
import time
from collections.abc import Sequence

from handlers.runtime.aws import client
from handlers.runtime.settings import SandboxSettings, load
from handlers.sandbox import deliveries, ids
from handlers.sandbox.events import Event
from handlers.sandbox.function_url import Request


def send(events: Sequence[Event], request: Request) -> None:
    """Queue each event as often and as late as the delivery in force says.

    Raises the client's error if SQS doesn't take one of them. Not as one batch: the local cloud asks
    for a permission to do that which AWS doesn't have.
    """
    url = load(SandboxSettings).sandbox_events_queue_url
    if not url or not events:
        return
    delivery, now = deliveries.in_force(), int(time.time())
    for event in events:
        body = json.dumps(event.content(ids.new("evt"), now, _cause(request)))
        delay = delivery.delay_of(event.type)
        for _ in range(delivery.copies):
            client("sqs").send_message(QueueUrl=url, MessageBody=body, DelaySeconds=delay)


def _cause(request: Request) -> dict[str, str | None]:
    """The API request that caused it; nothing for what customers and their banks do."""
    by_api = request.path.startswith("/v1/")
    return {
        "id": request.id if by_api else None,
        "idempotency_key": (request.idempotency_key or None) if by_api else None,
    }

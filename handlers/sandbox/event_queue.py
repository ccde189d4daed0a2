"""Puts events into the queue that feeds their sender, once the change that made them is committed.

An effect stays without its event only if the function dies, or SQS refuses, between the two; the
client then gets an error or no answer, and the answer of the effect under the same idempotency key.
An event without its effect is impossible. Without a queue there are no events.
"""

import json
import time
from collections.abc import Sequence
from typing import Any

from handlers.runtime.aws import client
from handlers.runtime.settings import SandboxSettings, load
from handlers.sandbox import deliveries, ids
from handlers.sandbox.events import Event
from handlers.sandbox.function_url import Request


def send(events: Sequence[Event], request: Request) -> None:
    """Queue each event as often and as late as the delivery in force says.

    Raises RuntimeError, or the client's error, if SQS doesn't take one of them.
    """
    url = load(SandboxSettings).sandbox_events_queue_url
    if not url or not events:
        return
    delivery, now = deliveries.in_force(), int(time.time())
    entries: list[dict[str, Any]] = []
    for event in events:
        body = json.dumps(event.content(ids.new("evt"), now, _cause(request)))
        for _ in range(delivery.copies):
            delay = delivery.delay_of(event.type)
            id = str(len(entries))
            entries.append({"Id": id, "MessageBody": body, "DelaySeconds": delay})
    if not entries:
        return
    answer = client("sqs").send_message_batch(QueueUrl=url, Entries=entries)
    if answer.get("Failed"):
        raise RuntimeError(f"{len(answer['Failed'])} events are not in the queue")


def _cause(request: Request) -> dict[str, str | None]:
    """The API request that caused it; nothing for what customers and their banks do."""
    by_api = request.path.startswith("/v1/")
    return {
        "id": request.id if by_api else None,
        "idempotency_key": (request.idempotency_key or None) if by_api else None,
    }

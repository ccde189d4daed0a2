"""The reconciler with a clock that nothing waits for, notes of what it starts and publishes, and
orders that are due.
"""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from handlers.adapters import order_events, workflow
from handlers.domain.clock import timestamp
from handlers.domain.order import OPEN_SHARDS
from handlers.events import reconcile_orders
from tests.support.database import ORDER_ID, Item, an_order, put_order
from tests.support.state_machine import StateMachine

TIMEOUT = 58
ATTENTION_AFTER_MINUTES = 20
MAX_ATTEMPTS = 5
_TIME = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z")


class Clock:
    """Stands for the module `time`, in seconds."""

    def __init__(self) -> None:
        self.now = 0.0

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


class Topic(list[Any]):
    """The published events. `down`: SNS refuses them."""

    down = False

    def publish(self, TopicArn: str, Message: str) -> None:
        if self.down:
            raise ClientError({"Error": {"Code": "InternalError", "Message": ""}}, "Publish")
        self.append(json.loads(Message))


class Machine(StateMachine):
    """Notes when each run was started; a start takes `seconds`, and `refuses` some orders'."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self.times: list[float] = []
        self.seconds = 0.01
        self.refuses: Callable[[str], bool] = lambda name: False
        self._clock = clock

    def start_execution(self, **request: str) -> None:
        self._clock.now += self.seconds
        if self.refuses(request["name"]):
            raise ClientError({"Error": {"Code": "Throttled", "Message": ""}}, "StartExecution")
        super().start_execution(**request)
        self.times.append(self._clock.now)


class Reconciler:
    """Calls the handler as the schedule does."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.clock = Clock()
        self.machine = Machine(self.clock)
        self.published = Topic()
        monkeypatch.setenv("STATE_MACHINE_ARN", "arn:aws:states:us-east-1:000000000000:machine")
        monkeypatch.setenv("ORDER_EVENTS_TOPIC_ARN", "arn:aws:sns:us-east-1:000000000000:events")
        monkeypatch.setenv("ATTENTION_AFTER_MINUTES", str(ATTENTION_AFTER_MINUTES))
        monkeypatch.setenv("MAX_ATTEMPTS", str(MAX_ATTEMPTS))
        monkeypatch.setattr(reconcile_orders, "time", self.clock)
        monkeypatch.setattr(workflow, "client", {"stepfunctions": self.machine}.__getitem__)
        monkeypatch.setattr(order_events, "client", {"sns": self.published}.__getitem__)

    def minute(self, seconds: float = TIMEOUT) -> None:
        """One call of the handler, which has `seconds` to end."""
        end = self.clock.now + seconds

        def left() -> int:
            return int((end - self.clock.now) * 1000)

        context: Any = SimpleNamespace(get_remaining_time_in_millis=left)
        reconcile_orders.lambda_handler({}, context)

    @property
    def started(self) -> list[str]:
        """The ids of the orders of which a run was started."""
        return [name.partition("-")[0] for name in self.machine.started]


def ago(**span: float) -> str:
    return timestamp(datetime.now(UTC) - timedelta(**span))


def put_due(order_id: str = ORDER_ID, status: str = "VALIDATED", **changes: Any) -> Item:
    """An order of five minutes ago that has been due for ten seconds."""
    since = changes.pop("since", ago(minutes=5))
    times = {"createdAt": ago(minutes=5), "timeline": [{"status": status, "at": since}]}
    order = an_order(status, orderId=order_id, **(times | {"dueAt": ago(seconds=10)} | changes))
    return put_order(order)


def put_many(number: int) -> list[str]:
    """The ids of so many due orders in all shards, the one that is due first in front."""
    ids = [f"ORDER{each:03}" for each in range(number)]
    for each, order_id in enumerate(ids):
        shard = OPEN_SHARDS[each * 7 % len(OPEN_SHARDS)]
        put_due(order_id, dueAt=ago(seconds=1000 - each), openShard=shard)
    return ids


def aged(order: Item, span: timedelta) -> Item:
    """Return the order as if everything in it had happened earlier by `span`."""

    def earlier(value: Any) -> Any:
        match value:
            case dict():
                return {name: earlier(each) for name, each in value.items()}
            case list():
                return [earlier(each) for each in value]
            case str() if _TIME.fullmatch(value):
                return timestamp(datetime.fromisoformat(value) - span)
            case _:
                return value

    return earlier(order)

"""The queue of order events before `send_email`, and SES behind it, both as plain Python."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3

from handlers.adapters.order_table import key, table, to_item
from handlers.domain.clock import timestamp
from handlers.domain.events import FOR_CUSTOMERS, EventType
from handlers.domain.mail import Mail
from handlers.events.send_email import lambda_handler
from handlers.runtime.aws import client

ORDER: dict[str, Any] = {
    "orderId": "A",
    "customerId": "c-1",
    "createdAt": "2026-11-22T10:25:10.123Z",
    "email": "zoe@example.com",
    "name": "Zoë Łukasz",
    "lines": [{"productId": "mug", "name": "Enamel Mug", "quantity": 2, "unitPrice": 1400}],
    "total": 2800,
    "currency": "USD",
    "status": "CONFIRMED",
    "version": 9,
    "attention": {},
    "timeline": [{"status": "CONFIRMED", "at": "2026-11-22T10:25:11.123Z"}],
}


CONFIRMATION = ("Your order is confirmed", "zoe@example.com")


@dataclass
class Outbox:
    """SES as a list; `during` runs while a mail is on its way, `after` once it is out.

    All its mail is `about` one order.
    """

    about: str = ORDER["orderId"]
    sent: list[tuple[str, str]] = field(default_factory=list)
    during: Callable[[], object] = lambda: None
    after: Callable[[], object] = lambda: None

    def send(self, mail: Mail, recipient: str, order_id: str, event: EventType) -> str:
        assert (order_id, event in FOR_CUSTOMERS) == (self.about, True)
        self.during()
        self.sent.append((mail.subject, recipient))
        self.after()
        return f"m-{len(self.sent)}"


def message(kind: str = "OrderConfirmed", order_id: str = "A") -> dict[str, str]:
    body = {
        "eventVersion": 1,
        "eventId": f"{order_id}#{kind}",
        "type": kind,
        "orderId": order_id,
        "customerId": ORDER["customerId"],
        "occurredAt": "2026-11-22T10:25:12.000Z",
    }
    return {"messageId": f"{order_id}-{kind}", "body": json.dumps(body)}


def deliver(*records: dict[str, str]) -> list[str]:
    """The messages that the queue will deliver again."""
    answer = lambda_handler({"Records": list(records)}, None)
    assert set(answer) == {"batchItemFailures"}
    return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]


def order_becomes(status: str, **changes: str) -> None:
    """The order `A` in the table, as it stands from now on."""
    order: Any = ORDER | {"status": status} | changes
    client("dynamodb").put_item(TableName=table(), Item=to_item(order))


def end_lease() -> None:
    """As if the lease of the claim were over."""
    boto3.client("dynamodb").update_item(
        TableName="orders",
        Key=key("A", f"MAIL#{EventType.ORDER_CONFIRMED}"),
        UpdateExpression="SET leaseUntil = :past",
        ExpressionAttributeValues={
            ":past": {"S": timestamp(datetime.now(UTC) - timedelta(milliseconds=5))}
        },
    )

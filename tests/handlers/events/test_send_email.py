import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import patch

import boto3
import pytest

from handlers.adapters import mail_log, mailer
from handlers.adapters.order_table import insert, key
from handlers.domain.clock import timestamp
from handlers.domain.events import FOR_OPERATORS, EventType
from handlers.domain.mail import Mail
from handlers.events.send_email import lambda_handler
from handlers.runtime.observability import logger

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
}


@dataclass
class Outbox:
    """SES as a list; `during` runs while a mail is on its way, `after` once it is out."""

    sent: list[tuple[str, str]] = field(default_factory=list)
    during: Callable[[], object] = lambda: None
    after: Callable[[], object] = lambda: None

    def send(self, mail: Mail, recipient: str) -> str:
        self.during()
        self.sent.append((mail.subject, recipient))
        self.after()
        return f"m-{len(self.sent)}"


@pytest.fixture
def outbox(orders_table: str) -> Iterator[Outbox]:
    insert(ORDER)
    box = Outbox()
    with patch.object(mailer, "send", box.send):
        yield box


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    stream = io.StringIO()
    monkeypatch.setattr(logger.registered_handler, "stream", stream)
    return stream


def message(kind: str = "OrderConfirmed", order_id: str = "A") -> dict[str, str]:
    body = {
        "eventVersion": 1,
        "eventId": f"{order_id}#{kind}",
        "type": kind,
        "orderId": order_id,
        "occurredAt": "2026-11-22T10:25:12.000Z",
    }
    return {"messageId": f"{order_id}-{kind}", "body": json.dumps(body)}


def deliver(*records: dict[str, str]) -> list[str]:
    """The messages that the queue will deliver again."""
    answer = lambda_handler({"Records": list(records)}, None)
    assert set(answer) == {"batchItemFailures"}
    return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]


def end_lease() -> None:
    """As if a minute had passed since the claim."""
    boto3.client("dynamodb").update_item(
        TableName="orders",
        Key=key("A", f"MAIL#{EventType.ORDER_CONFIRMED}"),
        UpdateExpression="SET leaseUntil = :past",
        ExpressionAttributeValues={
            ":past": {"S": timestamp(datetime.now(UTC) - timedelta(milliseconds=5))}
        },
    )


def not_about_the_customer(log: io.StringIO) -> bool:
    return not any(part in log.getvalue() for part in ("Zo", "zoe", "ukasz", "@"))


CONFIRMATION = ("Your order is confirmed", "zoe@example.com")


def test_the_same_event_twice_sends_one_mail(outbox: Outbox) -> None:
    assert deliver(message()) == []
    assert deliver(message()) == []
    assert outbox.sent == [CONFIRMATION]


def test_the_same_event_twice_in_one_batch_sends_one_mail(outbox: Outbox) -> None:
    assert deliver(message(), message()) == []
    assert outbox.sent == [CONFIRMATION]


def test_two_consumers_at_once_send_one_mail(outbox: Outbox) -> None:
    second: list[str] = []
    outbox.during = lambda: second.extend(deliver(message()))
    assert deliver(message()) == []
    assert second == ["A-OrderConfirmed"]  # it comes again, and finds the mail sent
    assert deliver(message()) == []
    assert outbox.sent == [CONFIRMATION]


def test_a_crash_before_the_mail_is_out_loses_nothing(outbox: Outbox) -> None:
    def crash() -> None:
        raise ConnectionError

    outbox.during = crash
    assert deliver(message()) == ["A-OrderConfirmed"]
    assert outbox.sent == []
    outbox.during = lambda: None
    end_lease()
    assert deliver(message()) == []
    assert outbox.sent == [CONFIRMATION]


def test_a_crash_after_the_mail_is_out_sends_one_more_after_the_lease_and_no_third(
    outbox: Outbox,
) -> None:
    with patch.object(mail_log, "mark_sent", side_effect=ConnectionError):
        assert deliver(message()) == ["A-OrderConfirmed"]
    assert deliver(message()) == ["A-OrderConfirmed"]
    assert outbox.sent == [CONFIRMATION]
    end_lease()
    assert deliver(message()) == []
    assert deliver(message()) == []
    assert outbox.sent == [CONFIRMATION] * 2


def test_each_event_of_an_order_has_its_own_mail(outbox: Outbox) -> None:
    assert deliver(message(), message("OrderCancelled")) == []
    assert outbox.sent == [CONFIRMATION, ("Your order is cancelled", "zoe@example.com")]


@pytest.mark.parametrize("kind", sorted(FOR_OPERATORS))
def test_what_is_not_for_customers_is_not_mailed(outbox: Outbox, kind: str) -> None:
    assert deliver(message(kind)) == []
    assert outbox.sent == []


@pytest.mark.parametrize(
    "poison",
    [
        {"messageId": "p", "body": "not JSON"},
        {"messageId": "p", "body": "{}"},
        message("OrderConfirmd") | {"messageId": "p"},
        message(order_id="NOBODY") | {"messageId": "p"},
        message("OrderRejected") | {"messageId": "p"},  # the order has no reason
    ],
)
def test_poison_is_reported_alone_and_claims_nothing(
    outbox: Outbox, poison: dict[str, str]
) -> None:
    assert deliver(poison, message()) == ["p"]
    assert outbox.sent == [CONFIRMATION]
    rows = boto3.client("dynamodb").scan(TableName="orders")["Items"]
    assert [row["sk"]["S"] for row in rows if row["sk"]["S"] != "ORDER"] == ["MAIL#OrderConfirmed"]


def test_a_mail_is_one_line_in_the_log_without_the_customer(
    outbox: Outbox, log: io.StringIO
) -> None:
    deliver(message())
    [line] = [json.loads(text) for text in log.getvalue().splitlines()]
    assert (line["level"], line["message"]) == ("INFO", "mail sent")
    assert (line["orderId"], line["mail"]) == ("A", "OrderConfirmed")
    assert not_about_the_customer(log)


def test_a_mail_that_ses_refuses_is_logged_without_the_customer(
    orders_table: str, log: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SENDER_EMAIL", "unverified@shop.example")
    mailer._ses.cache_clear()
    insert(ORDER)
    assert deliver(message()) == ["A-OrderConfirmed"]
    [line] = [json.loads(text) for text in log.getvalue().splitlines()]
    assert (line["level"], line["message"]) == ("ERROR", "mail failed")
    assert json.loads(line["event"])["orderId"] == "A"
    assert "MailRefused: MessageRejected" in line["exception"]
    assert not_about_the_customer(log)

"""No mail goes to an address that it doesn't reach, until the customer has another one."""

import io
import json
from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

import pytest

from handlers.adapters import customer_mail, order_events
from handlers.domain.mail_outcome import ABOUT_THE_ADDRESS, Outcome
from handlers.runtime.aws import client
from tests.support import mail_reports
from tests.support.database import everything
from tests.support.mail_queue import (
    CONFIRMATION,
    ORDER,
    Outbox,
    deliver,
    message,
    order_becomes,
)

AT = "2026-11-22T10:25:14.000Z"
CANCELLATION = ("Your order is cancelled", "zoe@example.com")


@pytest.fixture(autouse=True)
def told() -> Iterator[None]:
    with patch.object(order_events, "publish_needs_attention"):
        yield


def does_not_arrive(outcome: Outcome = Outcome.BOUNCED) -> None:
    customer: Any = ORDER
    customer_mail.note(customer, outcome, AT)


def mail_row(kind: str = "OrderConfirmed") -> dict[str, Any]:
    return everything()["orders"]["ORDER#A", f"MAIL#{kind}"]


@pytest.mark.parametrize("outcome", sorted(ABOUT_THE_ADDRESS))
def test_a_mail_to_an_address_that_it_does_not_reach_is_skipped_and_says_why(
    outbox: Outbox, log: io.StringIO, outcome: Outcome
) -> None:
    does_not_arrive(outcome)
    assert deliver(message()) == []
    assert outbox.sent == []
    row = mail_row()
    assert set(row) == {"pk", "sk", "status", "reason", "at"}
    assert (row["status"], row["reason"]) == ("SKIPPED", outcome)
    [line] = [json.loads(text) for text in log.getvalue().splitlines()]
    assert (line["level"], line["message"], line["reason"]) == ("INFO", "mail skipped", outcome)


def test_a_skipped_mail_stays_skipped(outbox: Outbox) -> None:
    does_not_arrive()
    assert deliver(message()) == []
    order_becomes("CONFIRMED", email="new@example.com")
    assert deliver(message()) == []
    assert outbox.sent == []


def test_a_customer_with_another_address_gets_mail_again(outbox: Outbox) -> None:
    does_not_arrive()
    order_becomes("CONFIRMED", email="new@example.com")
    assert deliver(message()) == []
    assert outbox.sent == [(CONFIRMATION[0], "new@example.com")]


def test_another_customer_with_the_same_address_gets_mail(outbox: Outbox) -> None:
    does_not_arrive()
    order_becomes("CONFIRMED", customerId="c-2")
    event = json.loads(message()["body"]) | {"customerId": "c-2"}
    assert deliver(message() | {"body": json.dumps(event)}) == []
    assert outbox.sent == [CONFIRMATION]


def test_the_first_mail_bounces_and_the_next_is_skipped(outbox: Outbox) -> None:
    assert deliver(message()) == []
    assert mail_reports.deliver(mail_reports.bounce()) == []
    order_becomes("CANCELLED")
    assert deliver(message("OrderCancelled")) == []
    assert outbox.sent == [CONFIRMATION]
    assert mail_row("OrderCancelled")["reason"] == "BOUNCED"


def test_a_mail_that_may_arrive_the_next_time_stops_no_other(outbox: Outbox) -> None:
    assert deliver(message()) == []
    assert mail_reports.deliver(mail_reports.bounce("Transient", "MailboxFull")) == []
    order_becomes("CANCELLED")
    assert deliver(message("OrderCancelled")) == []
    assert outbox.sent == [CONFIRMATION, CANCELLATION]


def test_an_event_that_comes_again_after_its_mail_bounced_leaves_the_row_as_it_is(
    outbox: Outbox,
) -> None:
    assert deliver(message()) == []
    assert mail_reports.deliver(mail_reports.bounce()) == []
    before = mail_row()
    assert deliver(message()) == []
    assert mail_row() == before
    assert outbox.sent == [CONFIRMATION]


def test_an_event_of_an_older_release_names_no_customer_and_is_mailed(outbox: Outbox) -> None:
    event = json.loads(message()["body"])
    del event["customerId"]
    assert deliver(message() | {"body": json.dumps(event)}) == []
    assert outbox.sent == [CONFIRMATION]


def test_looking_at_the_customers_row_costs_no_call_of_its_own(outbox: Outbox) -> None:
    calls: list[str] = []
    client("dynamodb").meta.events.register(
        "before-call.dynamodb", lambda model, **_: calls.append(model.name), unique_id="calls"
    )
    try:
        assert deliver(message()) == []
    finally:
        client("dynamodb").meta.events.unregister("before-call.dynamodb", unique_id="calls")
    assert calls == ["BatchGetItem", "PutItem", "PutItem"]

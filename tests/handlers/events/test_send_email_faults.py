"""What becomes of a mail when something fails: it is sent once, or kept for an operator."""

import io
import json
from collections.abc import Callable
from typing import Any
from unittest.mock import patch

import boto3
import pytest
from botocore.exceptions import ClientError

from handlers.adapters import mail_log, mailer
from handlers.runtime.aws import client
from tests.support.mail_queue import (
    CONFIRMATION,
    Outbox,
    deliver,
    end_lease,
    message,
    order_becomes,
)


def mail_rows() -> list[str]:
    rows = boto3.client("dynamodb").scan(TableName="orders")["Items"]
    return [row["sk"]["S"] for row in rows if row["sk"]["S"] != "ORDER"]


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


def no_answer() -> None:
    raise mailer.OutcomeUnknown("ReadTimeoutError")


def test_a_mail_whose_outcome_is_unknown_is_never_sent_again_and_is_kept_for_an_operator(
    outbox: Outbox, log: io.StringIO
) -> None:
    outbox.after = no_answer
    assert deliver(message()) == ["A-OrderConfirmed"]
    outbox.after = lambda: None
    for _ in range(4):  # and then the dead-letter queue has the message
        assert deliver(message()) == ["A-OrderConfirmed"]
    assert outbox.sent == [CONFIRMATION]
    lines = [json.loads(text) for text in log.getvalue().splitlines()]
    assert [line["level"] for line in lines] == ["ERROR"] * 5
    assert all("OutcomeUnknown" in line["exception"] for line in lines)


@pytest.mark.parametrize("outcome", [lambda: None, no_answer])
def test_a_record_that_is_throttled_is_made_all_the_same(
    outbox: Outbox, outcome: Callable[[], None]
) -> None:
    """The claim is the first write; the outcome's is throttled several times."""
    real, refused = client("dynamodb").put_item, iter([False] + [True] * 3)

    def put_item(**request: Any) -> Any:
        if next(refused, False):
            raise ClientError({"Error": {"Code": "ThrottlingException"}}, "PutItem")
        return real(**request)

    outbox.after = outcome
    with patch.object(client("dynamodb"), "put_item", put_item):
        deliver(message())
    assert next(refused, None) is None
    end_lease()
    outbox.after = lambda: None
    deliver(message())
    assert outbox.sent == [CONFIRMATION]


def test_a_mail_that_ses_refused_is_sent_by_a_later_delivery(outbox: Outbox) -> None:
    def busy() -> None:
        raise mailer.MailRefused("TooManyRequestsException")

    outbox.during = busy
    assert deliver(message()) == ["A-OrderConfirmed"]
    outbox.during = lambda: None
    end_lease()
    assert deliver(message()) == []
    assert outbox.sent == [CONFIRMATION]


def test_a_refusal_without_a_known_reason_is_reported_and_claims_nothing(outbox: Outbox) -> None:
    order_becomes("REJECTED", reason="BECAUSE")
    assert deliver(message("OrderRejected")) == ["A-OrderRejected"]
    assert (outbox.sent, mail_rows()) == ([], [])


@pytest.mark.parametrize(
    "poison",
    [
        {"messageId": "p", "body": "not JSON"},
        {"messageId": "p", "body": "{}"},
        message("OrderConfirmd") | {"messageId": "p"},
        message(order_id="NOBODY") | {"messageId": "p"},
    ],
)
def test_poison_is_reported_alone_and_claims_nothing(
    outbox: Outbox, poison: dict[str, str]
) -> None:
    assert deliver(poison, message()) == ["p"]
    assert outbox.sent == [CONFIRMATION]
    assert mail_rows() == ["MAIL#OrderConfirmed"]

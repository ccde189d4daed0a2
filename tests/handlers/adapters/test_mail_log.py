import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import patch

import boto3
import pytest
from botocore.exceptions import ClientError

from handlers.adapters import mail_log
from handlers.adapters.items import decode
from handlers.adapters.mail_log import Claim, claim, mark_sent, mark_uncertain, skip
from handlers.adapters.order_table import key
from handlers.domain.clock import timestamp
from handlers.domain.events import FOR_CUSTOMERS, EventType
from handlers.domain.mail_outcome import Outcome
from handlers.runtime.aws import client

CONFIRMED = EventType.ORDER_CONFIRMED


def row(mail: EventType = CONFIRMED) -> dict[str, Any]:
    answer = boto3.client("dynamodb").get_item(TableName="orders", Key=key("A", f"MAIL#{mail}"))
    return decode(answer["Item"])


def end_lease() -> None:
    """As if the lease of the claim were over."""
    boto3.client("dynamodb").update_item(
        TableName="orders",
        Key=key("A", f"MAIL#{CONFIRMED}"),
        UpdateExpression="SET leaseUntil = :past",
        ExpressionAttributeValues={
            ":past": {"S": timestamp(datetime.now(UTC) - timedelta(milliseconds=5))}
        },
    )


def test_the_first_claim_wins_and_the_next_waits(orders_table: str) -> None:
    assert claim("A", CONFIRMED) is Claim.WON
    assert claim("A", CONFIRMED) is Claim.IN_PROGRESS


def test_a_mail_that_is_sent_is_never_claimed_again(orders_table: str) -> None:
    claim("A", CONFIRMED)
    mark_sent("A", CONFIRMED, "m-1")
    assert claim("A", CONFIRMED) is Claim.ALREADY_SENT
    assert row()["messageId"] == "m-1"


def test_a_lease_that_is_over_is_won_by_one(orders_table: str) -> None:
    claim("A", CONFIRMED)
    end_lease()
    assert claim("A", CONFIRMED) is Claim.WON
    assert claim("A", CONFIRMED) is Claim.IN_PROGRESS


def test_each_type_and_each_order_has_its_own_lease(orders_table: str) -> None:
    claim("A", CONFIRMED)
    assert claim("A", EventType.ORDER_CANCELLED) is Claim.WON
    assert claim("B", CONFIRMED) is Claim.WON


def test_a_mail_whose_outcome_is_unknown_is_never_claimed_again(orders_table: str) -> None:
    claim("A", CONFIRMED)
    mark_uncertain("A", CONFIRMED)
    assert claim("A", CONFIRMED) is Claim.UNCERTAIN


def test_a_lease_lasts_as_long_as_it_says(orders_table: str) -> None:
    before = time.time()
    claim("A", CONFIRMED)
    lease = datetime.fromisoformat(row()["leaseUntil"]).timestamp() - before
    assert mail_log.LEASE_SECONDS - 1 < lease < mail_log.LEASE_SECONDS + 2


@pytest.mark.parametrize("end", [lambda: mark_sent("A", CONFIRMED, "m-1"), lambda: None])
def test_a_row_never_expires_because_its_event_may_be_published_at_any_time(
    orders_table: str, end: Callable[[], None]
) -> None:
    claim("A", CONFIRMED)
    end()
    assert "expiresAt" not in row()


def test_an_outcome_that_cannot_be_written_is_a_fault_in_the_end(
    orders_table: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail_log, "RECORD_SECONDS", 0.2)
    error = ClientError({"Error": {"Code": "ThrottlingException"}}, "PutItem")
    with patch.object(client("dynamodb"), "put_item", side_effect=error) as put:
        with pytest.raises(ClientError):
            mark_sent("A", CONFIRMED, "m-1")
        assert put.call_count > 1


@pytest.mark.parametrize("mail", sorted(FOR_CUSTOMERS))
def test_a_row_holds_no_personal_data(orders_table: str, mail: EventType) -> None:
    claim("A", mail)
    mark_sent("A", mail, "m-1")
    assert set(row(mail)) == {"pk", "sk", "status", "at", "messageId"}
    assert row(mail)["sk"] == f"MAIL#{mail}"


def test_a_mail_is_skipped_only_if_no_delivery_sends_it_or_has_sent_it(orders_table: str) -> None:
    assert skip("A", CONFIRMED, Outcome.BOUNCED) is Claim.WON
    assert claim("A", CONFIRMED) is Claim.SKIPPED
    claim("B", CONFIRMED)
    assert skip("B", CONFIRMED, Outcome.BOUNCED) is Claim.IN_PROGRESS
    mark_sent("B", CONFIRMED, "m-1")
    assert skip("B", CONFIRMED, Outcome.BOUNCED) is Claim.ALREADY_SENT
    mark_uncertain("C", CONFIRMED)
    assert skip("C", CONFIRMED, Outcome.BOUNCED) is Claim.UNCERTAIN

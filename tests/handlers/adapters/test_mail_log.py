import time
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest

from handlers.adapters import mail_log
from handlers.adapters.items import decode
from handlers.adapters.mail_log import Claim, claim, mark_sent
from handlers.adapters.order_table import key
from handlers.domain.clock import timestamp
from handlers.domain.events import FOR_CUSTOMERS, EventType

CONFIRMED = EventType.ORDER_CONFIRMED


def row(mail: EventType = CONFIRMED) -> dict[str, Any]:
    answer = boto3.client("dynamodb").get_item(TableName="orders", Key=key("A", f"MAIL#{mail}"))
    return decode(answer["Item"])


def end_lease() -> None:
    """As if a minute had passed since the claim."""
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


def test_the_lease_outlives_the_function_and_the_row_outlives_the_queue(orders_table: str) -> None:
    before = time.time()
    claim("A", CONFIRMED)
    lease = datetime.fromisoformat(row()["leaseUntil"]).timestamp() - before
    assert mail_log.LEASE_SECONDS - 1 < lease < mail_log.LEASE_SECONDS + 2
    mark_sent("A", CONFIRMED, "m-1")
    assert 0 <= row()["expiresAt"] - int(before + 30 * 86400) <= 2
    assert "leaseUntil" not in row()


@pytest.mark.parametrize("mail", sorted(FOR_CUSTOMERS))
def test_a_row_holds_no_personal_data(orders_table: str, mail: EventType) -> None:
    claim("A", mail)
    mark_sent("A", mail, "m-1")
    assert set(row(mail)) == {"pk", "sk", "status", "at", "expiresAt", "messageId"}
    assert row(mail)["sk"] == f"MAIL#{mail}"

"""What became of mail: the order is marked, the mail's row says it, and its address gets no more."""

import io
import json
from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

import pytest

from handlers.adapters import attention, customer_mail, mail_log, order_events
from handlers.adapters.mail_log import Claim
from handlers.adapters.order_table import insert
from handlers.domain.events import EventType
from handlers.domain.mail_outcome import Outcome
from handlers.runtime.aws import client
from tests.support.database import everything, stored_order
from tests.support.mail_queue import ORDER, order_becomes
from tests.support.mail_reports import (
    ADDRESS,
    REPORTED_AT,
    Report,
    bounce,
    complaint,
    deliver,
    reject,
    tagged,
)

Published = list[tuple[str, str]]
CONFIRMED = EventType.ORDER_CONFIRMED
CUSTOMER_KEY = {"pk": {"S": "CUSTOMER#c-1"}, "sk": {"S": "MAIL"}}
EARLIER, LATER = "2026-11-22T10:25:13.000Z", "2026-11-22T10:25:15.000Z"
FAILED = [bounce(), complaint(), reject(), bounce(sub_type="Suppressed")]


@pytest.fixture(autouse=True)
def published(orders_table: str) -> Iterator[Published]:
    """The order `A`, whose confirmation SES has taken; and what operators are told."""
    insert(ORDER)
    assert mail_log.claim("A", CONFIRMED) is Claim.WON
    mail_log.mark_sent("A", CONFIRMED, "m-1")
    told: Published = []
    with patch.object(order_events, "publish_needs_attention", lambda *event: told.append(event)):
        yield told


def mail_row() -> dict[str, Any]:
    row = everything()["orders"]["ORDER#A", "MAIL#OrderConfirmed"]
    return {name: value for name, value in row.items() if name not in ("pk", "sk", "at")}


def customer_row() -> dict[str, Any] | None:
    return everything()["orders"].get(("CUSTOMER#c-1", "MAIL"))


@pytest.mark.parametrize(
    ("report", "outcome"),
    [(bounce(), "BOUNCED"), (complaint(), "COMPLAINED")],
)
def test_a_mail_that_fails_is_noted_with_ses_own_id_and_time(report: Report, outcome: str) -> None:
    assert deliver(report) == []
    kind = report["eventType"].lower()
    assert mail_row() == {
        "status": "SENT",
        "messageId": "m-1",
        "outcome": outcome,
        "feedbackId": f"{kind}-{REPORTED_AT}",
        "outcomeAt": REPORTED_AT,
    }


@pytest.mark.parametrize("sub_type", ["Suppressed", "OnAccountSuppressionList"])
def test_a_mail_that_a_suppression_list_stopped_was_skipped(sub_type: str) -> None:
    assert deliver(bounce(sub_type=sub_type)) == []
    row = mail_row()
    assert (row["status"], row["reason"], "outcome" in row) == ("SKIPPED", "SUPPRESSED", False)
    assert mail_log.claim("A", CONFIRMED) is Claim.SKIPPED


@pytest.mark.parametrize("report", FAILED)
def test_an_order_at_rest_is_listed_for_operators_and_they_are_told_afterwards(
    report: Report, published: Published
) -> None:
    before = stored_order("A")
    assert "dueAt" not in before
    assert deliver(report) == []
    after = stored_order("A")
    since = after["attention"].pop("MAIL")
    assert after.pop("attentionSince") == since
    assert after.pop("attentionShard") == "0"
    assert after == before  # the version too: customers see nothing of it
    assert published == [("A", "MAIL")]


def test_a_cause_that_is_there_keeps_its_time() -> None:
    known: Any = {"attention": {"FAULT": EARLIER}, "attentionSince": EARLIER}
    order_becomes("CONFIRMED", **known)
    assert deliver(bounce()) == []
    order = stored_order("A")
    assert order["attention"].keys() == {"FAULT", "MAIL"}
    assert order["attention"]["FAULT"] == order["attentionSince"] == EARLIER


@pytest.mark.parametrize("report", [each for each in FAILED if "reject" not in each])
def test_no_further_mail_goes_to_the_address_and_the_row_holds_a_hash_of_it(
    report: Report,
) -> None:
    assert deliver(report) == []
    assert customer_mail.get_order("A", "c-1")[1] is not None
    row = customer_row()
    assert row
    assert set(row) == {"pk", "sk", "address", "outcome", "at"}
    assert not any(part in str(row) for part in ("zoe", "example", "@"))


def test_a_virus_in_a_mail_says_nothing_about_its_address() -> None:
    assert deliver(reject()) == []
    assert mail_row()["outcome"] == "REJECTED"
    assert customer_row() is None


@pytest.mark.parametrize(
    "report",
    [
        bounce("Transient", "MailboxFull"),
        bounce("Undetermined", "Undetermined"),
        complaint(complaintFeedbackType="not-spam"),
    ],
)
def test_what_may_arrive_the_next_time_is_logged_and_counted_and_marks_nothing(
    report: Report, published: Published, log: io.StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    before = everything()
    assert deliver(report) == []
    assert everything() == before
    assert published == []
    [line] = [json.loads(text) for text in log.getvalue().splitlines()]
    assert (line["orderId"], line["outcome"]) == ("A", "TRANSIENT")
    assert json.loads(capsys.readouterr().out)["MailTransient"] == [1.0]


@pytest.mark.parametrize("report", FAILED)
def test_the_same_report_twice_changes_nothing_more(report: Report) -> None:
    assert deliver(report) == []
    before = everything()
    assert deliver(report, report) == []
    assert everything() == before


@pytest.mark.parametrize("report", FAILED)
def test_a_report_that_comes_again_does_not_undo_an_operators_resolve(
    report: Report, published: Published
) -> None:
    assert deliver(report) == []
    order_becomes("CONFIRMED")  # without the mark
    client("dynamodb").delete_item(TableName="orders", Key=CUSTOMER_KEY)
    assert deliver(report) == []
    assert stored_order("A")["attention"] == {}
    assert customer_row() is None
    assert published == [("A", "MAIL")]


def test_the_latest_outcome_stays_whatever_comes_after_it() -> None:
    assert deliver(complaint(at=LATER), bounce(at=EARLIER)) == []
    row = customer_row()
    assert row
    assert (mail_row()["outcome"], row["outcome"]) == ("COMPLAINED", "COMPLAINED")
    assert mail_row()["outcomeAt"] == row["at"] == LATER


@pytest.mark.parametrize("report", FAILED)
def test_a_report_that_is_faster_than_the_record_of_the_sending_stays(report: Report) -> None:
    second = tagged(report, orderId="A", mail="OrderCancelled")
    assert mail_log.claim("A", EventType.ORDER_CANCELLED) is Claim.WON
    assert deliver(second) == []
    before = everything()
    mail_log.mark_sent("A", EventType.ORDER_CANCELLED, "m-1")
    mail_log.mark_uncertain("A", EventType.ORDER_CANCELLED)
    assert everything() == before
    claim = mail_log.claim("A", EventType.ORDER_CANCELLED)
    assert claim in (Claim.ALREADY_SENT, Claim.SKIPPED)


def test_a_report_proves_that_a_mail_without_an_answer_was_sent() -> None:
    assert mail_log.claim("A", EventType.ORDER_CANCELLED) is Claim.WON
    mail_log.mark_uncertain("A", EventType.ORDER_CANCELLED)
    assert deliver(tagged(bounce(), orderId="A", mail="OrderCancelled")) == []
    assert mail_log.claim("A", EventType.ORDER_CANCELLED) is Claim.ALREADY_SENT


@pytest.mark.parametrize(
    ("module", "step"),
    [
        (customer_mail, "note"),
        (mail_log, "is_news"),
        (attention, "flag"),
        (mail_log, "record_outcome"),
        (order_events, "publish_needs_attention"),
    ],
)
def test_a_report_that_is_cut_off_is_done_by_the_next_delivery(
    module: Any, step: str, published: Published
) -> None:
    with patch.object(module, step, side_effect=ConnectionError):
        assert deliver(bounce()) == ["report-0"]
    assert deliver(bounce()) == []
    assert "MAIL" in stored_order("A")["attention"]
    assert mail_row()["outcome"] == "BOUNCED"
    assert customer_mail.get_order("A", "c-1")[1] is Outcome.BOUNCED
    assert published == [("A", "MAIL")]


@pytest.mark.parametrize(
    "report",
    [
        tagged(bounce(), orderId="NOBODY", mail="OrderConfirmed"),
        tagged(bounce(), orderId="A", mail="StockLow"),
        tagged(bounce()),
    ],
)
def test_what_is_about_no_order_is_told_once_and_is_no_poison(
    report: Report, published: Published, log: io.StringIO
) -> None:
    before = everything()
    assert deliver(report) == []
    assert everything() == before
    assert published == []
    [line] = [json.loads(text) for text in log.getvalue().splitlines()]
    assert line["level"] == "WARNING"


@pytest.mark.parametrize(
    "poison", [{}, {"mail": None}, tagged(bounce(at="soon"), orderId="A", mail="OrderConfirmed")]
)
def test_poison_is_reported_alone(poison: Report) -> None:
    assert deliver(poison, bounce()) == ["report-0"]
    assert mail_row()["outcome"] == "BOUNCED"


@pytest.mark.parametrize(
    "report", [*FAILED, tagged({"mail": {"to": ADDRESS}}, orderId="A", mail="OrderConfirmed")]
)
def test_nothing_logged_holds_the_address(
    report: Report, log: io.StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    deliver(report)
    logged = log.getvalue() + capsys.readouterr().out
    assert "report-0" in logged or '"orderId":"A"' in logged
    assert not any(part in logged for part in ("zoe", "Zo", "@"))

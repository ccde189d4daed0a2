from typing import Any

import pytest

from handlers.domain.events import FOR_OPERATORS
from handlers.domain.mail_outcome import MailOutcome, Outcome, of_event
from tests.support.mail_reports import REPORTED_AT, SENT_AT, bounce, complaint, reject, tagged


@pytest.mark.parametrize(
    ("event", "outcome"),
    [
        (bounce("Permanent", "General"), "BOUNCED"),
        (bounce("Permanent", "NoEmail"), "BOUNCED"),
        (bounce("Permanent", "Suppressed"), "SUPPRESSED"),
        (bounce("Permanent", "OnAccountSuppressionList"), "SUPPRESSED"),
        (bounce("Transient", "MailboxFull"), "TRANSIENT"),
        (bounce("Undetermined", "Undetermined"), "TRANSIENT"),
        (complaint(), "COMPLAINED"),
        (complaint(complaintFeedbackType="abuse"), "COMPLAINED"),
        (complaint(complaintSubType="OnAccountSuppressionList"), "SUPPRESSED"),
        (complaint(complaintFeedbackType="not-spam"), "TRANSIENT"),
        (reject(), "REJECTED"),
        (tagged(bounce(), orderId="A", mail="OrderConfirmed") | {"eventType": "Send"}, "TRANSIENT"),
    ],
)
def test_what_ses_reports_is_one_outcome(event: dict[str, Any], outcome: str) -> None:
    told = of_event(event)
    assert told
    assert told.outcome == outcome


def test_an_outcome_names_order_mail_and_both_ids_of_ses() -> None:
    assert of_event(bounce()) == MailOutcome(
        Outcome.BOUNCED, "A", "OrderConfirmed", "m-1", f"bounce-{REPORTED_AT}", REPORTED_AT
    )


def test_a_rejection_has_no_feedback_of_its_own() -> None:
    """SES says neither an id nor a time of it."""
    assert of_event(reject()) == MailOutcome(
        Outcome.REJECTED, "A", "OrderConfirmed", "m-1", "m-1", SENT_AT
    )


@pytest.mark.parametrize(
    "event",
    [
        tagged(bounce()),
        tagged(bounce(), orderId="A"),
        tagged(bounce(), mail="OrderConfirmed"),
        *(tagged(bounce(), orderId="A", mail=kind) for kind in sorted(FOR_OPERATORS)),
    ],
)
def test_what_is_about_no_mail_of_an_order_is_nothing(event: dict[str, Any]) -> None:
    assert of_event(event) is None


def test_a_time_is_written_as_all_others_are() -> None:
    """So that outcomes compare as their times do."""
    told = of_event(bounce(at="2026-11-22T11:25:14+01:00"))
    assert told
    assert told.at == REPORTED_AT

from unittest.mock import patch

import boto3
import pytest
from botocore.stub import Stubber

from handlers.adapters import mailer
from handlers.domain import shop
from handlers.domain.mail import Mail

MAIL = Mail("Grüße", "text 漢字", "<p>html 漢字</p>")


@pytest.fixture
def ses(aws: None, monkeypatch: pytest.MonkeyPatch) -> Stubber:
    monkeypatch.setenv("SENDER_EMAIL", "orders@shop.example")
    return Stubber(boto3.client("sesv2"))


def test_a_mail_goes_to_one_recipient_as_text_and_html_in_utf_8(ses: Stubber) -> None:
    expected = {
        "FromEmailAddress": f"{shop.NAME} <orders@shop.example>",
        "Destination": {"ToAddresses": ["zoe@example.com"]},
        "Content": {
            "Simple": {
                "Subject": {"Data": "Grüße", "Charset": "UTF-8"},
                "Body": {
                    "Text": {"Data": "text 漢字", "Charset": "UTF-8"},
                    "Html": {"Data": "<p>html 漢字</p>", "Charset": "UTF-8"},
                },
            }
        },
    }
    ses.add_response("send_email", {"MessageId": "m-1"}, expected)
    with ses, patch.object(mailer, "_ses", lambda: ses.client):
        assert mailer.send(MAIL, "zoe@example.com") == "m-1"
        ses.assert_no_pending_responses()


def test_a_refused_mail_names_the_code_and_no_address(ses: Stubber) -> None:
    ses.add_client_error("send_email", "MessageRejected", "not verified: zoe@example.com")
    with (
        ses,
        patch.object(mailer, "_ses", lambda: ses.client),
        pytest.raises(mailer.MailRefused) as raised,
    ):
        mailer.send(MAIL, "zoe@example.com")
    assert str(raised.value) == "MessageRejected"
    assert raised.value.__suppress_context__  # or a log would print the original below it


def test_ses_is_asked_once_because_it_sends_whatever_it_is_asked(aws: None) -> None:
    mailer._ses.cache_clear()
    assert mailer._ses().meta.config.retries["total_max_attempts"] == 1
    mailer._ses.cache_clear()

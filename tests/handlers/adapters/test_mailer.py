import json
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from unittest.mock import patch

import boto3
import pytest
from botocore.exceptions import EndpointConnectionError
from botocore.stub import Stubber

from handlers.adapters import mailer
from handlers.domain import shop
from handlers.domain.events import EventType
from handlers.domain.mail import Mail

MAIL = Mail("Grüße", "text 漢字", "<p>html 漢字</p>")


def send() -> str:
    return mailer.send(MAIL, "zoe@example.com", "A", EventType.ORDER_CONFIRMED)


@pytest.fixture
def ses(aws: None, monkeypatch: pytest.MonkeyPatch) -> Stubber:
    monkeypatch.setenv("SENDER_EMAIL", "orders@shop.example")
    monkeypatch.setenv("CONFIGURATION_SET", "orders-dev-mail")
    monkeypatch.setenv("STOREFRONT_URL", "https://shop.example")
    return Stubber(boto3.client("sesv2"))


def test_a_mail_goes_to_one_recipient_as_text_and_html_in_utf_8(ses: Stubber) -> None:
    expected = {
        "FromEmailAddress": f"{shop.NAME} <orders@shop.example>",
        "ReplyToAddresses": [shop.CONTACT],
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
        "ConfigurationSetName": "orders-dev-mail",
        "EmailTags": [
            {"Name": "orderId", "Value": "A"},
            {"Name": "mail", "Value": "OrderConfirmed"},
        ],
    }
    ses.add_response("send_email", {"MessageId": "m-1"}, expected)
    with ses, patch.object(mailer, "_ses", lambda: ses.client):
        assert send() == "m-1"
        ses.assert_no_pending_responses()


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        ("zoe@example.com", "zoe@example.com"),
        ("zoe+shop@Example.com", "zoe+shop@Example.com"),
        ("zoe@müller.example", "zoe@xn--mller-kva.example"),
        ("zoe@MÜLLER.example", "zoe@xn--mller-kva.example"),
        ("zoe@straße.example", "zoe@xn--strae-oqa.example"),  # strasse.example is somebody else's
        ("zoe@例え.テスト", "zoe@xn--r8jz45g.xn--zckzah"),
        ("zoë@example.com", None),
        ("zoe@-ü.example", None),
        ("zoe@ü..example", None),
    ],
)
def test_a_domain_is_written_in_punycode_and_what_ses_does_not_take_is_told_apart(
    given: str, taken: str | None
) -> None:
    assert mailer.address(given) == taken


def test_a_shop_whose_name_is_not_ascii_is_named_in_an_encoded_word(
    ses: Stubber, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shop, "NAME", "Bücher, Tee & Co")
    answer = {"MessageId": "m-1"}
    with (
        patch.object(ses.client, "send_email", return_value=answer) as sent,
        patch.object(mailer, "_ses", lambda: ses.client),
    ):
        send()
    encoded = "=?utf-8?b?QsO8Y2hlciwgVGVlICYgQ28=?="
    assert sent.call_args.kwargs["FromEmailAddress"] == f"{encoded} <orders@shop.example>"


def test_a_refused_mail_names_the_code_and_no_address(ses: Stubber) -> None:
    ses.add_client_error("send_email", "MessageRejected", "not verified: zoe@example.com")
    with (
        ses,
        patch.object(mailer, "_ses", lambda: ses.client),
        pytest.raises(mailer.MailRefused) as raised,
    ):
        send()
    assert str(raised.value) == "MessageRejected"
    assert raised.value.__suppress_context__  # or a log would print the original below it


class Ses(ThreadingHTTPServer):
    """SES on a port of this machine. It takes each mail; `answers` says whether it also answers."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), SesConnection)
        self.connections: list[list[str]] = []
        self.answers = True
        self.hangs = threading.Event()


class SesConnection(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Ses

    def setup(self) -> None:
        super().setup()
        self.subjects: list[str] = []
        self.server.connections.append(self.subjects)

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.subjects.append(asked["Content"]["Simple"]["Subject"]["Data"])
        if not self.server.answers:
            self.server.hangs.wait(10)
            self.close_connection = True
            return
        body = b'{"MessageId": "m-1"}'
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None: ...


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Ses]:
    """SES over HTTP, which waits for answers as long as the tests do."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("SENDER_EMAIL", "orders@shop.example")
    monkeypatch.setenv("CONFIGURATION_SET", "orders-dev-mail")
    monkeypatch.setenv("STOREFRONT_URL", "https://shop.example")
    monkeypatch.setattr(mailer, "ANSWER_SECONDS", 0.3)
    mailer._ses.cache_clear()
    with Ses() as ses:
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{ses.server_port}")
        thread = threading.Thread(target=ses.serve_forever, args=(0.01,))
        thread.start()
        yield ses
        ses.hangs.set()
        ses.shutdown()
        thread.join()
    mailer._ses.cache_clear()


@pytest.mark.parametrize("hangs", [True, False])
def test_the_outcome_of_a_mail_is_unknown_if_ses_took_it_and_gives_no_answer(
    server: Ses, hangs: bool
) -> None:
    server.answers = False
    if not hangs:
        server.hangs.set()  # it ends the connection at once
    with pytest.raises(mailer.OutcomeUnknown):
        send()
    assert server.connections == [["Grüße"]]


def test_the_outcome_is_known_if_ses_cannot_be_reached(
    server: Ses, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{closed.getsockname()[1]}")
        with pytest.raises(EndpointConnectionError):
            send()


def test_no_mail_takes_a_connection_that_ses_may_have_closed_meanwhile(server: Ses) -> None:
    for _ in range(2):
        assert send() == "m-1"
    assert server.connections == [["Grüße"], ["Grüße"]]


def test_ses_is_asked_once_because_it_sends_whatever_it_is_asked(aws: None) -> None:
    mailer._ses.cache_clear()
    assert mailer._ses().meta.config.retries["total_max_attempts"] == 1
    mailer._ses.cache_clear()

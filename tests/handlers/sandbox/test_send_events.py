"""Events on their way to the webhook: signed as Stripe signs them, delivered again until taken."""

import io
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import boto3
import pytest
import stripe

from handlers.adapters import payment_secret
from handlers.runtime.observability import logger
from handlers.sandbox import send_events
from handlers.sandbox.send_events import lambda_handler

BODY = json.dumps({"id": "evt_1", "object": "event", "type": "charge.refunded", "data": "Ł"})
NEW, OLD = "whsec_new", "whsec_old"


class Webhook:
    """Stands for the shop's webhook; answers `status`, and keeps what came."""

    def __init__(self) -> None:
        self.status = 200
        self.came: list[tuple[str, dict[str, str], bytes]] = []
        webhook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                size = int(self.headers["content-length"])
                headers = {name.lower(): value for name, value in self.headers.items()}
                webhook.came.append((self.path, headers, self.rfile.read(size)))
                self.send_response(webhook.status)
                self.send_header("location", "/elsewhere")
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:
                """Silent: `came` says what came."""

        self._server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/api/payments/webhook"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@pytest.fixture
def webhook(aws: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Webhook]:
    secret = boto3.client("secretsmanager").create_secret(
        Name="webhook", SecretString=json.dumps([NEW, OLD])
    )
    payment_secret._provider.cache_clear()
    webhook = Webhook()
    monkeypatch.setenv("WEBHOOK_URL", webhook.url)
    monkeypatch.setenv("WEBHOOK_SECRET_ARN", secret["ARN"])
    yield webhook
    webhook.stop()
    payment_secret._provider.cache_clear()


def batch(*bodies: str) -> dict[str, Any]:
    return {
        "Records": [{"messageId": str(n), "body": body} for n, body in enumerate(bodies)],
    }


def failed(event: dict[str, Any]) -> list[str]:
    return [each["itemIdentifier"] for each in lambda_handler(event, None)["batchItemFailures"]]


def test_the_official_sdk_takes_the_event_signed_with_the_newest_secret(webhook: Webhook) -> None:
    assert failed(batch(BODY)) == []
    [(path, headers, body)] = webhook.came
    assert (path, body) == ("/api/payments/webhook", BODY.encode())
    event = stripe.Webhook.construct_event(body, headers["stripe-signature"], NEW)
    assert (event.id, event.type) == ("evt_1", "charge.refunded")
    with pytest.raises(stripe.SignatureVerificationError):
        stripe.Webhook.construct_event(body, headers["stripe-signature"], OLD)


def test_each_attempt_is_signed_at_its_own_time(
    webhook: Webhook, monkeypatch: pytest.MonkeyPatch
) -> None:
    webhook.status = 500
    assert failed(batch(BODY)) == ["0"]
    later = send_events.time.time() + 3600
    monkeypatch.setattr(send_events.time, "time", lambda: later)
    assert failed(batch(BODY)) == ["0"]
    [(_, _, first), (_, headers, second)] = webhook.came
    assert first == second
    stripe.Webhook.construct_event(second, headers["stripe-signature"], NEW)


@pytest.mark.parametrize("status", [301, 307, 400, 404, 500])
def test_what_is_not_taken_comes_again(webhook: Webhook, status: int) -> None:
    webhook.status = status
    assert failed(batch(BODY)) == ["0"]
    assert len(webhook.came) == 1


def test_one_event_that_fails_does_not_stop_the_others(webhook: Webhook) -> None:
    assert failed(batch("{", BODY, "[]", BODY)) == ["0", "2"]
    assert len(webhook.came) == 2


def test_a_webhook_that_is_down_gets_its_events_later(
    webhook: Webhook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WEBHOOK_URL", "http://127.0.0.1:9/")
    assert failed(batch(BODY)) == ["0"]


def test_the_log_has_neither_secret_nor_body(
    webhook: Webhook, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = io.StringIO()
    monkeypatch.setattr(logger.registered_handler, "stream", log)
    secret = json.dumps({"id": "evt_1", "type": "x", "data": {"client_secret": "pi_1_secret_2"}})
    failed(batch(secret))
    webhook.status = 500
    failed(batch(secret))
    assert "evt_1" in log.getvalue()
    assert "_secret_" not in log.getvalue()
    assert NEW not in log.getvalue()

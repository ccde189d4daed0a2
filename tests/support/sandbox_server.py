"""The payment sandbox over HTTP: what a Function URL does, on a free port of this machine.

One lock around the handler, because moto is not thread-safe; overlap is made with `overlapping`.
"""

import base64
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

import boto3
import pytest
import stripe

from handlers.adapters import payment_secret
from handlers.sandbox import idempotency
from handlers.sandbox.payment_sandbox import lambda_handler

SECRET_KEY = "sk_test_of_this_stack"
RETURN_URL = "https://shop.example/orders/A1"


class SandboxServer:
    """`answers` lists (method, path, status); `loses` drops an answer once the work is done."""

    def __init__(self) -> None:
        self.answers: list[tuple[str, str, int]] = []
        self.loses: Callable[[str, str], bool] = lambda method, path: False
        self.answered: Callable[[], None] = lambda: None
        self._lock = threading.Lock()
        self._stopped = False
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler_of(self))
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    def stop(self) -> None:
        """Down for good: open connections end with their next request."""
        self._stopped = True
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def handle(self, event: dict[str, Any]) -> dict[str, Any] | None:
        """The handler's answer, or None when it gets lost on its way."""
        if self._stopped:
            return None
        method, path = event["requestContext"]["http"]["method"], event["rawPath"]
        with self._lock:
            answer = lambda_handler(event, None)
            self.answers.append((method, path, answer["statusCode"]))
            self.answered()
        return None if self.loses(method, path) else answer

    def statuses(self, method: str, ending: str) -> list[int]:
        """The statuses of the answers to `method` on paths that end so."""
        return [
            status
            for made, path, status in self.answers
            if made == method and path.endswith(ending)
        ]

    def sdk(self, key: str = SECRET_KEY, retries: int = 0) -> stripe.StripeClient:
        """The official client of this server."""
        return stripe.StripeClient(
            key,
            base_addresses={"api": self.url},
            max_network_retries=retries,
            http_client=stripe.RequestsClient(timeout=5),
        )


@contextmanager
def running_sandbox(monkeypatch: pytest.MonkeyPatch) -> Iterator[SandboxServer]:
    """A sandbox with an empty table and its secret, in moto's account."""
    boto3.client("dynamodb").create_table(
        TableName="sandbox",
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[
            {"AttributeName": "pk", "KeyType": "HASH"},
            {"AttributeName": "sk", "KeyType": "RANGE"},
        ],
        AttributeDefinitions=[
            {"AttributeName": "pk", "AttributeType": "S"},
            {"AttributeName": "sk", "AttributeType": "S"},
        ],
    )
    secrets = boto3.client("secretsmanager")
    secret = secrets.create_secret(Name="payment-key", SecretString=SECRET_KEY)
    payment_secret._provider.cache_clear()
    server = SandboxServer()
    monkeypatch.setenv("SANDBOX_TABLE", "sandbox")
    monkeypatch.setenv("PAYMENT_SECRET_ARN", secret["ARN"])
    monkeypatch.setenv("PAYMENT_API_URL", server.url)
    monkeypatch.setenv("STACK_NAME", "test")
    monkeypatch.setattr(stripe.HTTPClient, "INITIAL_DELAY", 0.01)
    monkeypatch.setattr(stripe.HTTPClient, "MAX_DELAY", 0.01)
    try:
        yield server
    finally:
        server.stop()
        payment_secret._provider.cache_clear()


def event_of(
    method: str, path: str, body: str = "", key: str = SECRET_KEY, idempotency_key: str = ""
) -> dict[str, Any]:
    """A Function URL's event as AWS makes it of a form post."""
    headers = {"authorization": f"Bearer {key}"}
    if idempotency_key:
        headers["idempotency-key"] = idempotency_key
    parts = urlsplit(path)
    return {
        "rawPath": parts.path,
        "rawQueryString": parts.query,
        "headers": headers,
        "requestContext": {"http": {"method": method}},
        "body": base64.b64encode(body.encode()).decode(),
        "isBase64Encoded": True,
    }


@contextmanager
def overlapping(monkeypatch: pytest.MonkeyPatch, inner: Callable[[], Any]) -> Iterator[list[Any]]:
    """Run `inner` once while the next request is between what it read and what it writes."""
    results: list[Any] = []
    pending = [inner]

    def pause() -> None:
        if pending:
            results.append(pending.pop()())

    with monkeypatch.context() as patch:
        patch.setattr(idempotency, "_pause", pause)
        yield results


def _handler_of(sandbox: SandboxServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            size = int(self.headers.get("content-length") or 0)
            answer = sandbox.handle(
                {
                    "rawPath": parts.path,
                    "rawQueryString": parts.query,
                    "headers": {name.lower(): value for name, value in self.headers.items()},
                    "requestContext": {"http": {"method": self.command}},
                    "body": base64.b64encode(self.rfile.read(size)).decode(),
                    "isBase64Encoded": True,
                }
            )
            if answer is None:
                self.close_connection = True
                return
            body = answer["body"].encode()
            self.send_response(answer["statusCode"])
            for name, value in answer["headers"].items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET

        def log_message(self, format: str, *args: Any) -> None:
            """Silent: `answers` says what came."""

    return Handler

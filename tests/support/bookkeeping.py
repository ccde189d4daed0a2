"""The books function with a key that may only read, between a payment sandbox and an orders table.

Nothing waits for its clock.
"""

import json
import time
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import boto3
import pytest

from handlers.adapters import (
    books_sweep,
    ledger_rows,
    order_events,
    stripe_books,
    stripe_requests,
)
from handlers.adapters.items import encode
from handlers.adapters.order_table import table
from handlers.adapters.stripe_gateway import StripeGateway
from handlers.domain.ledger import proven
from handlers.domain.payment import PaymentIntent
from handlers.domain.sweep import Part, Sweep
from handlers.events import compare_books
from handlers.runtime.aws import client
from handlers.sandbox.payment_sandbox import lambda_handler
from tests.support.database import an_order, everything, put_order
from tests.support.reconciliation import Clock, Topic, ago
from tests.support.sandbox_server import SandboxServer, event_of

TIMEOUT = 600
READ_KEY = "rk_test_of_this_stack"
DAY = 24 * 3600


class Bookkeeping:
    """Makes orders with payments, and calls the handler as the schedule and the webhook do."""

    def __init__(self, sandbox: SandboxServer, monkeypatch: pytest.MonkeyPatch) -> None:
        self.sandbox = sandbox
        self.clock = Clock()
        self.published = Topic()
        self.gateway = StripeGateway()
        self.asked: list[tuple[float, str]] = []
        secret = boto3.client("secretsmanager").create_secret(Name="read", SecretString=READ_KEY)
        monkeypatch.setenv("PAYMENT_READ_SECRET_ARN", secret["ARN"])
        monkeypatch.setenv("ORDER_EVENTS_TOPIC_ARN", "arn:aws:sns:us-east-1:000000000000:events")
        monkeypatch.setattr(order_events, "client", {"sns": self.published}.__getitem__)
        monkeypatch.setattr(stripe_books, "time", self.clock)
        sandbox.answered = self._note_request

    def intent(self, order_id: str, until: str = "captured") -> PaymentIntent:
        """A payment of 2801 cents that is created, held or captured."""
        made = self.gateway.create(order_id, 2801, "USD", "pm_card_visa")
        if until in ("held", "captured"):
            made = self.gateway.confirm(order_id, made.id, "https://shop.example/")
        return self.gateway.capture(order_id, made.id) if until == "captured" else made

    def paid(self, order_id: str = "A", status: str = "CONFIRMED", **changes: Any) -> PaymentIntent:
        """The captured payment of an order that has been at rest for three hours, with its ledger."""
        intent = self.intent(order_id)
        self.put(order_id, status, intent.id, **changes)
        self.enter(order_id, intent)
        return intent

    def put(self, order_id: str, status: str, intent_id: str, **changes: Any) -> None:
        kept = {
            "payment": {"intentId": intent_id},
            "timeline": [{"status": status, "at": ago(hours=3)}],
        }
        put_order(an_order(status, orderId=order_id, **(kept | changes)))

    def enter(self, order_id: str, intent: PaymentIntent, at: str = "") -> None:
        """Write the ledger's rows of this payment, as of three hours ago."""
        order: Any = {"orderId": order_id, "currency": "USD"}
        for entry in proven(intent):
            put = ledger_rows.row(order, *entry)["Put"]
            put["Item"] |= encode({"at": at or ago(hours=3)})
            client("dynamodb").put_item(**put)

    def refund(self, intent: PaymentIntent, amount: int = 2801) -> str:
        """The id of a refund that is made in the gateway's dashboard."""
        params: Any = {"payment_intent": intent.id, "amount": amount}
        return self.sandbox.sdk().v1.refunds.create(params).id

    def fail(self, refund_id: str) -> None:
        _post(f"/sandbox/refunds/{refund_id}/fail")

    def dispute(self, intent: PaymentIntent) -> str:
        """The id of a dispute that the customer's bank opens."""
        return _post("/sandbox/disputes", f"payment_intent={intent.id}")["id"]

    def begin(self, part: Part = Part.PAYMENTS, days_ago: int = 0) -> Sweep:
        """Make a sweep due, of all that the sandbox has or of so many days earlier, and return it."""
        until = int(time.time()) + 1 - days_ago * DAY
        sweep = Sweep(until - DAY, until, part)
        row = {"pk": "BOOKS", "sk": "CURSOR", **sweep._asdict(), "after": []}
        client("dynamodb").put_item(TableName=table(), Item=encode(row))
        return sweep

    def call(self, seconds: float = TIMEOUT, **event: str) -> list[str]:
        """One call of the handler, which has `seconds` to end; the paths that it asked the gateway for."""
        end, before = self.clock.now + seconds, len(self.asked)

        def left() -> int:
            return int((end - self.clock.now) * 1000)

        context: Any = SimpleNamespace(get_remaining_time_in_millis=left)
        with patch.object(stripe_requests, "payment_secret", lambda *_, **__: READ_KEY):
            compare_books.lambda_handler(dict(event), context)
        return [path for _, path in self.asked[before:]]

    def sweep(self) -> list[str]:
        """A whole sweep in one call."""
        self.begin()
        return self.call()

    def on_event(self, intent: PaymentIntent) -> None:
        self.call(intentId=intent.id, eventId="evt_1", eventType="refund.updated")

    @property
    def part(self) -> Part:
        """Where the sweep is."""
        saved = books_sweep.last()
        assert saved
        return saved.part

    @property
    def alerts(self) -> list[str]:
        """The ids of the events that operators got."""
        return [each["eventId"] for each in self.published]

    def _note_request(self) -> None:
        method, path, _ = self.sandbox.answers[-1]
        if method == "GET":
            self.asked.append((self.clock.now, path))


def _post(path: str, form: str = "") -> dict[str, Any]:
    answer = lambda_handler(event_of("POST", path, form), None)
    assert answer["statusCode"] == 200, answer["body"]
    return json.loads(answer["body"])


def findings(order_id: str) -> dict[str, Any]:
    """What was found of an order: `<cause>#<gateway id>` -> amount."""
    rows = everything()["orders"]
    return {
        sk.removeprefix("FINDING#"): row["amount"]
        for (pk, sk), row in rows.items()
        if pk == f"ORDER#{order_id}" and sk.startswith("FINDING#")
    }


def entered(order_id: str) -> set[str]:
    """The sort keys of an order's ledger without `TXN#`."""
    keys = everything()["orders"]
    return {sk[4:] for pk, sk in keys if pk == f"ORDER#{order_id}" and sk.startswith("TXN#")}


def orphans() -> set[str]:
    """The payments without an order that were noted."""
    return {sk.removeprefix("ORPHAN#") for pk, sk in everything()["orders"] if "ORPHAN#" in sk}

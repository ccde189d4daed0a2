"""One order in this process and what drives it: the reconciler, the gateway's webhook, its customer.

Time passes by moving the order's own times back, so nothing waits and nothing stands for the clock.
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from urllib.parse import urlencode

import pytest

from handlers.adapters import mailer, order_events, webhook_secret, workflow
from handlers.api import payment_webhook
from handlers.domain.clock import timestamp
from handlers.domain.payment_event import FOR_BOOKS, WAKING
from handlers.runtime.aws import client
from handlers.sandbox.payment_sandbox import lambda_handler
from handlers.workflow import process_payment
from handlers.workflow.step import Step
from tests.support.database import ORDER_ID, Item, as_stored
from tests.support.in_process_system import InProcessSystem
from tests.support.interleaving_scheduler import Run, RunEnded, one_call
from tests.support.invariants import PAID, assert_money_is_exact, assert_stock_fits_status
from tests.support.mail_queue import Outbox, deliver
from tests.support.payment_events import send
from tests.support.reconciliation import Reconciler, aged
from tests.support.rest_client import RestClient, token
from tests.support.sandbox_server import event_of

STOCK = 10
WANTED = {"mug": 2, "pen": 1}
LOOKS = 12  # many more than an order that nothing is wrong with needs
ASKING = "pm_card_authenticationRequired"
STOPS = {
    "RECEIVED": "validate_order",
    "VALIDATED": "process_payment",
    "AWAITING_PAYMENT": "",
    "PAYMENT_AUTHORIZED": "update_inventory",
    "INVENTORY_RESERVED": "capture_payment",
    "CONFIRMED": "generate_receipt",
    "REJECTING": "release_payment",
}
"""A status, and the function whose death leaves a run's order in it."""


class DrivenShop:
    """`runs` are those that were started; unless they `are_driven`, they stand before their first call."""

    def __init__(self, system: InProcessSystem, monkeypatch: pytest.MonkeyPatch) -> None:
        self.system = system
        self.runs: list[Run] = []
        self.are_driven = True
        self.waited = timedelta()
        self.outbox = Outbox(about=ORDER_ID)
        self.customer = RestClient(token("anna"))
        self.reconciler = Reconciler(monkeypatch)
        self._gateway = RestClient(None, payment_webhook.lambda_handler)
        monkeypatch.setattr(workflow, "client", {"stepfunctions": self}.__getitem__)
        monkeypatch.setattr(order_events, "client", client)
        monkeypatch.setattr(mailer, "send", self.outbox.send)
        monkeypatch.setenv("SENDER_EMAIL", "orders@shop.example")
        monkeypatch.setenv("CONFIGURATION_SET", "orders-dev-mail")
        monkeypatch.setenv("STOREFRONT_URL", "https://shop.example")
        monkeypatch.setenv("WEBHOOK_SECRET_ARN", "webhook-secret")
        monkeypatch.setenv("SANDBOX_EVENTS_QUEUE_URL", "https://queue.invalid")
        webhook_secret._kept.clear()

    def start_execution(self, **request: str) -> None:
        """Start a run, as EXPRESS does: also under a name that was used before."""
        with one_call("start_execution", request["name"]):
            self.runs.append(self.system.run(request["name"]))
            if self.are_driven:
                self.runs[-1].to_the_end()

    def opened(self, status: str, stock: int = STOCK, **changes: Any) -> None:
        """Nothing but the order at this status, which is due in two minutes, as it is after POST."""
        due = timestamp(datetime.now(UTC) + timedelta(minutes=2))
        self.system.opened(status, stock, **({"dueAt": due} | changes))
        self.runs, self.are_driven, self.waited = [], True, timedelta()
        self.outbox.sent.clear()

    def reached(self, status: str, stock: int = STOCK, **changes: Any) -> None:
        """The order as a run has left it that came to `status` and died there without a trace."""
        self.opened("RECEIVED" if status == "RECEIVED" else "VALIDATED", stock, **changes)
        self.system.run(f"{ORDER_ID}-1", {STOPS[status]: dies}).to_the_end()
        assert self.order["status"] == status

    @property
    def order(self) -> Item:
        self.system.look()
        return self.system.order(ORDER_ID)

    def wait(self, span: timedelta) -> None:
        self.waited += span
        self.system.put("orders", as_stored(aged(self.order, span)))

    def minute_when_due(self) -> None:
        """The reconciler's next call after the order is due."""
        due = datetime.fromisoformat(self.order["dueAt"])
        self.wait(max(timedelta(0), due - datetime.now(UTC) + timedelta(seconds=1)))
        self.reconciler.minute()

    def driven_to_rest(self) -> int:
        """Return how many looks it took until nothing was due."""
        for looks in count():
            if "dueAt" not in self.order:
                return looks
            assert looks < LOOKS, f"still {self.order['status']}: {self.order.get('lastFault')}"
            self.minute_when_due()
        raise AssertionError("unreachable")

    def end(self) -> tuple[str, str]:
        """Return status and reason of an order at rest, whose money and stock are right."""
        order = self.order
        assert "dueAt" not in order, f"still {order['status']}: {order.get('lastFault')}"
        assert_money_is_exact(self.system, ORDER_ID)
        assert_stock_fits_status(order)
        for product, wanted in WANTED.items():
            taken = wanted if order["status"] in PAID else 0
            shelf = self.system.shelf(product)
            assert (shelf.taken, shelf.available + shelf.taken) == (taken, shelf.stocked)
        return order["status"], order.get("reason", "")

    @property
    def published(self) -> list[Item]:
        """The order events so far."""
        return client("sns").published

    def mails(self) -> list[str]:
        """The subjects of what the customer gets, once each event has come twice."""
        for event in self.published * 2:
            assert deliver({"messageId": event["eventId"], "body": json.dumps(event)}) == []
        return [subject for subject, _ in self.outbox.sent]

    def at_the_bank(self, decision: str) -> None:
        """The customer's decision on the bank's page: approve or refuse."""
        decide(self.system, decision)

    @contextmanager
    def gateway_down(self) -> Iterator[None]:
        """While inside, no request to the gateway is answered."""
        self.system.sandbox.is_down = lambda: True
        try:
            yield
        finally:
            self.system.sandbox.is_down = lambda: False

    def payment_is_cancelled(self) -> None:
        """In the gateway's dashboard, or by the bank when the hold ends."""
        [intent] = self.system.all_intents()[ORDER_ID]
        self.system.api.v1.payment_intents.cancel(intent.id)

    def events(self) -> Sequence[Item]:
        """The gateway's events that the webhook is subscribed to, as they were made."""
        return [each for each in client("sqs").published if each["type"] in WAKING | FOR_BOOKS]

    def receives(self, event: Item) -> str:
        """The webhook gets this event; return what came of it."""
        answer = send(self._gateway, json.dumps(event).encode())
        assert answer.status == 200, answer.body
        return answer.body["outcome"]


def decide(system: InProcessSystem, decision: str) -> None:
    """The form of the bank's page, sent by the order's customer."""
    order = system.look()[f"ORDER#{ORDER_ID}", "ORDER"]
    if "clientSecret" in order:
        intent_id, secret = order["payment"]["intentId"], order["clientSecret"]
    else:
        [intent] = system.all_intents()[ORDER_ID]
        intent_id, secret = intent.id, str(intent.client_secret)
    path = f"/bank/{intent_id}?{urlencode({'payment_intent_client_secret': secret})}"
    lambda_handler(event_of("POST", path, urlencode({"decision": decision})), None)


def dies(event: dict[str, Any], context: object) -> dict[str, Any]:
    """A function with which its whole run is gone."""
    raise RunEnded


def holds_and_dies(event: dict[str, Any], context: object) -> dict[str, Any]:
    """ProcessPayment that has asked the bank, and noted nothing of it."""
    process_payment._intent(Step.of(event))
    raise RunEnded

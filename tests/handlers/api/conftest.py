"""Customers, a stranger and the payment gateway at the API; products; a state machine that only notes."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from handlers.adapters import books, webhook_secret, workflow
from handlers.api import payment_webhook
from handlers.runtime.aws import client
from tests.support.database import put_product
from tests.support.payment_events import PREVIOUS, SECRET, STACK
from tests.support.rest_client import RestClient, token
from tests.support.state_machine import StateMachine


class Books:
    """Lambda as far as invoking the books function goes; `failure` is raised."""

    def __init__(self) -> None:
        self.asked: list[dict[str, str]] = []
        self.failure: Exception | None = None

    def invoke(self, **request: Any) -> None:
        if self.failure:
            raise self.failure
        self.asked.append(json.loads(request["Payload"]))


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> StateMachine:
    made = StateMachine()
    monkeypatch.setenv("STATE_MACHINE_ARN", "arn:aws:states:us-east-1:000000000000:machine")
    monkeypatch.setattr(workflow, "client", {"stepfunctions": made}.__getitem__)
    return made


@pytest.fixture
def anna(orders_table: str, machine: StateMachine) -> RestClient:
    """A customer."""
    return RestClient(token("anna"))


@pytest.fixture
def ben(orders_table: str, machine: StateMachine) -> RestClient:
    """Another customer."""
    return RestClient(token("ben"))


@pytest.fixture
def anybody(orders_table: str, machine: StateMachine) -> RestClient:
    """Somebody who has not signed in."""
    return RestClient(None)


@pytest.fixture
def products(inventory_table: str) -> None:
    put_product("mug", 5, name="Enamel Mug", description="Holds tea", price=1400)
    put_product("pen", 0, name="Pen", price=1)
    put_product("old", 9, name="Old Lamp", catalogue=None)


@pytest.fixture
def basket() -> dict[str, Any]:
    """The body of an order that nothing is wrong with."""
    return {
        "lines": [{"productId": "mug", "quantity": 2}, {"productId": "pen", "quantity": 1}],
        "expectedTotal": {"amount": 2801, "currency": "USD"},
        "paymentMethod": "pm_card_visa",
    }


@pytest.fixture
def ledger(monkeypatch: pytest.MonkeyPatch) -> Books:
    made = Books()
    monkeypatch.setenv("BOOKS_FUNCTION_ARN", "arn:aws:lambda:us-east-1:0:function:books")
    monkeypatch.setattr(books, "client", {"lambda": made}.__getitem__)
    return made


@pytest.fixture
def gateway(
    orders_table: str, machine: StateMachine, ledger: Books, monkeypatch: pytest.MonkeyPatch
) -> Iterator[RestClient]:
    """A client of the webhook, whose function has read no secret yet."""
    kept = json.dumps([SECRET, PREVIOUS])
    made = client("secretsmanager").create_secret(Name="webhook", SecretString=kept)
    monkeypatch.setenv("WEBHOOK_SECRET_ARN", made["ARN"])
    monkeypatch.setenv("STACK_NAME", STACK)
    webhook_secret._kept.clear()
    yield RestClient(None, payment_webhook.lambda_handler)
    webhook_secret._kept.clear()

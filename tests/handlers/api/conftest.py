"""Two customers and a stranger at the API, a few products, and a state machine that only notes."""

from typing import Any

import pytest

from handlers.adapters import workflow
from tests.support.database import put_product
from tests.support.rest_client import RestClient, token
from tests.support.state_machine import StateMachine


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

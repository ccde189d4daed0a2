"""One step at a time: the order goes in as the workflow would send it, past its state machine."""

from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

from handlers.adapters import payment_gateway
from handlers.adapters.items import decode, encode
from handlers.workflow import process_payment
from tests.support.database import as_read, as_stored
from tests.support.fake_gateway import FakeGateway

SHOP = "https://shop.example"
Run = Callable[[ModuleType, dict[str, Any]], dict[str, Any]]


@pytest.fixture
def gateway(monkeypatch: pytest.MonkeyPatch) -> FakeGateway:
    """What every step takes for the payment gateway."""
    fake = FakeGateway()
    monkeypatch.setattr(payment_gateway, "gateway", lambda: fake)
    monkeypatch.setattr(process_payment, "order_page", lambda order_id: f"{SHOP}/orders/{order_id}")
    return fake


@pytest.fixture
def run() -> Run:
    """Runs a step with an order; the order of its answer comes back as plain values."""

    def run_step(module: ModuleType, order: dict[str, Any]) -> dict[str, Any]:
        answer = module.lambda_handler(
            {"order": encode(as_stored(order)), "execution": "run-7"}, None
        )
        if "order" in answer:
            return answer | {"order": as_read(decode(answer["order"]))}
        return answer

    return run_step

"""One step at a time: the order goes in as the workflow would send it, past its state machine."""

from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

from handlers.adapters.items import decode, encode
from handlers.workflow import capture_payment, process_payment, release_payment
from tests.handlers.workflow.fake_gateway import FakeGateway

Run = Callable[[ModuleType, dict[str, Any]], dict[str, Any]]


@pytest.fixture
def gateway(monkeypatch: pytest.MonkeyPatch) -> FakeGateway:
    """What every step takes for the payment gateway."""
    fake = FakeGateway()
    for module in (capture_payment, process_payment, release_payment):
        monkeypatch.setattr(module, "StripeGateway", lambda: fake)
    return fake


@pytest.fixture
def run() -> Run:
    """Runs a step with an order; the order of its answer comes back as plain values."""

    def run_step(module: ModuleType, order: dict[str, Any]) -> dict[str, Any]:
        answer = module.lambda_handler({"order": encode(order), "execution": "run-7"}, None)
        if "order" in answer:
            return answer | {"order": decode(answer["order"])}
        return answer

    return run_step

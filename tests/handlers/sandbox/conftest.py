"""The sandbox under test, and the official SDK as its client."""

from collections.abc import Iterator

import pytest
import stripe

from tests.support.sandbox_server import SandboxServer, running_sandbox


@pytest.fixture
def sandbox(aws: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[SandboxServer]:
    with running_sandbox(monkeypatch) as server:
        yield server


@pytest.fixture
def api(sandbox: SandboxServer) -> stripe.StripeClient:
    """The SDK without retries: one call is one request."""
    return sandbox.sdk()


@pytest.fixture
def held(api: stripe.StripeClient) -> stripe.PaymentIntent:
    """An intent of 1999 cents that holds the money and has charged nothing."""
    return api.v1.payment_intents.create(
        {
            "amount": 1999,
            "currency": "usd",
            "capture_method": "manual",
            "payment_method": "pm_card_visa",
            "confirm": True,
        }
    )

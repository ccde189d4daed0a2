"""The sandbox under test, and the official SDK as its client."""

from collections.abc import Iterator
from typing import Any

import pytest
import stripe

from tests.support.bank_customer import ASKING, Confirm
from tests.support.event_queue import EventQueue
from tests.support.sandbox_server import RETURN_URL, SandboxServer, running_sandbox


@pytest.fixture
def sandbox(aws: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[SandboxServer]:
    with running_sandbox(monkeypatch) as server:
        yield server


@pytest.fixture
def api(sandbox: SandboxServer) -> stripe.StripeClient:
    """The SDK without retries: one call is one request."""
    return sandbox.sdk()


@pytest.fixture
def events(sandbox: SandboxServer, monkeypatch: pytest.MonkeyPatch) -> EventQueue:
    queue = EventQueue()
    monkeypatch.setenv("SANDBOX_EVENTS_QUEUE_URL", queue.url)
    return queue


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
            "return_url": RETURN_URL,
        }
    )


@pytest.fixture
def confirm(api: stripe.StripeClient) -> Confirm:
    """Makes an intent that the bank asks its customer about."""

    def confirm(card: str = ASKING, **changes: Any) -> stripe.PaymentIntent:
        params: Any = {
            "amount": 199900,
            "currency": "usd",
            "capture_method": "manual",
            "payment_method": card,
            "confirm": True,
            "return_url": RETURN_URL,
        }
        return api.v1.payment_intents.create(params | changes)

    return confirm

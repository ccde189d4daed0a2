"""The workflow in this process, beside the local cloud that `tests/conftest.py` starts."""

from collections.abc import Iterator

import pytest

from handlers.adapters import payment_secret, stripe_requests
from handlers.runtime import aws
from handlers.runtime.observability import logger
from handlers.sandbox import idempotency
from tests.support.in_process_system import ORDERS_PER_CUSTOMER, DirectClient, InProcessSystem

_ENVIRONMENT = {
    "ORDERS_TABLE": "orders",
    "ORDERS_PER_CUSTOMER": str(ORDERS_PER_CUSTOMER),
    "INVENTORY_TABLE": "inventory",
    "SANDBOX_TABLE": "sandbox",
    "RECEIPTS_BUCKET": "receipts",
    "PAYMENT_SECRET_ARN": "payment-key",
    "STACK_NAME": "test",
    "STOREFRONT_PARAMETER": "/orders/test/storefront-url",
}


@pytest.fixture
def in_process(monkeypatch: pytest.MonkeyPatch) -> Iterator[InProcessSystem]:
    """A system without an order."""
    for name, value in _ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(aws, "_make", DirectClient)
    monkeypatch.setattr(idempotency, "_pause", lambda: None)  # even no time at all is a while
    aws.client.cache_clear()
    payment_secret._provider.cache_clear()
    for level in ("info", "error"):  # a million lines
        monkeypatch.setattr(logger, level, lambda *message, **fields: None)
    shop = InProcessSystem()
    monkeypatch.setattr(stripe_requests, "_client", lambda key, url: shop.api)
    yield shop
    aws.client.cache_clear()
    payment_secret._provider.cache_clear()

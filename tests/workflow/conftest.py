"""The workflow in this process, beside the local cloud that `tests/conftest.py` starts."""

from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from handlers.adapters import payment_secret, stripe_gateway
from handlers.runtime import aws
from tests.workflow.in_process import DirectClient, InProcessShop

_ENVIRONMENT = {
    "ORDERS_TABLE": "orders",
    "INVENTORY_TABLE": "inventory",
    "SANDBOX_TABLE": "sandbox",
    "RECEIPTS_BUCKET": "receipts",
    "PAYMENT_SECRET_ARN": "payment-key",
}


@pytest.fixture
def in_process(monkeypatch: pytest.MonkeyPatch) -> Iterator[InProcessShop]:
    """A shop without an order."""
    for name, value in _ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(aws, "boto3", SimpleNamespace(client=DirectClient))
    aws.client.cache_clear()
    payment_secret._provider.cache_clear()
    shop = InProcessShop()
    monkeypatch.setattr(stripe_gateway, "_client", lambda key, url: shop.api)
    yield shop
    aws.client.cache_clear()
    payment_secret._provider.cache_clear()

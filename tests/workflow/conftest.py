"""The workflow in this process, beside the local cloud that `tests/conftest.py` starts."""

from collections.abc import Iterator

import pytest

from handlers.adapters import payment_secret, stripe_gateway
from handlers.runtime.aws import client
from tests.workflow import baton
from tests.workflow.in_process import Aws, InProcessShop

_ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_DEFAULT_REGION": "us-east-1",
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
    client.cache_clear()
    payment_secret._provider.cache_clear()
    aws = Aws()
    shop = InProcessShop(aws)
    monkeypatch.setattr(stripe_gateway, "_client", lambda key, url: shop.api)
    for service in ("dynamodb", "sns", "s3", "secretsmanager"):
        baton.watch(client(service))
        client(service).meta.events.register_last(f"before-call.{service}", aws.answer)
    yield shop
    client.cache_clear()
    payment_secret._provider.cache_clear()

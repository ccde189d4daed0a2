"""The workflow in this process, beside the local cloud that `tests/conftest.py` starts."""

from collections.abc import Iterator

import pytest

from handlers.adapters import payment_secret, stripe_gateway
from handlers.runtime.aws import client
from tests.handlers import conftest as fakes
from tests.handlers.sandbox.sandbox_server import SECRET_KEY
from tests.workflow import baton
from tests.workflow.in_process import InProcessShop

moto, aws = fakes.moto, fakes.aws
orders_table, inventory_table = fakes.orders_table, fakes.inventory_table
receipts_bucket = fakes.receipts_bucket


@pytest.fixture
def in_process(
    orders_table: str,
    inventory_table: str,
    receipts_bucket: str,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[InProcessShop]:
    """A shop without an order yet."""
    fakes._table("sandbox")
    secret = client("secretsmanager").create_secret(Name="key", SecretString=SECRET_KEY)["ARN"]
    for name, value in {"SANDBOX_TABLE": "sandbox", "PAYMENT_SECRET_ARN": secret}.items():
        monkeypatch.setenv(name, value)
    payment_secret._provider.cache_clear()
    shop = InProcessShop(client("sns").create_topic(Name="order-events")["TopicArn"])
    monkeypatch.setattr(stripe_gateway, "_client", lambda key, url: shop.api)
    watched = [baton.watch(client(service)) for service in ("dynamodb", "sns", "s3")]
    yield shop
    for forget in watched:
        forget()
    payment_secret._provider.cache_clear()

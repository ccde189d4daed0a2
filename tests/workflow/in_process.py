"""The shop without a cloud: moto's tables, the payment sandbox called directly, one thread.

It answers what `tests.shop.Shop` answers, so that `tests/invariants.py` judges both alike.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import stripe

from handlers.adapters.items import Item
from handlers.domain.order import OrderStatus
from handlers.runtime.aws import client
from handlers.sandbox.payment_sandbox import lambda_handler
from tests.handlers import database
from tests.handlers.sandbox.sandbox_server import SECRET_KEY, event_of
from tests.workflow.baton import Run, one_call
from tests.workflow.stepper import Handler, deployed

ORDER_ID = database.ORDER_ID
PRODUCTS = ("mug", "pen")
_URL = "http://sandbox.invalid"


class DirectSandbox(stripe.RequestsClient):
    """The SDK's way to the sandbox without a network. Runs stop before each request."""

    def request(
        self, method: str, url: str, headers: Mapping[str, str] | None, post_data: Any = None
    ) -> tuple[bytes, int, Mapping[str, str]]:
        path = url.removeprefix(_URL)
        key = (headers or {}).get("Idempotency-Key", "")
        with one_call(f"{method.upper()} {urlsplit(path).path}", key):
            event = event_of(method.upper(), path, post_data or "", idempotency_key=key)
            answer = lambda_handler(event, None)
        return answer["body"].encode(), answer["statusCode"], answer["headers"]


class InProcessShop:
    """Two tables, a gateway, a topic and a bucket, and one order for two mugs and a pen."""

    def __init__(self, topic: str):
        self._machine = deployed(topic)
        self.api = stripe.StripeClient(
            SECRET_KEY,
            base_addresses={"api": _URL},
            max_network_retries=0,
            http_client=DirectSandbox(),
        )

    def opened(self, status: OrderStatus, stock: int, **changes: Any) -> None:
        """The order at this status, and so many of each product on sale."""
        database.put_order(database.an_order(status, **changes))
        for product, price in zip(PRODUCTS, (1400, 1), strict=True):
            database.put_product(product, stock, price)

    def run(self, name: str, instead: Mapping[str, Handler] | None = None) -> Run:
        """A run that stands before its first call."""
        return Run(self._machine, name, ORDER_ID, instead)

    def order(self, order_id: str) -> Item:
        return database.stored_order(order_id)

    def ledger(self, order_id: str) -> dict[str, int]:
        return {kind: int(amount) for kind, amount in database.ledger(order_id).items()}

    def reservation(self, order_id: str) -> Item:
        return database.reservation(order_id) or {}

    def available(self, product_id: str) -> int:
        return int(database.stock()[product_id])

    def all_intents(self) -> dict[str, list[stripe.PaymentIntent]]:
        """The gateway's own list, by order."""
        return {ORDER_ID: list(self.api.v1.payment_intents.list({"limit": 100}).data)}

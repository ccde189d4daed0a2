"""The shop in this process: the emulator's tables without its server, the payment sandbox called
directly. Nothing else of AWS is more than an answer here.

It answers what `tests.shop.Shop` answers, so that `tests/invariants.py` judges both alike. The
tables are not moto's: one of its calls takes milliseconds, and there are a hundred thousand.
"""

import json
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import stripe
from ministack.services import dynamodb

from handlers.adapters.items import Item, decode, encode
from handlers.runtime.aws import client
from handlers.sandbox.payment_sandbox import lambda_handler
from tests.handlers.database import ORDER_ID, an_order
from tests.handlers.sandbox.sandbox_server import SECRET_KEY, event_of
from tests.workflow.baton import Run, one_call
from tests.workflow.stepper import Handler, deployed

_URL = "http://sandbox.invalid"
_KEY = {"pk": "HASH", "sk": "RANGE"}


class DirectSandbox(stripe.RequestsClient):
    """The SDK's way to the sandbox without a network; each request is a call of the run."""

    def request(
        self, method: str, url: str, headers: Mapping[str, str] | None, post_data: Any = None
    ) -> tuple[bytes, int, Mapping[str, str]]:
        path = url.removeprefix(_URL)
        key = (headers or {}).get("Idempotency-Key", "")
        with one_call(f"{method.upper()} {urlsplit(path).path}", key):
            event = event_of(method.upper(), path, post_data or "", idempotency_key=key)
            answer = lambda_handler(event, None)
        return answer["body"].encode(), answer["statusCode"], answer["headers"]


class Aws:
    """AWS as the handlers' boto3 clients see it: nothing leaves the process."""

    def __init__(self) -> None:
        self._objects: set[str] = set()

    def empty(self) -> None:
        dynamodb.reset()
        self._objects.clear()

    def answer(self, model: Any, params: Mapping[str, Any], **_: Any) -> tuple[Any, dict[str, Any]]:
        """What `before-call` of a client may answer: (response, its content as boto3 has it)."""
        status, content = getattr(self, f"_{model.service_model.service_name}")(params)
        content["ResponseMetadata"] = {"HTTPStatusCode": status}
        return SimpleNamespace(status_code=status), content

    def _dynamodb(self, params: Mapping[str, Any]) -> tuple[int, dict[str, Any]]:
        """The emulator's own code."""
        target = {"x-amz-target": params["headers"]["X-Amz-Target"]}
        request = dynamodb.handle_request("POST", "/", target, params["body"], {})
        try:
            request.send(None)
        except StopIteration as done:
            status, _, body = done.value
        else:
            raise AssertionError("the emulator's DynamoDB waits for something")
        content = json.loads(body) if body else {}
        if status >= 300:
            code = content.pop("__type").rpartition("#")[2]
            content["Error"] = {"Code": code, "Message": content.get("message", "")}
        return status, content

    def _s3(self, params: Mapping[str, Any]) -> tuple[int, dict[str, Any]]:
        """PutObject of what is not there yet."""
        assert params["headers"]["If-None-Match"] == "*"
        if params["url_path"] in self._objects:
            return 412, {"Error": {"Code": "PreconditionFailed"}}
        self._objects.add(params["url_path"])
        return 200, {}

    def _sns(self, params: Mapping[str, Any]) -> tuple[int, dict[str, Any]]:
        return 200, {"MessageId": "1"}

    def _secretsmanager(self, params: Mapping[str, Any]) -> tuple[int, dict[str, Any]]:
        return 200, {"SecretString": SECRET_KEY}


class InProcessShop:
    """One order for two mugs and a pen, the tables and the gateway."""

    def __init__(self, aws: Aws):
        self._aws = aws
        self._machine = deployed()
        self.api = stripe.StripeClient(
            SECRET_KEY,
            base_addresses={"api": _URL},
            max_network_retries=0,
            http_client=DirectSandbox(),
        )

    def opened(self, status: str, stock: int, **changes: Any) -> None:
        """Nothing but the order at this status, and so many of each product on sale."""
        self._aws.empty()
        for table in ("orders", "inventory", "sandbox"):
            client("dynamodb").create_table(
                TableName=table,
                BillingMode="PAY_PER_REQUEST",
                KeySchema=[{"AttributeName": key, "KeyType": _KEY[key]} for key in _KEY],
                AttributeDefinitions=[
                    {"AttributeName": key, "AttributeType": "S"} for key in _KEY
                ],
            )
        self._put("orders", an_order(status, **changes))
        for product, price in {"mug": 1400, "pen": 1}.items():
            on_sale = {"name": product, "price": price, "currency": "USD", "catalogue": "ACTIVE"}
            key = {"pk": f"PRODUCT#{product}", "sk": "PRODUCT", "productId": product}
            self._put("inventory", key | on_sale | {"available": stock, "version": 1})

    def run(self, name: str, instead: Mapping[str, Handler] | None = None) -> Run:
        """A run that stands before its first call."""
        return Run(self._machine, name, ORDER_ID, instead)

    def everything(self) -> dict[tuple[str, str], Item]:
        """All that the orders and the inventory have, to compare with later."""
        return {
            (row["pk"], row["sk"]): row
            for table in ("orders", "inventory")
            for row in map(decode, client("dynamodb").scan(TableName=table)["Items"])
        }

    def order(self, order_id: str) -> Item:
        return self.everything()[f"ORDER#{order_id}", "ORDER"]

    def ledger(self, order_id: str) -> dict[str, int]:
        rows = self.everything().items()
        return {row["kind"]: row["amount"] for (_, sk), row in rows if sk.startswith("TXN#")}

    def reservation(self, order_id: str) -> Item:
        return self.everything().get((f"RESERVATION#{order_id}", "RESERVATION"), {})

    def available(self, product_id: str) -> int:
        return self.everything()[f"PRODUCT#{product_id}", "PRODUCT"]["available"]

    def all_intents(self) -> dict[str, list[stripe.PaymentIntent]]:
        """The gateway's own list, by order."""
        return {ORDER_ID: list(self.api.v1.payment_intents.list({"limit": 100}).data)}

    def _put(self, table: str, item: Item) -> None:
        client("dynamodb").put_item(TableName=table, Item=encode(item))

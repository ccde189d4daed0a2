"""The system in this process: the emulator's tables without its server, the payment sandbox called
directly. Nothing else of AWS is more than an answer here.

It answers what `LiveSystem` answers, so that `invariants.py` judges both alike. There is
neither boto3 nor moto, whose calls take milliseconds: there are a hundred thousand.
"""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import stripe
from botocore.exceptions import ClientError
from ministack.services import dynamodb

from handlers.adapters.items import Item, decode, encode
from handlers.domain.clock import timestamp
from handlers.runtime.aws import client
from handlers.sandbox.payment_sandbox import lambda_handler
from tests.support.asl_interpreter import Handler, deployed
from tests.support.database import (
    ORDER_ID,
    a_recent_order,
    amounts,
    an_order,
    as_read,
    as_stored,
    setting,
)
from tests.support.interleaving_scheduler import Run, one_call
from tests.support.invariants import ALL_INTENTS, Shelf
from tests.support.payment_events import SECRET
from tests.support.sandbox_server import SECRET_KEY, event_of

_URL = "http://sandbox.invalid"
ORDERS_PER_CUSTOMER = 20  # Pulumi.yaml's default
_KEY = {"pk": "HASH", "sk": "RANGE"}
_BY_CUSTOMER = {"customerId": "HASH", "createdAt": "RANGE"}
_OPEN = {"openShard": "HASH", "dueAt": "RANGE"}
_NOT_ASKED = {"ExpressionAttributeValues", "Item", "Body", "Message"}
_REFUSED = {"ConditionalCheckFailed", "ConditionalCheckFailedException"}
Answer = dict[str, Any]


class DirectSandbox(stripe.RequestsClient):
    """The SDK's way to the sandbox without a network; each request is a call of the run, and fails
    while it `is_down`.
    """

    is_down: Callable[[], bool] = staticmethod(lambda: False)

    def request(
        self, method: str, url: str, headers: Mapping[str, str] | None, post_data: Any = None
    ) -> tuple[bytes, int, Mapping[str, str]]:
        path = url.removeprefix(_URL)
        key = (headers or {}).get("Idempotency-Key", "")
        with one_call(f"{method.upper()} {urlsplit(path).path}", key):
            if self.is_down():
                raise stripe.APIConnectionError("down for a test", should_retry=False)
            event = event_of(method.upper(), path, post_data or "", idempotency_key=key)
            answer = lambda_handler(event, None)
        return answer["body"].encode(), answer["statusCode"], answer["headers"]


class DirectClient:
    """Stands for the boto3 client of one service; each request is a call of the run."""

    def __init__(self, service: str, config: object = None):
        self._answer: Callable[[str, Item], Answer] = getattr(self, f"_{service}")
        self._objects: set[str] = set()
        self.published: list[Item] = []

    def __getattr__(self, operation: str) -> Callable[..., Answer]:
        def call(**request: Any) -> Answer:
            with one_call(operation, str(_asked(request))) as made:
                answer = self._answer(operation, request)
                reasons = [each["Code"] for each in answer.get("CancellationReasons", [])]
                codes = {answer.get("Error", {}).get("Code"), *reasons}
                made.refused = bool(codes & _REFUSED)
            if "Error" in answer:
                raise ClientError(answer, operation)  # pyright: ignore[reportArgumentType]
            return answer

        return call

    def _dynamodb(self, operation: str, request: Item) -> Answer:
        """The emulator's own code."""
        target = operation.title().replace("_", "")
        body = json.dumps(request).encode()
        answering = dynamodb.handle_request("POST", "/", {"x-amz-target": f".{target}"}, body, {})
        try:
            answering.send(None)
        except StopIteration as done:
            status, _, content = done.value
        else:
            raise AssertionError("the emulator's DynamoDB waits for something")
        answer = json.loads(content) if content else {}
        if status >= 300:
            code = answer.pop("__type").rpartition("#")[2]
            answer["Error"] = {"Code": code, "Message": answer.get("message", "")}
        return answer

    def _s3(self, operation: str, request: Item) -> Answer:
        """A bucket takes an object that it does not have."""
        assert (operation, request["IfNoneMatch"]) == ("put_object", "*")
        if request["Key"] in self._objects:
            return {"Error": {"Code": "PreconditionFailed"}}
        self._objects.add(request["Key"])
        return {}

    def _sns(self, operation: str, request: Item) -> Answer:
        self.published.append(json.loads(request["Message"]))
        return {"MessageId": "1"}

    def _sqs(self, operation: str, request: Item) -> Answer:
        self.published.append(json.loads(request["MessageBody"]))
        return {"MessageId": "1"}

    def _ssm(self, operation: str, request: Item) -> Answer:
        return {"Parameter": {"Value": "https://shop.example"}}

    def _secretsmanager(self, operation: str, request: Item) -> Answer:
        by_id = {"webhook-secret": json.dumps([SECRET])}
        return {"SecretString": by_id.get(request["SecretId"], SECRET_KEY)}


def products(stock: int) -> list[Item]:
    """What the order wants, at the prices that it was shown, so many of each."""
    return [
        {
            "pk": f"PRODUCT#{product}",
            "sk": "PRODUCT",
            "productId": product,
            "name": name,
            "description": "A thing",
            "image": f"/images/{product}.svg",
            "price": price,
            "currency": "USD",
            "catalogue": "ACTIVE",
            "available": stock,
            "taken": 0,
            "stocked": stock,
            "revision": 1,
        }
        for product, name, price in [("mug", "Enamel Mug", 1400), ("pen", "Pen", 1)]
    ]


class InProcessSystem:
    """One order for two mugs and a pen, the tables and the gateway."""

    def __init__(self) -> None:
        self._machine = deployed()
        self._seen: dict[tuple[str, str], Item] = {}
        self.sandbox = DirectSandbox()
        self.api = stripe.StripeClient(
            SECRET_KEY,
            base_addresses={"api": _URL},
            max_network_retries=0,
            http_client=self.sandbox,
        )

    def opened(self, status: str, stock: int, **changes: Any) -> None:
        """Nothing but the order at this status, and so many of each product on sale."""
        dynamodb.reset()
        client.cache_clear()
        _create_table("orders", open=_OPEN, byCustomer=_BY_CUSTOMER)
        _create_table("inventory")
        _create_table("sandbox")
        self.put("orders", as_stored(a_recent_order(status, **changes)))
        for product in products(stock):
            self.put("inventory", product)

    def put(self, table: str, item: Item) -> None:
        """Write an item, whatever stands in its place."""
        client("dynamodb").put_item(TableName=table, Item=encode(item))

    def place(self, order_id: str, at: datetime) -> None:
        """Another order of the same customer, that was placed at this time and has been refused."""
        other = an_order("REJECTED", orderId=order_id, createdAt=timestamp(at))
        self.put("orders", as_stored(other))

    def change(self, order_id: str, **attributes: Any) -> None:
        """Set attributes of the order's item."""
        change = setting(f"ORDER#{order_id}", "ORDER", **attributes)
        client("dynamodb").update_item(TableName="orders", **change)

    def run(self, name: str, instead: Mapping[str, Handler] | None = None) -> Run:
        """A run that has not started."""
        return Run(self._machine, name, ORDER_ID, instead)

    def look(self) -> dict[tuple[str, str], Item]:
        """All that the orders and the inventory have; the questions below are answered from it."""
        self._seen = {
            (row["pk"], row["sk"]): row
            for table in ("orders", "inventory")
            for row in map(decode, client("dynamodb").scan(TableName=table)["Items"])
        }
        return self._seen

    def order(self, order_id: str) -> Item:
        return as_read(self._seen[f"ORDER#{order_id}", "ORDER"])

    def ledger(self, order_id: str) -> dict[str, int]:
        return amounts(row for (_, sk), row in self._seen.items() if sk.startswith("TXN#"))

    def shelf(self, product_id: str) -> Shelf:
        return Shelf.of(self._seen[f"PRODUCT#{product_id}", "PRODUCT"])

    def all_intents(self) -> dict[str, list[stripe.PaymentIntent]]:
        """The gateway's own list, by order."""
        return {ORDER_ID: list(self.api.v1.payment_intents.list(ALL_INTENTS).data)}


def _create_table(table: str, **indexes: Mapping[str, str]) -> None:
    def schema(keys: Mapping[str, str]) -> list[Item]:
        return [{"AttributeName": key, "KeyType": kind} for key, kind in keys.items()]

    keys = {key for each in (_KEY, *indexes.values()) for key in each}
    client("dynamodb").create_table(
        TableName=table,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=schema(_KEY),
        AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in keys],
        GlobalSecondaryIndexes=[
            {
                "IndexName": name,
                "KeySchema": schema(keys),
                "Projection": {"ProjectionType": "KEYS_ONLY"},
            }
            for name, keys in indexes.items()
        ],
    )


def _asked(node: Any) -> Any:
    """A request without its values: two of the same differ in the time."""
    match node:
        case dict():
            kept = {key: _asked(value) for key, value in node.items() if key not in _NOT_ASKED}
            return kept | ({"sk": node["Item"]["sk"]} if "Item" in node else {})
        case list():
            return [_asked(value) for value in node]
        case _:
            return node

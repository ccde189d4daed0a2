"""The running system as a test sees it: as a customer over HTTP, and its tables, gateway and functions."""

import json
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import stripe

from handlers.adapters.items import Item, decode, encode
from local.commands.sign_in import id_token
from localcloud import web
from localcloud.provision.aws import Aws
from tests.support.database import amounts, as_read, setting
from tests.support.function_code import BROKEN, GATEWAY, GATEWAY_DOWN, replace
from tests.support.invariants import ALL_INTENTS, Shelf

_PATIENCE = 30  # seconds; only a broken system needs them


class Customer:
    """A signed-in customer with nothing but the API."""

    def __init__(self, outputs: Mapping[str, Any], email: str):
        self.email = email
        self.api = outputs["apiUrl"]
        self.token = id_token(outputs, email)

    def request(self, method: str, path: str, body: Any = None, **headers: str) -> web.Response:
        sent = {"Authorization": f"Bearer {self.token}"} | headers
        return web.request(method, self.api + path, body=body, headers=sent)

    def place(
        self, lines: Mapping[str, int], card: str = "pm_card_visa", **other: Any
    ) -> web.Response:
        """POST an order of `lines` (product id -> quantity) at the prices shown, unless told."""
        key = other.pop("key", uuid.uuid4().hex)
        body = {
            "lines": [{"productId": each, "quantity": count} for each, count in lines.items()],
            "expectedTotal": other.pop("expectedTotal", None) or self._total(lines),
            "paymentMethod": card,
        }
        return self.request("POST", "/api/orders", body | other, **{"Idempotency-Key": key})

    def accepted(self, *args: Any, **kwargs: Any) -> str:
        """The id of an order that was placed and accepted."""
        answer = self.place(*args, **kwargs)
        assert answer.status == 202, answer.body
        return answer.json()["orderId"]

    def see(self, order_id: str) -> Any:
        """The order as the tracking page shows it."""
        answer = self.request("GET", f"/api/orders/{order_id}")
        assert answer.status == 200, answer.body
        return answer.json()

    def _total(self, lines: Mapping[str, int]) -> Mapping[str, Any]:
        prices = {
            each["productId"]: each["price"]["amount"]
            for each in self.request("GET", "/api/products").json()["products"]
        }
        total = sum(prices.get(product, 100) * quantity for product, quantity in lines.items())
        return {"amount": total, "currency": "USD"}


class LiveSystem:
    """Reads and changes tables, gateway, mail and functions past the API."""

    def __init__(self, outputs: Mapping[str, Any]):
        self.outputs = outputs
        self.aws = Aws(outputs["endpointUrl"])

    def customer(self) -> Customer:
        return Customer(self.outputs, f"c{uuid.uuid4().hex[:12]}@example.com")

    def product(self, available: int = 100, price: int = 1999) -> str:
        """The id of a new product on sale, for one test alone."""
        product_id = f"p-{uuid.uuid4().hex[:12]}"
        item = {
            "pk": f"PRODUCT#{product_id}",
            "sk": "PRODUCT",
            "productId": product_id,
            "name": f"Thing {product_id}",
            "description": "A thing",
            "price": price,
            "currency": "USD",
            "available": available,
            "taken": 0,
            "stocked": available,
            "image": "/images/missing.svg",
            "revision": 1,
            "catalogue": "ACTIVE",
        }
        self.aws.dynamodb.put_item(TableName=self.outputs["inventoryTableName"], Item=encode(item))
        return product_id

    def available(self, product_id: str) -> int:
        return self.shelf(product_id).available

    def shelf(self, product_id: str) -> Shelf:
        answer = self.aws.dynamodb.get_item(
            TableName=self.outputs["inventoryTableName"],
            Key=encode({"pk": f"PRODUCT#{product_id}", "sk": "PRODUCT"}),
            ConsistentRead=True,
        )
        return Shelf.of(decode(answer["Item"]))

    def order(self, order_id: str) -> Item:
        """The order as its item has it."""
        return as_read(next(each for each in self.rows(order_id) if each["sk"] == "ORDER"))

    def change(self, order_id: str, **attributes: Any) -> None:
        """Set attributes of the order's item."""
        self.aws.dynamodb.update_item(
            TableName=self.outputs["ordersTableName"],
            **setting(f"ORDER#{order_id}", "ORDER", **attributes),
        )

    def rows(self, order_id: str) -> list[Item]:
        """Everything that the orders table has of an order."""
        answer = self.aws.dynamodb.query(
            TableName=self.outputs["ordersTableName"],
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues=encode({":pk": f"ORDER#{order_id}"}),
            ConsistentRead=True,
        )
        return [decode(item) for item in answer["Items"]]

    def ledger(self, order_id: str) -> dict[str, int]:
        """The transaction log: kind -> amount in minor units."""
        return amounts(each for each in self.rows(order_id) if each["sk"].startswith("TXN#"))

    def listed(self, index: str, order_id: str) -> bool:
        """Whether the index `open` or `attention` shows the order."""
        pages = self.aws.dynamodb.get_paginator("scan").paginate(
            TableName=self.outputs["ordersTableName"], IndexName=index
        )
        keys = [item["pk"]["S"] for page in pages for item in page["Items"]]
        return f"ORDER#{order_id}" in keys

    def gateway(self) -> stripe.StripeClient:
        """The payment service, through the official SDK."""
        secrets = self.aws.secretsmanager
        (secret,) = [
            each
            for each in secrets.list_secrets()["SecretList"]
            if "payment-sandbox-key" in each["Name"]
        ]
        key = secrets.get_secret_value(SecretId=secret["ARN"])["SecretString"]
        url = self.outputs["paymentSandboxUrl"]
        return stripe.StripeClient(key, base_addresses={"api": url}, max_network_retries=3)

    def intents(self, order_id: str) -> list[stripe.PaymentIntent]:
        """What the gateway's own list says of the order."""
        return self.all_intents().get(order_id, [])

    def all_intents(self) -> dict[str, list[stripe.PaymentIntent]]:
        """The gateway's own list, by order id."""
        found: dict[str, list[stripe.PaymentIntent]] = {}
        for each in self.gateway().v1.payment_intents.list(ALL_INTENTS).auto_paging_iter():
            metadata = each.metadata.to_dict() if each.metadata else {}
            found.setdefault(metadata.get("orderId", ""), []).append(each)
        return found

    def mails(self, address: str) -> list[Mapping[str, Any]]:
        """The mails that went to this address."""
        url = f"{self.outputs['endpointUrl']}/_ministack/ses/messages"
        kept = web.request("GET", url).json()["messages"]
        return [mail for box in kept.values() for mail in box if address in mail["To"]]

    def function(self, name: str) -> Mapping[str, Any]:
        """The configuration of a function, by the end of its name (`process_payment`, …)."""
        pages = self.aws.lambda_.get_paginator("list_functions").paginate()
        every = [each for page in pages for each in page["Functions"]]
        suffix = f"-{name.replace('_', '-')}"
        (found,) = [each for each in every if each["FunctionName"].endswith(suffix)]
        return found

    def run(self, order_id: str) -> Mapping[str, Any]:
        """Start the workflow for the order and wait for the run's end."""
        return self.aws.stepfunctions.start_sync_execution(
            stateMachineArn=self.outputs["stateMachineArn"],
            input=f'{{"orderId": "{order_id}", "command": "process"}}',
        )

    def reconcile(self) -> None:
        """Start the reconciler as its schedule does, which doesn't wait for it."""
        name = self.function("reconcile_orders")["FunctionName"]
        self.aws.lambda_.invoke(FunctionName=name, InvocationType="Event", Payload="{}")

    def until(self, order_id: str, done: Callable[[Item], bool]) -> Item:
        """The order as soon as `done` says so of it. Fails the test with the order otherwise."""
        deadline = time.monotonic() + _PATIENCE
        while not done(order := self.order(order_id)):
            assert time.monotonic() < deadline, f"not reached: {order}"
            time.sleep(0.05)
        return order

    def settled(self, order_id: str) -> Item:
        """The order at its end: nothing is due any more."""
        return self.until(order_id, lambda order: "dueAt" not in order)

    @contextmanager
    def unstarted(self) -> Iterator[None]:
        """While inside, the API may not start the workflow: orders are accepted, and stay RECEIVED."""
        (role,) = [
            each["RoleName"]
            for page in self.aws.iam.get_paginator("list_roles").paginate()
            for each in page["Roles"]
            if each["RoleName"].endswith("-order-api-customers-role")
        ]
        denied = {"Effect": "Deny", "Action": "states:StartExecution", "Resource": "*"}
        document = json.dumps({"Version": "2012-10-17", "Statement": [denied]})
        policy = {"RoleName": role, "PolicyName": "denied-by-a-test"}
        self.aws.iam.put_role_policy(**policy, PolicyDocument=document)
        try:
            yield
        finally:
            self.aws.iam.delete_role_policy(**policy)

    @contextmanager
    def broken(self, function: str, source: str = BROKEN) -> Iterator[None]:
        """While inside, the workflow function (`process_payment`, …) runs `source` instead."""
        module, name = f"handlers.workflow.{function}", self.function(function)["FunctionName"]
        replace(self.aws, name, module, source)
        try:
            yield
        finally:
            replace(self.aws, name, module, None)

    @contextmanager
    def gateway_down(self) -> Iterator[None]:
        """While inside, the payment gateway answers every request with 503."""
        name = self.function("payment_sandbox")["FunctionName"]
        replace(self.aws, name, GATEWAY, GATEWAY_DOWN)
        try:
            yield
        finally:
            replace(self.aws, name, GATEWAY, None)

"""The system under measurement: a local cloud of its own, and customers who order from it."""

import contextlib
import itertools
import os
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from handlers.adapters.items import decode, encode
from local.commands.sign_in import id_token
from local.settings import ROOT
from localcloud import web
from localcloud.instance import running
from localcloud.provision.aws import Aws

PRICE = 1999
SOLD_OUT = "bench-sold-out"
"""A product without stock."""
_CUSTOMERS = [f"customer-{number:02}@example.com" for number in range(50)]
"""They order by turns, so that no one of them orders more than `ordersPerCustomer` allows."""
_GATEWAY = "-payment-sandbox"
LOOK = 1.0
"""Seconds between two looks of one client at its order: twice as often as a page would look."""
_PATIENCE = 90.0  # seconds that an order may take; only a broken system needs them


@dataclass(frozen=True)
class Placed:
    """An accepted order and its customer's token; times in seconds since the epoch."""

    order_id: str
    token: str
    sent: float
    answered: float


@dataclass
class Cloud:
    """The running system, as its customers and its owner see it."""

    state_dir: Path
    outputs: dict[str, Any]
    accepted: int = 0

    def __post_init__(self) -> None:
        self.aws = Aws(self.outputs["endpointUrl"])
        self.products = [self._product(f"bench-{number}") for number in range(5)]
        self._product(SOLD_OUT, stock=0)
        self._tokens = itertools.cycle([id_token(self.outputs, each) for each in _CUSTOMERS])

    def place(self, products: Sequence[str] = (), card: str = "pm_card_visa") -> Placed:
        """POST an order of one of each of `products`; of the first, if none is named."""
        wanted = products or self.products[:1]
        body = {
            "lines": [{"productId": each, "quantity": 1} for each in wanted],
            "expectedTotal": {"amount": len(wanted) * PRICE, "currency": "USD"},
            "paymentMethod": card,
            "name": "Ada Lovelace",
        }
        token, key = next(self._tokens), {"Idempotency-Key": uuid.uuid4().hex}
        sent = time.time()
        answer = self._request("POST", "/api/orders", token, body, key)
        answered = time.time()
        if answer.status != 202:
            raise RuntimeError(f"an order was answered {answer.status}: {answer.body!r}")
        self.accepted += 1
        return Placed(answer.json()["orderId"], token, sent, answered)

    def follow(self, placed: Placed) -> None:
        """Look at the order as its customer does until it has its receipt, or patience ends."""
        deadline = time.monotonic() + _PATIENCE
        seen: dict[str, Any] = {}
        while not seen.get("receiptAvailable") and time.monotonic() < deadline:
            time.sleep(LOOK)
            seen = self._request("GET", f"/api/orders/{placed.order_id}", placed.token).json()

    def run_of(self, order_id: str) -> list[dict[str, Any]]:
        """The history of the order's run, once it is over.

        AWS keeps none of an EXPRESS run; the emulator does.
        """
        machine: str = self.outputs["stateMachineArn"]
        run = machine.replace(":stateMachine:", ":execution:") + f":{order_id}-1"
        deadline = time.monotonic() + _PATIENCE
        while True:
            answer = self.aws.stepfunctions.get_execution_history(executionArn=run, maxResults=1000)
            last = answer["events"][-1]["type"]
            if last == "ExecutionSucceeded":
                return answer["events"]
            if last.startswith("Execution") and last != "ExecutionStarted":
                raise RuntimeError(f"the run of {order_id} ended with {last}")
            if time.monotonic() > deadline:
                raise RuntimeError(f"the run of {order_id} does not end")
            time.sleep(0.1)

    def settle(self) -> None:
        """Wait until every accepted order is mailed, so that no work is left over."""
        url = f"{self.outputs['endpointUrl']}/_ministack/ses/messages"
        deadline = time.monotonic() + _PATIENCE
        while True:
            kept = web.request("GET", url).json()["messages"]
            sent = [mail for box in kept.values() for mail in box]
            mails = [mail for mail in sent if not {*_CUSTOMERS}.isdisjoint(mail["To"])]
            if len(mails) >= self.accepted:
                return
            if time.monotonic() > deadline:
                raise RuntimeError("mail of accepted orders is missing")
            time.sleep(0.1)

    def functions(self) -> dict[str, dict[str, Any]]:
        """The configurations of the system's functions by name, without the mock payment service."""
        every = self._every_function()
        return {name: each for name, each in every.items() if not name.endswith(_GATEWAY)}

    def gateway(self) -> dict[str, dict[str, Any]]:
        """The same of the mock payment service alone: where there is Stripe, it isn't there."""
        every = self._every_function()
        return {name: each for name, each in every.items() if name.endswith(_GATEWAY)}

    def rows(self, order_id: str) -> list[dict[str, Any]]:
        """Return every row that the order has, as typed JSON."""
        return self.aws.dynamodb.query(
            TableName=self.outputs["ordersTableName"],
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues=encode({":pk": f"ORDER#{order_id}"}),
        )["Items"]

    def confirmed(self, order_id: str) -> bool:
        """Whether the order is paid, with its receipt, and nothing is due any more."""
        order = next(decode(row) for row in self.rows(order_id) if row["sk"]["S"] == "ORDER")
        return order["status"] == "CONFIRMED" and "receiptStored" in order and "dueAt" not in order

    def _every_function(self) -> dict[str, dict[str, Any]]:
        pages = self.aws.lambda_.get_paginator("list_functions").paginate()
        every = {each["FunctionName"]: each for page in pages for each in page["Functions"]}
        return {name: each for name, each in every.items() if name.startswith("orders-dev-")}

    def _product(self, product_id: str, stock: int = 1_000_000) -> str:
        item = {
            "pk": f"PRODUCT#{product_id}",
            "sk": "PRODUCT",
            "productId": product_id,
            "name": "Beeswax candles, pair",
            "description": "A thing that is measured",
            "price": PRICE,
            "currency": "USD",
            "available": stock,
            "taken": 0,
            "stocked": stock,
            "image": "/images/missing.svg",
            "revision": 1,
            "catalogue": "ACTIVE",
        }
        self.aws.dynamodb.put_item(TableName=self.outputs["inventoryTableName"], Item=encode(item))
        return product_id

    def _request(
        self,
        method: str,
        path: str,
        token: str,
        body: Any = None,
        headers: dict[str, str] | None = None,
    ) -> web.Response:
        sent = {"Authorization": f"Bearer {token}"} | (headers or {})
        return web.request(method, self.outputs["apiUrl"] + path, body=body, headers=sent)


def left(events: list[dict[str, Any]], state: str) -> float:
    """When a run left a state, in seconds since the epoch."""
    (moment,) = [
        event["timestamp"]
        for event in events
        if event.get("stateExitedEventDetails", {}).get("name") == state
    ]
    return moment.timestamp()


@contextlib.contextmanager
def folder() -> Iterator[Path]:
    """The state directory of a new local cloud, which is stopped in the end."""
    with tempfile.TemporaryDirectory(prefix="bench-") as path:
        state_dir = Path(path) / "state"
        try:
            yield state_dir
        finally:
            running.down(state_dir)


def up(state_dir: Path, port: int) -> float:
    """Bring the cloud in `state_dir` up as `make up` does; how many seconds that took."""
    environment = os.environ | {"LOCAL_PORT": str(port), "LOCAL_STATE_DIR": str(state_dir)}
    started = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "local", "up"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"the local cloud did not come up: {done.stderr.strip()}")
    return time.monotonic() - started

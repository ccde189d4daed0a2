"""What tests put into the two tables and read back, past the code that they test."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import DynamoDBBackend, dynamodb_backends

from handlers.runtime.aws import client

Item = dict[str, Any]

ORDER_ID = "MFRGGZDFMZTWQ2LKNNWG23TPOB"


def an_order(status: str, **changes: Any) -> Item:
    """An order item as it is after validation: two mugs and a pen for 2801 US cents."""
    order: Item = {
        "pk": f"ORDER#{ORDER_ID}",
        "sk": "ORDER",
        "orderId": ORDER_ID,
        "customerId": "customer-anna",
        "email": "anna@example.com",
        "lines": [
            {"productId": "mug", "quantity": 2, "name": "Enamel Mug", "unitPrice": 1400},
            {"productId": "pen", "quantity": 1, "name": "Pen", "unitPrice": 1},
        ],
        "expectedTotal": {"amount": 2801, "currency": "USD"},
        "total": 2801,
        "currency": "USD",
        "paymentMethod": "pm_card_visa",
        "fingerprint": "f" * 64,
        "status": status,
        "version": 3,
        "attempts": 0,
        "timeline": [{"status": status, "at": "2026-11-22T10:25:10.000Z"}],
        "createdAt": "2026-11-22T10:25:10.000Z",
        "updatedAt": "2026-11-22T10:25:10.000Z",
        "openShard": "0",
        "dueAt": "2026-11-22T10:30:10.000Z",
    }
    return order | changes


def put_order(order: Item) -> Item:
    _put(os.environ["ORDERS_TABLE"], order)
    return order


def put_product(product_id: str, available: int, price: int = 1400, **changes: Any) -> None:
    product: Item = {
        "pk": f"PRODUCT#{product_id}",
        "sk": "PRODUCT",
        "productId": product_id,
        "name": product_id.title(),
        "description": f"A good {product_id}",
        "price": price,
        "currency": "USD",
        "image": f"/images/{product_id}.svg",
        "available": available,
        "version": 1,
        "catalogue": "ACTIVE",
    } | changes
    kept = {name: value for name, value in product.items() if value is not None}
    _put(os.environ["INVENTORY_TABLE"], kept)


def put_reservation(order: Item, status: str) -> None:
    key = {"pk": f"RESERVATION#{order['orderId']}", "sk": "RESERVATION"}
    _put(os.environ["INVENTORY_TABLE"], key | {"lines": order["lines"], "status": status})


def stored_order(order_id: str = ORDER_ID) -> Item:
    return _rows(os.environ["ORDERS_TABLE"])[f"ORDER#{order_id}", "ORDER"]


def ledger(order_id: str = ORDER_ID) -> dict[str, int]:
    """The transaction log of an order: kind -> amount."""
    rows = _rows(os.environ["ORDERS_TABLE"])
    found = [row for (pk, sk), row in rows.items() if pk == f"ORDER#{order_id}" and "TXN#" in sk]
    return {row["kind"]: row["amount"] for row in found}


def ledger_row(kind: str) -> Item:
    return _rows(os.environ["ORDERS_TABLE"])[f"ORDER#{ORDER_ID}", f"TXN#{kind}"]


def all_orders() -> list[Item]:
    return [row for (_, sk), row in _rows(os.environ["ORDERS_TABLE"]).items() if sk == "ORDER"]


def stock() -> dict[str, int]:
    """What is available of each product."""
    rows = _rows(os.environ["INVENTORY_TABLE"]).values()
    return {row["productId"]: row["available"] for row in rows if row["sk"] == "PRODUCT"}


def reservation(order_id: str = ORDER_ID) -> Item | None:
    rows = _rows(os.environ["INVENTORY_TABLE"])
    return rows.get((f"RESERVATION#{order_id}", "RESERVATION"))


def everything() -> dict[str, dict[tuple[str, str], Item]]:
    """Both tables, to compare with later: nothing has changed."""
    return {table: _rows(table) for table in _backend().tables}


@contextmanager
def down(service: str, operation: str, message: str = "secret host 10.0.0.7 is down") -> Iterator:
    """One operation of a service fails in a way that nobody has foreseen."""
    with patch.object(client(service), operation, side_effect=RuntimeError(message)) as mocked:
        yield mocked


def _put(table: str, item: Item) -> None:
    serialize = TypeSerializer().serialize
    typed = {name: serialize(value) for name, value in item.items()}
    client("dynamodb").put_item(TableName=table, Item=typed)


def _rows(table: str) -> dict[tuple[str, str], Item]:
    """Straight from moto: its answer to a Scan takes longer than all that is tested."""
    deserialize = TypeDeserializer().deserialize
    items = _backend().get_table(table).all_items()
    rows = [
        {name: deserialize(value) for name, value in item.to_json()["Attributes"].items()}
        for item in items
    ]
    return {(row["pk"], row["sk"]): row for row in rows}


def _backend() -> DynamoDBBackend:
    return dynamodb_backends[DEFAULT_ACCOUNT_ID]["us-east-1"]

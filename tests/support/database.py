"""What tests put into the two tables and read back, past the code that they test."""

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import DynamoDBBackend, dynamodb_backends

from handlers.domain.clock import timestamp
from handlers.runtime.aws import client

Item = dict[str, Any]

ORDER_ID = "MFRGGZDFMZTWQ2LKNNWG23TPOB"


def an_order(status: str, **changes: Any) -> Item:
    """Return an order as it is after validation: two mugs and a pen for 2801 US cents."""
    order: Item = {
        "orderId": ORDER_ID,
        "customerId": "customer-anna",
        "email": "anna@example.com",
        "lines": [
            {"productId": "mug", "quantity": 2, "name": "Enamel Mug", "unitPrice": 1400},
            {"productId": "pen", "quantity": 1, "name": "Pen", "unitPrice": 1},
        ],
        "total": 2801,
        "currency": "USD",
        "paymentMethod": "pm_card_visa",
        "fingerprint": "f" * 64,
        "status": status,
        "version": 3,
        "attempts": 0,
        "attention": {},
        "timeline": [{"status": status, "at": "2026-11-22T10:25:10.000Z"}],
        "createdAt": "2026-11-22T10:25:10.000Z",
        "openShard": "0",
        "dueAt": "2026-11-22T10:30:10.000Z",
    }
    return order | changes


def a_recent_order(status: str, **changes: Any) -> Item:
    """An order that was placed just now, and so is not too old to be charged."""
    now = timestamp()
    timeline = [{"status": status, "at": now}]
    return an_order(status, **({"createdAt": now, "timeline": timeline} | changes))


def put_order(order: Item) -> Item:
    _put(os.environ["ORDERS_TABLE"], as_stored(order))
    return order


def as_stored(order: Item) -> Item:
    """Return the order's attributes as the table has them: its id is in the key alone."""
    rest = {name: value for name, value in order.items() if name != "orderId"}
    return {"pk": f"ORDER#{order['orderId']}", "sk": "ORDER"} | rest


def as_read(row: Item) -> Item:
    """Return the order of a row."""
    rest = {name: value for name, value in row.items() if name not in ("pk", "sk")}
    return {"orderId": row["pk"].removeprefix("ORDER#")} | rest


def setting(pk: str, sk: str, **attributes: Any) -> Item:
    """What an UpdateItem that sets attributes of the item takes beside the table's name."""
    return {
        "Key": _typed({"pk": pk, "sk": sk}),
        "UpdateExpression": "SET " + ", ".join(f"#{name} = :{name}" for name in attributes),
        "ExpressionAttributeNames": {f"#{name}": name for name in attributes},
        "ExpressionAttributeValues": _typed({f":{name}": at for name, at in attributes.items()}),
    }


def put_product(
    product_id: str, available: int, price: Any = 1400, taken: int = 0, **changes: Any
) -> None:
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
        "taken": taken,
        "stocked": available + taken,
        "revision": 1,
        "catalogue": "ACTIVE",
    } | changes
    kept = {name: value for name, value in product.items() if value is not None}
    _put(os.environ["INVENTORY_TABLE"], kept)


def stored_order(order_id: str = ORDER_ID) -> Item:
    return as_read(_rows(os.environ["ORDERS_TABLE"])[f"ORDER#{order_id}", "ORDER"])


def ledger(order_id: str = ORDER_ID) -> dict[str, int]:
    """The transaction log of an order: kind -> amount, of several refunds their sum."""
    rows = _rows(os.environ["ORDERS_TABLE"])
    found = [row for (pk, sk), row in rows.items() if pk == f"ORDER#{order_id}" and "TXN#" in sk]
    return dict(amounts(found))


def amounts(rows: Iterable[Item]) -> Counter[str]:
    """Return kind -> amount of these rows of the ledger."""
    found: Counter[str] = Counter()
    for row in rows:
        found[row["kind"]] += row["amount"]
    return found


def ledger_row(kind: str) -> Item:
    return _rows(os.environ["ORDERS_TABLE"])[f"ORDER#{ORDER_ID}", f"TXN#{kind}"]


def all_orders() -> list[Item]:
    rows = _rows(os.environ["ORDERS_TABLE"]).items()
    return [as_read(row) for (_, sk), row in rows if sk == "ORDER"]


def stock() -> dict[str, int]:
    """What is available of each product, all of which have every piece either so or taken."""
    rows = list(_rows(os.environ["INVENTORY_TABLE"]).values())
    assert all(row["available"] + row["taken"] == row["stocked"] for row in rows)
    return {row["productId"]: row["available"] for row in rows}


def everything() -> dict[str, dict[tuple[str, str], Item]]:
    """Both tables, to compare with later: nothing has changed."""
    return {table: _rows(table) for table in _backend().tables}


@contextmanager
def down(service: str, operation: str, message: str = "secret host 10.0.0.7 is down") -> Iterator:
    """One operation of a service fails in a way that nobody has foreseen."""
    with patch.object(client(service), operation, side_effect=RuntimeError(message)) as mocked:
        yield mocked


def _put(table: str, item: Item) -> None:
    client("dynamodb").put_item(TableName=table, Item=_typed(item))


def _typed(item: Item) -> Item:
    serialize = TypeSerializer().serialize
    return {name: serialize(value) for name, value in item.items()}


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

"""The inventory table: products with their stock, and what each order has taken of it.

Sold + held + available never changes but by an adjustment: stock moves only in transactions that
write the reservation and every line of it together, with the order's own condition in the middle.
"""

from typing import NamedTuple

from handlers.adapters import order_table
from handlers.adapters.conditions import transact
from handlers.adapters.items import Item, decode, encode
from handlers.adapters.reads import batch_get
from handlers.domain.clock import timestamp
from handlers.domain.order import Order, OrderLine, OrderStatus
from handlers.domain.product import Product
from handlers.runtime.aws import client
from handlers.runtime.settings import InventoryTableSettings, load


def products(product_ids: list[str]) -> dict[str, Product]:
    """The products of these ids that are for sale, by id. A consistent read."""
    keys = [encode({"pk": f"PRODUCT#{each}", "sk": "PRODUCT"}) for each in product_ids]
    # A retired product keeps its item and leaves the catalogue.
    return {item["productId"]: item for item in batch_get(_table(), keys) if "catalogue" in item}


def catalogue() -> list[Product]:
    """Every product for sale, by name."""
    pages = (
        client("dynamodb")
        .get_paginator("query")
        .paginate(
            TableName=_table(),
            IndexName="catalogue",
            KeyConditionExpression="catalogue = :active",
            ExpressionAttributeValues=encode({":active": "ACTIVE"}),
        )
    )
    ids = [decode(item)["pk"].removeprefix("PRODUCT#") for page in pages for item in page["Items"]]
    return sorted(products(ids).values(), key=lambda product: product["name"])


class Short(NamedTuple):
    """Stock was not enough, and none was taken."""

    product_ids: list[str]


def reserve(order: Order, run: str) -> Order | Short | None:
    """Take every line of `order` from stock and move it to INVENTORY_RESERVED, or do nothing.

    Answers the order after it; what is short; or None if the order had moved on, which is read
    first: such an order was handled by somebody else, whatever the products say.
    """
    write, moved = order_table.move(order, OrderStatus.INVENTORY_RESERVED, run)
    takes = [{"Update": _take(line)} for line in order["lines"]]
    refused = transact([write, {"Put": _reservation(order)}, *takes])
    if not refused:
        return moved
    if 0 in refused:
        return None
    if 1 in refused:
        raise RuntimeError(f"order {order['orderId']} holds stock that its status does not show")
    return Short([order["lines"][position - 2]["productId"] for position in sorted(refused)])


def release(order: Order) -> bool:
    """Put back what the order has taken, at most once, and only while the order is releasing.

    True when nothing of it is taken any more; False if the order had moved on, and nothing was
    changed.
    """
    check = {
        "TableName": order_table.table(),
        "Key": order_table.key(order["orderId"]),
        "ConditionExpression": "#status IN (:rejecting, :cancelling)",
        "ExpressionAttributeNames": {"#status": "status"},
        "ExpressionAttributeValues": encode(
            {":rejecting": OrderStatus.REJECTING, ":cancelling": OrderStatus.CANCELLING}
        ),
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }
    give_back = _settle(order["orderId"], ["HELD", "SOLD"], "RELEASED")
    lines = [{"Update": _return(line)} for line in order["lines"]]
    refused = transact([{"ConditionCheck": check}, give_back, *lines])
    if 0 in refused:
        return False
    if refused and 1 not in refused:
        raise RuntimeError(f"order {order['orderId']} holds stock of a product that is gone")
    return True  # refused by the reservation alone: nothing was taken, or it is back already


def sell(order_id: str) -> Item:
    """The `Update` of a transaction that turns what the order holds into what it bought."""
    return _settle(order_id, ["HELD"], "SOLD")


def _table() -> str:
    return load(InventoryTableSettings).inventory_table


def _reservation(order: Order) -> Item:
    taken = [
        {"productId": line["productId"], "quantity": line["quantity"]} for line in order["lines"]
    ]
    item = {
        "pk": f"RESERVATION#{order['orderId']}",
        "sk": "RESERVATION",
        "lines": taken,
        "status": "HELD",
        "createdAt": timestamp(),
    }
    absent = "attribute_not_exists(pk)"
    return {"TableName": _table(), "Item": encode(item), "ConditionExpression": absent}


def _take(line: OrderLine) -> Item:
    return _stock(line, "available = available - :quantity", "available >= :quantity")


def _return(line: OrderLine) -> Item:
    return _stock(line, "available = available + :quantity", "attribute_exists(pk)")


def _stock(line: OrderLine, change: str, condition: str) -> Item:
    return {
        "TableName": _table(),
        "Key": encode({"pk": f"PRODUCT#{line['productId']}", "sk": "PRODUCT"}),
        "UpdateExpression": f"SET {change} ADD version :one",
        "ConditionExpression": condition,
        "ExpressionAttributeValues": encode({":quantity": line["quantity"], ":one": 1}),
    }


def _settle(order_id: str, sources: list[str], target: str) -> Item:
    names = {f":from{position}": source for position, source in enumerate(sources)}
    update = {
        "TableName": _table(),
        "Key": encode({"pk": f"RESERVATION#{order_id}", "sk": "RESERVATION"}),
        "UpdateExpression": "SET #status = :target",
        "ConditionExpression": f"#status IN ({', '.join(names)})",
        "ExpressionAttributeNames": {"#status": "status"},
        "ExpressionAttributeValues": encode(names | {":target": target}),
    }
    return {"Update": update}

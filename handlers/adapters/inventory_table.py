"""The inventory table: products, and how many pieces of each are available and taken.

`available + taken = stocked` in any read: a move of stock changes the first two in one update,
and only operators change the third. What an order has taken stands in the order itself, so every
move is one transaction of the products with the order, whose own condition decides.
"""

from typing import NamedTuple

from handlers.adapters import order_table
from handlers.adapters.conditions import transact
from handlers.adapters.items import Item, decode, encode
from handlers.adapters.reads import batch_get
from handlers.domain.order import RELEASING, Order, OrderLine, OrderStatus, Stock
from handlers.domain.product import Product, product_of
from handlers.runtime.aws import client
from handlers.runtime.observability import logger
from handlers.runtime.settings import InventoryTableSettings, load

_PREFIX = "PRODUCT#"


def products(product_ids: list[str]) -> dict[str, Product]:
    """Return the products of these ids that are for sale, by id. A consistent read.

    One that can't be read is left out and logged, so that it keeps no other from being sold.
    """
    keys = [encode({"pk": f"{_PREFIX}{each}", "sk": "PRODUCT"}) for each in product_ids]
    # A retired product keeps its item and leaves the catalogue.
    items = [item for item in batch_get(_table(), keys) if "catalogue" in item]
    found = {_id_of(item): _read(item) for item in items}
    return {product_id: product for product_id, product in found.items() if product}


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
    ids = [_id_of(decode(item)) for page in pages for item in page["Items"]]
    return sorted(products(ids).values(), key=lambda product: product["name"])


class Short(NamedTuple):
    """Stock was not enough, and none was taken."""

    product_ids: list[str]


def reserve(order: Order, run: str) -> Order | Short | None:
    """Take every line of `order` from stock and move it to INVENTORY_RESERVED, or do nothing.

    Return the order after it; what is short; or None if the order had moved on, which is read
    first: another run handled it, whatever the products say. Raises RuntimeError for an order that
    took stock without the status to show it.
    """
    write, moved = order_table.move(
        order, OrderStatus.INVENTORY_RESERVED, run, {"stock": Stock.TAKEN}
    )
    refused = transact([write, *map(_take, order["lines"])])
    if not refused:
        return moved
    if 0 in refused:
        if refused[0].get("status") == order["status"]:
            raise RuntimeError(f"order {order['orderId']} holds stock that its status denies")
        return None
    return Short([order["lines"][position - 1]["productId"] for position in sorted(refused)])


def release(order: Order) -> Order | None:
    """Put back what the order has taken, at most once, and only while the order is releasing.

    Return the order when nothing of it is taken any more; None if the order had moved on, and
    nothing was changed. Raises RuntimeError for a product that doesn't have the pieces as taken.
    """
    if order.get("stock") != Stock.TAKEN:
        return order  # a releasing order takes nothing any more
    returned = order_table.stock_returned(order["orderId"])
    refused = transact([returned, *map(_return, order["lines"])])
    if 0 in refused:
        if refused[0].get("status") not in RELEASING:
            return None
    elif refused:
        raise RuntimeError(f"order {order['orderId']} holds stock that a product has not as taken")
    return {**order, "stock": Stock.RETURNED}


def _id_of(item: Item) -> str:
    return item["pk"].removeprefix(_PREFIX)


def _read(item: Item) -> Product | None:
    try:
        return product_of(_id_of(item), item)
    except ValueError as error:
        logger.error("unreadable product", productId=_id_of(item), problem=str(error))
        return None


def _table() -> str:
    return load(InventoryTableSettings).inventory_table


def _take(line: OrderLine) -> Item:
    change = "available = available - :quantity, taken = taken + :quantity"
    return _stock(line, change, "available >= :quantity")


def _return(line: OrderLine) -> Item:
    change = "available = available + :quantity, taken = taken - :quantity"
    return _stock(line, change, "taken >= :quantity")


def _stock(line: OrderLine, change: str, condition: str) -> Item:
    update = {
        "TableName": _table(),
        "Key": encode({"pk": f"{_PREFIX}{line['productId']}", "sk": "PRODUCT"}),
        "UpdateExpression": f"SET {change}",
        "ConditionExpression": condition,
        "ExpressionAttributeValues": encode({":quantity": line["quantity"]}),
    }
    return {"Update": update}

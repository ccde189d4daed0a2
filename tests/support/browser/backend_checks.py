"""What the tables and the gateway hold of a shopper, and changes that no customer can make."""

from datetime import datetime, timedelta
from typing import Any

from handlers.adapters.items import Item, decode, encode
from handlers.domain.clock import timestamp
from tests.support.browser.shopper import Shopper
from tests.support.database import as_read, setting
from tests.support.invariants import assert_money_is_exact
from tests.support.live_system import LiveSystem


def orders_of(shop: LiveSystem, shopper: Shopper) -> list[Item]:
    """Every order that the table has of the shopper's address."""
    pages = shop.aws.dynamodb.get_paginator("scan").paginate(
        TableName=shop.outputs["ordersTableName"],
        FilterExpression="sk = :order AND email = :email",
        ExpressionAttributeValues=encode({":order": "ORDER", ":email": shopper.email}),
        ConsistentRead=True,
    )
    return [as_read(decode(item)) for page in pages for item in page["Items"]]


def assert_ordered_once(shop: LiveSystem, shopper: Shopper, total: int) -> str:
    """One order, confirmed, charged once with `total` minor units. Returns its id."""
    (order,) = orders_of(shop, shopper)
    order_id = order["orderId"]
    assert shop.settled(order_id)["status"] == "CONFIRMED"
    assert shop.ledger(order_id) == {"AUTHORIZE": total, "CAPTURE": total}
    assert_money_is_exact(shop, order_id)
    return order_id


def assert_refused(shop: LiveSystem, shopper: Shopper, reason: str) -> str:
    """One order so far, refused, with nothing taken or held. Returns its id."""
    (placed,) = orders_of(shop, shopper)
    order = assert_given_up(shop, placed["orderId"], "REJECTED")
    assert order["reason"] == reason
    return order["orderId"]


def assert_given_up(shop: LiveSystem, order_id: str, status: str) -> Item:
    """The order, which has ended so, with nothing taken or held; its payment is dead."""
    order = shop.settled(order_id)
    assert order["status"] == status
    assert "CAPTURE" not in shop.ledger(order_id)
    assert {intent.status for intent in shop.intents(order_id)} <= {"canceled"}
    assert_money_is_exact(shop, order_id)
    return order


def change_product(shop: LiveSystem, product_id: str, **changed: Any) -> None:
    """Sets attributes of a product, as the shop's staff would: `price`, `available`, …"""
    shop.aws.dynamodb.update_item(
        TableName=shop.outputs["inventoryTableName"],
        **setting(f"PRODUCT#{product_id}", "PRODUCT", **changed),
    )


def let_wait(shop: LiveSystem, order_id: str) -> None:
    """As if the order had been received three minutes earlier; it has not moved since."""
    (received,) = shop.order(order_id)["timeline"]
    earlier = datetime.fromisoformat(received["at"]) - timedelta(minutes=3)
    shop.change(order_id, timeline=[received | {"at": timestamp(earlier)}])

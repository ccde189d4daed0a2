"""The orders table: orders, and the conditions that keep them honest; `ledger_rows` has their ledger.

Every write of a status names the status that it was decided on. A refused write is not an error
here but an answer: somebody else was faster, and the caller gets the order as it stands now.
"""

from collections.abc import Mapping
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from handlers.adapters.conditions import write
from handlers.adapters.items import Item, decode, encode
from handlers.adapters.reads import batch_get
from handlers.domain.clock import timestamp
from handlers.domain.order import Order, OrderStatus, Stock, TimelineEntry
from handlers.runtime.aws import client
from handlers.runtime.observability import logger
from handlers.runtime.settings import OrderTableSettings, load

_PREFIX = "ORDER#"
# What a status asks of the stock beside the status that it comes from: it is taken once, and no
# order is confirmed without it.
_STOCK_BEFORE: Mapping[OrderStatus, tuple[str, dict[str, object]]] = {
    OrderStatus.INVENTORY_RESERVED: (" AND attribute_not_exists(stock)", {}),
    OrderStatus.CONFIRMED: (" AND stock = :taken", {":taken": Stock.TAKEN}),
}


def table() -> str:
    """The table's name."""
    return load(OrderTableSettings).orders_table


def key(order_id: str, sort: str = "ORDER") -> Item:
    """The typed key of an order, or of the row `sort` beside it."""
    return encode({"pk": f"{_PREFIX}{order_id}", "sk": sort})


def to_item(order: Order) -> Item:
    """Return the order as the table has it, where its id is in the key alone."""
    attributes: dict[str, object] = {**order}
    return key(str(attributes.pop("orderId"))) | encode(attributes)


def id_of(item: Item) -> str:
    """Return the order's id, which is in the typed item's key."""
    return item["pk"]["S"].removeprefix(_PREFIX)


def of_item(item: Item) -> Order:
    """Return the order of a typed item. Raises KeyError for an item without a key."""
    return _order(decode(item))


def get(order_id: str) -> Order | None:
    """The order as it stands now, or None. A consistent read."""
    answer = client("dynamodb").get_item(TableName=table(), Key=key(order_id), ConsistentRead=True)
    return of_item(answer["Item"]) if "Item" in answer else None


def insert(order: Order) -> Order | None:
    """Write a new order. None, or the order that already has this id and stays as it is."""
    absent = "attribute_not_exists(pk)"
    request = {"TableName": table(), "Item": to_item(order), "ConditionExpression": absent}
    return _write("put_item", request)


class Unanswered(Exception):
    """Whether an order was written is unknown."""


def place(order: Order) -> Order:
    """Return `order` once it is written, or the one that stands under its id.

    A write whose answer is lost may have been made. So the order is read, and written if it isn't
    there. Raises Unanswered if neither can be done.
    """
    try:
        return insert(order) or order
    except (BotoCoreError, ClientError):
        logger.exception("order not written")
    try:
        return get(order["orderId"]) or insert(order) or order
    except (BotoCoreError, ClientError) as error:
        raise Unanswered(order["orderId"]) from error


def move(
    order: Order, target: OrderStatus, run: str = "", changes: Mapping[str, str] | None = None
) -> tuple[Item, Order]:
    """Return the `Update` that moves `order` on from the status it was read in, and the order
    after it. `changes` are the other attributes that are set with the status.

    The client secret of the payment stays no longer than the status that it came with.
    """
    event: TimelineEntry = {"status": target, "at": timestamp()}
    if run:
        event["run"] = run
    sets: dict[str, object] = {"status": target.value, "attempts": 0, **(changes or {})}
    kept = {name: value for name, value in order.items() if name != "clientSecret"}
    moved: Any = {**kept, **sets, "timeline": [*order["timeline"], event]}
    removed = " REMOVE clientSecret" if "clientSecret" in order else ""
    values: dict[str, object] = {f":{name}": value for name, value in sets.items()}
    values |= {":event": [event], ":from": order["status"], ":one": 1}
    about_stock, compared = _STOCK_BEFORE.get(target, ("", {}))
    update = {
        "TableName": table(),
        "Key": key(order["orderId"]),
        "UpdateExpression": "SET timeline = list_append(timeline, :event), "
        f"{', '.join(f'#{name} = :{name}' for name in sets)} ADD version :one{removed}",
        "ConditionExpression": "#status = :from" + about_stock,
        "ExpressionAttributeNames": {f"#{name}": name for name in sets},
        "ExpressionAttributeValues": encode(values | compared),
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }
    return {"Update": update}, moved


def claim(order: Order, target: OrderStatus) -> Order | None:
    """Move `order` and make it due at once. None when made, or the order that refused it."""
    update, _ = move(order, target, changes={"dueAt": timestamp()})
    request = update["Update"]
    del request["ReturnValuesOnConditionCheckFailure"]  # `write` says so for every request
    return _write("update_item", request)


def make_due(order: Order) -> None:
    """Make an open order due now, unless a run has moved it meanwhile. A failure is logged."""
    request = {
        "TableName": table(),
        "Key": key(order["orderId"]),
        "UpdateExpression": "SET dueAt = :now",
        "ConditionExpression": "dueAt = :seen AND version = :version",
        "ExpressionAttributeValues": encode(
            {":now": timestamp(), ":seen": order.get("dueAt", ""), ":version": order["version"]}
        ),
    }
    try:
        write("update_item", request)
    except (BotoCoreError, ClientError):
        logger.exception("order not made due")


def stock_returned(order_id: str) -> Item:
    """Return the `Update` that notes that the order's pieces are back on the shelf.

    Its condition is what makes a return happen at most once: the order is being refused or
    cancelled, and holds stock.
    """
    update = {
        "TableName": table(),
        "Key": key(order_id),
        "UpdateExpression": "SET stock = :returned ADD version :one",
        "ConditionExpression": "#status IN (:rejecting, :cancelling) AND stock = :taken",
        "ExpressionAttributeNames": {"#status": "status"},
        "ExpressionAttributeValues": encode(
            {
                ":returned": Stock.RETURNED,
                ":taken": Stock.TAKEN,
                ":rejecting": OrderStatus.REJECTING,
                ":cancelling": OrderStatus.CANCELLING,
                ":one": 1,
            }
        ),
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }
    return {"Update": update}


def record_intent(order: Order, intent_id: str) -> Order | None:
    """Note the gateway's intent on the order, once. None, or the order that refused it."""
    values = {":payment": {"intentId": intent_id}, ":from": order["status"], ":one": 1}
    request = {
        "TableName": table(),
        "Key": key(order["orderId"]),
        "UpdateExpression": "SET payment = :payment ADD version :one",
        "ConditionExpression": "#status = :from AND attribute_not_exists(payment)",
        "ExpressionAttributeNames": {"#status": "status"},
        "ExpressionAttributeValues": encode(values),
    }
    return _write("update_item", request)


def page(customer_id: str, limit: int, start: Item | None) -> tuple[list[Order], Item | None]:
    """A customer's orders, newest first, and the key to go on from (None at the end).

    The index holds keys alone, so that moving an order on does not pay for it a second time.
    """
    query: Item = {
        "TableName": table(),
        "IndexName": "byCustomer",
        "KeyConditionExpression": "customerId = :customer",
        "ExpressionAttributeValues": encode({":customer": customer_id}),
        "ScanIndexForward": False,
        "Limit": limit,
    }
    if start:
        query["ExclusiveStartKey"] = encode(start)
    answer = client("dynamodb").query(**query)
    keys = [{"pk": item["pk"], "sk": item["sk"]} for item in answer["Items"]]
    orders = [_order(attributes) for attributes in batch_get(table(), keys)]
    orders.sort(key=lambda order: (order["createdAt"], order["orderId"]), reverse=True)
    following = answer.get("LastEvaluatedKey")
    return orders, decode(following) if following else None


def _order(attributes: Item) -> Order:
    order: Any = {name: value for name, value in attributes.items() if name not in ("pk", "sk")}
    order["orderId"] = attributes["pk"].removeprefix(_PREFIX)
    return order


def _write(operation: str, request: Item) -> Order | None:
    """Make one conditional write of an order. None when made, or the order that refused it."""
    standing = write(operation, request)
    return None if standing is None else _order(standing)

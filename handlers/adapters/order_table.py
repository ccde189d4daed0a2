"""The orders table: orders, their ledger, and the conditions that keep both honest.

Every write of a status names the status that it was decided on. A refused write is not an error
here but an answer: somebody else was faster, and the caller gets the order as it stands now.
"""

from handlers.adapters.conditions import write
from handlers.adapters.items import Item, decode, encode
from handlers.adapters.reads import batch_get
from handlers.domain.clock import timestamp
from handlers.domain.ledger import LedgerKind, LedgerRow
from handlers.domain.order import Order, OrderStatus, TimelineEntry
from handlers.runtime.aws import client
from handlers.runtime.settings import OrderTableSettings, load


def table() -> str:
    """The table's name."""
    return load(OrderTableSettings).orders_table


def key(order_id: str, sort: str = "ORDER") -> Item:
    """The typed key of an order, or of the row `sort` beside it."""
    return encode({"pk": f"ORDER#{order_id}", "sk": sort})


def get(order_id: str) -> Order | None:
    """The order as it stands now, or None. A consistent read."""
    answer = client("dynamodb").get_item(TableName=table(), Key=key(order_id), ConsistentRead=True)
    return decode(answer["Item"]) if "Item" in answer else None


def insert(order: Order) -> Order | None:
    """Write a new order. None, or the order that already has this id and stays as it is."""
    item = key(order["orderId"]) | encode(order)
    absent = "attribute_not_exists(pk)"
    request = {"TableName": table(), "Item": item, "ConditionExpression": absent}
    return write("put_item", request)


def move(
    order: Order, target: OrderStatus, run: str, due_at: str | None = None
) -> tuple[Item, Order]:
    """Return the `Update` that moves `order` on from the status it was read in, and the order
    after it. `due_at` is a new time at which it is due; by default that stays as it is.
    """
    now = timestamp()
    event: TimelineEntry = {"status": target, "at": now, "run": run}
    moved: Order = {
        **order,
        "status": target,
        "updatedAt": now,
        "timeline": [*order["timeline"], event],
    }
    changes = {"status": target, "updatedAt": now}
    if due_at:
        moved["dueAt"] = changes["dueAt"] = due_at
    names = {f"#{position}": attribute for position, attribute in enumerate(changes)}
    values = {f":{position}": value for position, value in enumerate(changes.values())}
    sets = [f"{name} = :{name[1:]}" for name in names]
    update = {
        "TableName": table(),
        "Key": key(order["orderId"]),
        "UpdateExpression": "SET timeline = list_append(timeline, :event), "
        f"{', '.join(sets)} ADD version :one",
        "ConditionExpression": "#status = :from",
        "ExpressionAttributeNames": names | {"#status": "status"},
        "ExpressionAttributeValues": encode(
            values | {":event": [event], ":from": order["status"], ":one": 1}
        ),
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }
    return {"Update": update}, moved


def ledger_row(order: Order, kind: LedgerKind, amount: int, gateway_id: str) -> Item:
    """The `Put` of one row of the transaction log; `amount` in minor units.

    In a transaction it goes with the status that it explains, whose condition guards both.
    """
    row: LedgerRow = {
        "kind": kind,
        "amount": amount,
        "currency": order["currency"],
        "gatewayId": gateway_id,
        "at": timestamp(),
    }
    item = key(order["orderId"], f"TXN#{kind}") | encode(row)
    return {"Put": {"TableName": table(), "Item": item}}


def add_ledger_rows(rows: list[Item]) -> None:
    """Write those rows that the ledger lacks; a row that is there stays as it is."""
    for row in rows:
        write("put_item", row["Put"] | {"ConditionExpression": "attribute_not_exists(pk)"})


def record_intent(order: Order, intent_id: str) -> Order | None:
    """Note the gateway's intent on the order, once. None, or the order that refused it."""
    values = {
        ":payment": {"intentId": intent_id},
        ":from": order["status"],
        ":at": timestamp(),
        ":one": 1,
    }
    request = {
        "TableName": table(),
        "Key": key(order["orderId"]),
        "UpdateExpression": "SET payment = :payment, updatedAt = :at ADD version :one",
        "ConditionExpression": "#status = :from AND attribute_not_exists(payment)",
        "ExpressionAttributeNames": {"#status": "status"},
        "ExpressionAttributeValues": encode(values),
    }
    return write("update_item", request)


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
    orders: list[Order] = batch_get(table(), keys)
    orders.sort(key=lambda order: (order["createdAt"], order["orderId"]), reverse=True)
    following = answer.get("LastEvaluatedKey")
    return orders, decode(following) if following else None

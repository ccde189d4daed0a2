"""The rows of the ledger, which lie beside their order in the orders table."""

from handlers.adapters.conditions import write
from handlers.adapters.items import Item, encode
from handlers.adapters.order_table import key, table
from handlers.domain.clock import timestamp
from handlers.domain.ledger import LedgerKind, LedgerRow, sort_key
from handlers.domain.order import Order


def row(order: Order, kind: LedgerKind, amount: int, gateway_id: str) -> Item:
    """The `Put` of one row of the transaction log; `amount` in minor units.

    In a transaction it goes with the status that it explains, whose condition guards both.
    """
    content: LedgerRow = {
        "kind": kind,
        "amount": amount,
        "currency": order["currency"],
        "gatewayId": gateway_id,
        "at": timestamp(),
    }
    item = key(order["orderId"], sort_key(kind, gateway_id)) | encode(content)
    return {"Put": {"TableName": table(), "Item": item}}


def add(rows: list[Item]) -> None:
    """Write those rows that the ledger lacks; a row that is there stays as it is."""
    for each in rows:
        write("put_item", each["Put"] | {"ConditionExpression": "attribute_not_exists(pk)"})

"""What the books function reads and writes of orders; it changes no status, no money and no stock.

- `ORDER#<id>` / `FINDING#<cause>#<gateway id>`: what was found, once for each object of the gateway,
  so that an operator who has resolved it does not hear of it again.
- `BOOKS` / `ORPHAN#<payment>`: a payment without an order.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple

from handlers.adapters import attention
from handlers.adapters.conditions import transact, write
from handlers.adapters.items import Item, decode, encode
from handlers.adapters.order_table import id_of, key, of_item, table
from handlers.domain.books import Finding
from handlers.domain.clock import timestamp
from handlers.domain.ledger import LedgerKind, LedgerRow, sort_key
from handlers.domain.order import Order
from handlers.domain.sweep import Span
from handlers.runtime.aws import client

BOOKS = "BOOKS"
"""The partition key of what belongs to no order."""

_SCANNED = 1000  # items of one Scan, of all kinds
_CAPTURE = sort_key(LedgerKind.CAPTURE, "")


class Captured(NamedTuple):
    """A place in the table, and the capture there: empty texts if it is only the end of a page."""

    place: tuple[str, str]
    order_id: str = ""
    intent_id: str = ""


def read(order_id: str) -> tuple[Order | None, list[LedgerRow]]:
    """The order as it stands now, or None, and its ledger. One consistent read."""
    answer = client("dynamodb").query(
        TableName=table(),
        KeyConditionExpression="pk = :pk",
        ExpressionAttributeValues={":pk": key(order_id)["pk"]},
        ConsistentRead=True,
    )
    order: Order | None = None
    rows: list[LedgerRow] = []
    for item in answer["Items"]:
        sort: str = item["sk"]["S"]
        if sort == "ORDER":
            order = of_item(item)
        elif sort.startswith("TXN#"):
            rows.append(decode(item))
    return order, rows


def note(order_id: str, finding: Finding) -> bool:
    """List the order for operators with the finding's cause; return False if that was done before.

    One transaction, so that what is noted is listed.
    """
    content: dict[str, object] = {
        "cause": finding.cause,
        "gatewayId": finding.gateway_id,
        "amount": finding.amount,
        "at": timestamp(),
    }
    row = key(order_id, f"FINDING#{finding.cause}#{finding.gateway_id}") | encode(content)
    listed = attention.flagged(order_id, finding.cause)
    return not transact([{"Put": _if_absent(row)}, {"Update": listed}])


def note_orphan(intent_id: str, amount: int) -> bool:
    """Note a payment without an order, `amount` in minor units; return False if that was done before."""
    content: dict[str, object] = {"pk": BOOKS, "sk": f"ORPHAN#{intent_id}", "amount": amount}
    return write("put_item", _if_absent(encode(content | {"at": timestamp()}))) is None


def captures(noted: Span, after: tuple[str, ...]) -> Iterator[Captured]:
    """The captures that were noted in this time, in no order, after a place that was reached before.

    It reads the whole table, orders of all times included, and yields at least once for each page.
    The filter costs nothing more and saves nothing:
    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Scan.html
    """
    request: dict[str, Any] = {
        "TableName": table(),
        "FilterExpression": "sk = :sk AND #at >= :first AND #at < :end",
        "ProjectionExpression": "pk, sk, gatewayId",
        "ExpressionAttributeNames": {"#at": "at"},
        "ExpressionAttributeValues": encode(
            {":sk": _CAPTURE, ":first": _text(noted.first), ":end": _text(noted.end)}
        ),
        "Limit": _SCANNED,
    }
    place = encode(dict(zip(("pk", "sk"), after, strict=False)))
    while True:
        if place:
            request["ExclusiveStartKey"] = place
        answer = client("dynamodb").scan(**request)
        for item in answer["Items"]:
            yield Captured(_place(item), id_of(item), item["gatewayId"]["S"])
        place = answer.get("LastEvaluatedKey")
        if not place:
            return
        yield Captured(_place(place))


def _if_absent(item: Item) -> Item:
    return {
        "TableName": table(),
        "Item": item,
        "ConditionExpression": "attribute_not_exists(pk)",
    }


def _place(item: Item) -> tuple[str, str]:
    return item["pk"]["S"], item["sk"]["S"]


def _text(seconds: int) -> str:
    return timestamp(datetime.fromtimestamp(seconds, UTC))

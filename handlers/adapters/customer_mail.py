"""Whether mail reaches a customer: the row `CUSTOMER#<sub>` / `MAIL` in the orders table.

It is there once a mail to the customer bounced for good, was complained about or was suppressed,
and holds a hash of that address, not the address. It no longer counts once the customer has
another address.
"""

import base64
import hashlib

from handlers.adapters.conditions import write
from handlers.adapters.items import Item, encode
from handlers.adapters.order_table import key, of_item, table
from handlers.adapters.reads import batch_get_typed
from handlers.domain.mail_outcome import Outcome
from handlers.domain.order import Order


def get_order(order_id: str, customer_id: str) -> tuple[Order | None, Outcome | None]:
    """Return the order as it stands now, and why no mail goes to its address (None: it does).

    One consistent read of both. Without the order's own `customer_id` every address counts as good.
    """
    items = batch_get_typed(table(), [key(order_id), _key(customer_id)])
    found = {item["sk"]["S"]: item for item in items}
    order = of_item(found["ORDER"]) if "ORDER" in found else None
    row = found.get("MAIL")
    if order is None or row is None or row["address"]["S"] != _hash(order["email"]):
        return order, None
    return order, Outcome(row["outcome"]["S"])


def note(order: Order, outcome: Outcome, at: str) -> None:
    """Note how a mail to the order's address ended at `at` (a timestamp), unless later news are there."""
    row = {"address": _hash(order["email"]), "outcome": outcome, "at": at}
    write(
        "put_item",
        {
            "TableName": table(),
            "Item": _key(order["customerId"]) | encode(row),
            "ConditionExpression": "attribute_not_exists(pk) OR #at < :at",
            "ExpressionAttributeNames": {"#at": "at"},
            "ExpressionAttributeValues": encode({":at": at}),
        },
    )


def _key(customer_id: str) -> Item:
    return encode({"pk": f"CUSTOMER#{customer_id}", "sk": "MAIL"})


def _hash(address: str) -> str:
    digest = hashlib.sha256(address.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")

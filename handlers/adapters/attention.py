"""The mark on an order that operators should look at, with its cause and since when."""

from handlers.adapters.conditions import write
from handlers.adapters.items import Item, encode
from handlers.adapters.order_table import key, table
from handlers.domain.clock import timestamp

MAIL = "MAIL"
"""The cause of attention of an order whose customer does not get its mail."""

SHARD = "0"
"""The one key of the index `attention`."""


def flag(order_id: str, cause: str) -> bool:
    """List the order for operators, also at rest; return whether there is such an order."""
    return write("update_item", flagged(order_id, cause)) is None


def flagged(order_id: str, cause: str) -> Item:
    """Return the `Update` that lists the order for operators, also at rest.

    A cause that the order has stays as old as it is. `version` counts what customers see, and stays.
    """
    return {
        "TableName": table(),
        "Key": key(order_id),
        "UpdateExpression": "SET attention.#cause = if_not_exists(attention.#cause, :now), "
        "attentionShard = :shard, attentionSince = if_not_exists(attentionSince, :now)",
        "ConditionExpression": "attribute_exists(pk)",
        "ExpressionAttributeNames": {"#cause": cause},
        "ExpressionAttributeValues": encode({":now": timestamp(), ":shard": SHARD}),
    }

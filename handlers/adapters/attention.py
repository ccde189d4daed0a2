"""The mark on an order that operators should look at, with its cause and since when."""

from handlers.adapters.conditions import write
from handlers.adapters.items import encode
from handlers.adapters.order_table import key, table
from handlers.domain.clock import timestamp

MAIL = "MAIL"
"""The cause of attention of an order whose customer does not get its mail."""

_SHARD = "0"


def flag(order_id: str, cause: str) -> bool:
    """List the order for operators, also at rest; return whether there is such an order.

    A cause that the order has stays as old as it is. `version` counts what customers see, and stays.
    """
    request = {
        "TableName": table(),
        "Key": key(order_id),
        "UpdateExpression": "SET attention.#cause = if_not_exists(attention.#cause, :now), "
        "attentionShard = :shard, attentionSince = if_not_exists(attentionSince, :now)",
        "ConditionExpression": "attribute_exists(pk)",
        "ExpressionAttributeNames": {"#cause": cause},
        "ExpressionAttributeValues": encode({":now": timestamp(), ":shard": _SHARD}),
    }
    return write("update_item", request) is None

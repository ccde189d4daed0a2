"""The index of open orders, and the write that takes one of them to be looked at."""

from typing import NamedTuple

from handlers.adapters import attention
from handlers.adapters.conditions import write
from handlers.adapters.items import encode
from handlers.adapters.order_table import id_of, key, table
from handlers.domain.order import OPEN_SHARDS
from handlers.runtime.aws import client

STUCK = "STUCK"
"""The cause of attention of an order that has been in one status for too long."""


class Due(NamedTuple):
    """An order as the index lists it; `due_at` is a timestamp, and sorts as time does."""

    due_at: str
    order_id: str


def due(now: str, limit: int) -> list[Due]:
    """Return at most `limit` orders that are due at `now`, those due first in front.

    A page of each shard is enough for that. The index may be behind its table, so an order of the
    list may have been moved on since.
    """
    found: list[Due] = []
    for shard in OPEN_SHARDS:
        answer = client("dynamodb").query(
            TableName=table(),
            IndexName="open",
            KeyConditionExpression="openShard = :shard AND dueAt <= :now",
            ExpressionAttributeValues=encode({":shard": shard, ":now": now}),
            Limit=limit,
        )
        found += [Due(item["dueAt"]["S"], id_of(item)) for item in answer["Items"]]
    return sorted(found)[:limit]


def take(order_id: str, seen: str, look: str, stuck_since: str | None) -> bool:
    """Move the order's `dueAt` from `seen` to `look`; return whether this caller did it.

    It is refused if `dueAt` is not `seen` any more: another caller has taken the order, a run has
    moved it, or nothing is due. With `stuck_since` the same write lists the order for operators as
    STUCK since then, unless it is so listed already. `version` counts what customers see, and stays.
    """
    values = {":look": look, ":seen": seen}
    sets = ["dueAt = :look"]
    if stuck_since:
        values |= {":since": stuck_since, ":shard": attention.SHARD}
        sets += [
            "attention.STUCK = if_not_exists(attention.STUCK, :since)",
            "attentionShard = :shard",
            "attentionSince = if_not_exists(attentionSince, :since)",
        ]
    request = {
        "TableName": table(),
        "Key": key(order_id),
        "UpdateExpression": f"SET {', '.join(sets)}",
        "ConditionExpression": "dueAt = :seen",
        "ExpressionAttributeValues": encode(values),
    }
    return write("update_item", request) is None

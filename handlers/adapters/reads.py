"""Reading many items at once, whatever their table."""

from typing import Any

from handlers.adapters.items import Item, decode
from handlers.runtime.aws import client

_BATCH = 100  # the most keys of one BatchGetItem


def batch_get(table: str, keys: list[Item]) -> list[Any]:
    """Return the items of these typed keys that exist, in no order. Consistent reads."""
    return [decode(item) for item in batch_get_typed(table, keys)]


def batch_get_typed(table: str, keys: list[Item]) -> list[Item]:
    """As `batch_get`, with the items typed as DynamoDB has them."""
    found: list[Item] = []
    while keys:
        batch, keys = keys[:_BATCH], keys[_BATCH:]
        request = {table: {"Keys": batch, "ConsistentRead": True}}
        answer = client("dynamodb").batch_get_item(RequestItems=request)
        found += answer["Responses"][table]
        keys += answer["UnprocessedKeys"].get(table, {}).get("Keys", [])
    return found

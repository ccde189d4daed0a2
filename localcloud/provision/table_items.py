"""Items that a program puts into DynamoDB tables."""

import json
from collections.abc import Mapping
from typing import Any

from localcloud.provision.aws import Aws
from localcloud.provision.reading import at, reported
from localcloud.provision.resource import Resource, ResourceType


def _create_item(aws: Aws, item: Resource) -> str:
    aws.dynamodb.put_item(TableName=item["tableName"], Item=json.loads(item["item"]))
    return _item_id(item)


def _item_id(item: Resource) -> str:
    """The table's name and the item's key as JSON, so that the id alone tells the item."""
    return f"{item['tableName']}|{json.dumps(_item_key(item, json.loads(item['item'])))}"


def _configure_item(aws: Aws, item: Resource) -> Mapping[str, Any]:
    attributes = json.loads(item["item"])
    key = _item_key(item, attributes)
    if item.previous is not None:
        last: str | None = item.previous.get("item")
        before = _item_key(item, json.loads(last)) if last else key
        if before != key:
            aws.dynamodb.delete_item(TableName=item["tableName"], Key=before)
        aws.dynamodb.put_item(TableName=item["tableName"], Item=attributes)
    return {}


def _delete_item(aws: Aws, item: Resource) -> None:
    key = _item_key(item, json.loads(item["item"]))
    aws.dynamodb.delete_item(TableName=item["tableName"], Key=key)


def _read_item(aws: Aws, item: Resource) -> Mapping[str, Any] | None:
    table, _, key = (_item_id(item) if item.get("item") else item.id).partition("|")
    answer = aws.dynamodb.get_item(TableName=table, Key=json.loads(key), ConsistentRead=True)
    if "Item" not in answer:
        return None
    names = [*json.loads(key), None]
    inputs = {
        "tableName": table,
        "hashKey": names[0],
        "rangeKey": names[1],
        "item": json.dumps(answer["Item"]),
    }
    return reported(item, inputs)


def _item_key(item: Resource, attributes: Mapping[str, Any]) -> dict[str, Any]:
    names = [item["hashKey"]] + ([item["rangeKey"]] if item.get("rangeKey") else [])
    return {name: attributes[name] for name in names}


TYPES = {
    "aws:dynamodb/tableItem:TableItem": ResourceType(
        _create_item,
        _configure_item,
        _delete_item,
        _read_item,
        at(_item_id, _read_item),
        immutable=("tableName", "hashKey", "rangeKey"),
        once_for=("tableName", "item"),
    ),
}

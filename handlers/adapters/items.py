"""DynamoDB's typed JSON to plain Python and back: numbers are integers here, money has no floats."""

from decimal import Decimal
from typing import Any

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer

_deserialize = TypeDeserializer().deserialize
_serialize = TypeSerializer().serialize

Item = dict[str, Any]


def decode(item: Item) -> Item:
    """`{"total": {"N": "1999"}}` -> `{"total": 1999}`."""
    return {key: _integers(_deserialize(value)) for key, value in item.items()}


def encode(item: Item) -> Item:
    """`{"total": 1999}` -> `{"total": {"N": "1999"}}`. Raises TypeError for floats."""
    return {key: _serialize(value) for key, value in item.items()}


def _integers(value: Any) -> Any:
    match value:
        case Decimal():
            return int(value)
        case dict():
            return {key: _integers(inner) for key, inner in value.items()}
        case list():
            return [_integers(inner) for inner in value]
        case _:
            return value

"""DynamoDB's typed JSON to plain Python and back: numbers are integers here, money has no floats.

What this program writes has no fractions. One that comes from elsewhere stays a Decimal: cut to an
integer, a price of 19.99 would be charged as 19.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, cast

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer

_deserialize: Callable[[Any], Any] = TypeDeserializer().deserialize
_serialize: Callable[[Any], Any] = TypeSerializer().serialize

Item = dict[str, Any]


def decode(item: Item) -> Any:
    """Return the item as plain values: `{"total": {"N": "1999"}}` -> `{"total": 1999}`.

    What the item is of the domain, the caller's annotation says; the database has no types.
    """
    return {key: _integers(_deserialize(value)) for key, value in item.items()}


def encode(item: Mapping[str, object]) -> Item:
    """Return DynamoDB's item: `{"total": 1999}` -> `{"total": {"N": "1999"}}`.

    Raises TypeError for floats.
    """
    return {key: _serialize(value) for key, value in item.items()}


def _integers(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == int(value) else value
    if isinstance(value, dict):
        return {key: _integers(inner) for key, inner in cast(Item, value).items()}
    if isinstance(value, list):
        return [_integers(inner) for inner in cast(list[Any], value)]
    return value

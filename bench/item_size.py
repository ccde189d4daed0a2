"""How large DynamoDB takes an item to be, in bytes.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
"""

from collections.abc import Mapping
from typing import Any

STORED_OVERHEAD = 100
"""Bytes that are stored, and billed, beside each item and each index entry:
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/LSI.html#LSI.StorageConsiderations"""

Item = Mapping[str, Mapping[str, Any]]


def item_size(item: Item) -> int:
    """Of an item as typed JSON: `{"total": {"N": "1999"}}`."""
    return sum(len(name.encode()) + _value(value) for name, value in item.items())


def _value(typed: Mapping[str, Any]) -> int:
    ((kind, value),) = typed.items()
    match kind:
        case "S":
            return len(value.encode())
        case "N":
            digits = len(value.replace("-", "").replace(".", "").strip("0"))
            return (digits + 1) // 2 + 1 + value.startswith("-")
        case "M":
            return 3 + len(value) + item_size(value)
        case "L":
            return 3 + len(value) + sum(map(_value, value))
        case "BOOL" | "NULL":
            return 1
        case _:
            raise ValueError(f"no item here has values of type {kind}")

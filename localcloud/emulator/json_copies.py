"""Patch: items of DynamoDB are copied as the JSON that they are. `copy.deepcopy` also looks for cycles and for what an
object says of its own copying, which items don't have.
"""

import copy
from typing import Any, cast

from ministack.services import dynamodb as untyped_dynamodb

from localcloud.emulator import anchors
from localcloud.emulator.stand_in import StandIn

dynamodb = cast(Any, untyped_dynamodb)
UNCHANGEABLE = (str, int, float, bool, bytes, type(None))


def apply() -> None:
    """Replaces the function in the module of DynamoDB alone."""
    anchors.source_contains(
        dynamodb, "    old_item = copy.deepcopy(existing) if existing else None"
    )
    dynamodb.copy = StandIn(copy, deepcopy=copied)


def copied(value: Any) -> Any:
    """Return a deep copy; what is not JSON is copied by `copy.deepcopy`."""
    if type(value) is dict:
        return {key: copied(inner) for key, inner in cast(dict[Any, Any], value).items()}
    if type(value) is list:
        return [copied(inner) for inner in cast(list[Any], value)]
    return value if type(value) in UNCHANGEABLE else copy.deepcopy(value)

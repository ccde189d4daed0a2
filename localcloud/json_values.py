"""Tells the kinds of JSON value apart, for the type checker too: `isinstance` alone forgets what is inside."""

from typing import Any, TypeGuard


def is_object(value: object) -> TypeGuard[dict[str, Any]]:
    """Whether it is a JSON object: a dict, whose keys are strings."""
    return isinstance(value, dict)


def is_array(value: object) -> TypeGuard[list[Any]]:
    """Whether it is a JSON array: a list."""
    return isinstance(value, list)

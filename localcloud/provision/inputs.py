"""Inputs as they are compared and stored: plain JSON values, files and archives as their fingerprints."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pulumi

from localcloud.json_values import is_array, is_object
from localcloud.provision.archive import Archive, File


def stored(value: Any, directory: Path) -> Any:
    """`value` with every file and archive in it readable below `directory`."""
    if isinstance(value, pulumi.Archive):
        return Archive(value, directory)
    if isinstance(value, pulumi.Asset):
        return File(value, directory)
    if is_object(value):
        return {key: stored(item, directory) for key, item in value.items()}
    return [stored(item, directory) for item in value] if is_array(value) else value


def keep(inputs: dict[str, Any], before: Mapping[str, Any], path: str) -> None:
    """Gives one property, such as `item` or `environment.variables`, its previous value (or none if it had none)."""
    key, _, rest = path.partition(".")
    if rest and is_object(inputs.get(key)):
        keep(inputs[key], before.get(key) or {}, rest)
    elif key in before:
        inputs[key] = before[key]
    else:
        inputs.pop(key, None)


def differing(before: Mapping[str, Any], now: Mapping[str, Any]) -> tuple[str, ...]:
    """The names of the inputs that differ, sorted."""
    return tuple(sorted(key for key in before.keys() | now if before.get(key) != now.get(key)))

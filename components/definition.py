"""Reads a YAML document, and fills its whole-value `${Name}` leaves: text replacement would break on quotes."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import yaml

# The parser in C takes a tenth of the time of the one in Python, and is in PyYAML's wheels.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_PLACEHOLDER = re.compile(r"\$\{(\w+)\}")


def read(path: Path) -> Any:
    """The document in a YAML file, with plain values alone. Raises yaml.YAMLError."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)


def fill(document: Any, values: Mapping[str, Any]) -> Any:
    """`document` with every `${Name}` leaf replaced. Raises KeyError naming an unknown one."""
    if isinstance(document, dict):
        entries = cast(dict[str, Any], document)
        return {key: fill(value, values) for key, value in entries.items()}
    if isinstance(document, list):
        return [fill(value, values) for value in cast(list[Any], document)]
    found = _PLACEHOLDER.fullmatch(document) if isinstance(document, str) else None
    return values[found[1]] if found else document

"""Fills whole-value `${Name}` leaves of a document: text replacement would break on quotes."""

import re
from collections.abc import Mapping
from typing import Any, cast

_PLACEHOLDER = re.compile(r"\$\{(\w+)\}")


def fill(document: Any, values: Mapping[str, Any]) -> Any:
    """`document` with every `${Name}` leaf replaced. Raises KeyError naming an unknown one."""
    if isinstance(document, dict):
        entries = cast(dict[str, Any], document)
        return {key: fill(value, values) for key, value in entries.items()}
    if isinstance(document, list):
        return [fill(value, values) for value in cast(list[Any], document)]
    found = _PLACEHOLDER.fullmatch(document) if isinstance(document, str) else None
    return values[found[1]] if found else document

"""Fills whole-value `${Name}` leaves of a document: text replacement would break on quotes."""

import re
from collections.abc import Mapping
from typing import Any

_PLACEHOLDER = re.compile(r"\$\{(\w+)\}")


def fill(document: Any, values: Mapping[str, Any]) -> Any:
    """`document` with every `${Name}` leaf replaced. Raises KeyError naming an unknown one."""
    match document:
        case dict():
            return {key: fill(value, values) for key, value in document.items()}
        case list():
            return [fill(value, values) for value in document]
        case str() if found := _PLACEHOLDER.fullmatch(document):
            return values[found[1]]
        case _:
            return document

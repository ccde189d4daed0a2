"""What the engine refuses in a project's config: values that are missing, in plain text, or of another type.

The engine's own rules are `mergeConfig` and `validateStackConfigValue` in
https://github.com/pulumi/pulumi/blob/master/pkg/workspace/config.go, and `Validate` and `ValidateConfigValue` in
https://github.com/pulumi/pulumi/blob/master/sdk/go/common/workspace/project.go
"""

import json
import re
from collections.abc import Mapping
from typing import Any

from localcloud.json_values import is_array, is_object

TYPES = ("string", "integer", "boolean", "array", "object")
INTEGER = re.compile(r"[+-]?[0-9]+")


def field(schema: Any, name: str) -> Any:
    """One field of a declaration, or None: `key: hello` is short for a default without any other field."""
    return schema.get(name) if is_object(schema) else None


def is_encrypted(value: Any) -> bool:
    """Whether a stack's file has this value encrypted: `{secure: …}`."""
    return is_object(value) and set(value) == {"secure"} and isinstance(value["secure"], str)


def as_text(value: Any) -> str:
    """A value as the CLI hands it to the program: text as it is, nothing as "", everything else as JSON."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return value if isinstance(value, str) else json.dumps(value)


def of_declaration(key: str, schema: Any) -> str:
    """What is wrong with a declaration in Pulumi.yaml, or ""."""
    kind, items, default = (field(schema, name) for name in ("type", "items", "default"))
    if kind is None:
        return ""
    if kind not in TYPES:
        return f"{key} has the type {kind}, which is none of {', '.join(TYPES)}"
    if kind == "array" and items is None:
        return f"{key} is an array and does not say the type of its `items`"
    if default is not None and not _fits(kind, items, default):
        return f"the default of {key} must be of type {_name(kind, items)}, not {default!r}"
    return ""


def of_value(key: str, schema: Any, value: Any, *, secret: bool) -> str:
    """What is wrong with the value of a declared key, or "". `secret`: the stack's file has it encrypted."""
    kind, items = field(schema, "type"), field(schema, "items")
    if kind not in TYPES or is_encrypted(value):
        return ""
    if field(schema, "secret") and not secret:
        return f"{key} must be encrypted, because Pulumi.yaml declares it secret"
    whole = value if is_object(value) or is_array(value) else as_text(value)
    if not _fits(kind, items, whole):
        shown = "" if field(schema, "secret") else f", not {value!r}"
        return f"{key} must be of type {_name(kind, items)}{shown}"
    return ""


def missing(project: str, declared: Mapping[str, Any], config: Mapping[str, Any]) -> str:
    """All keys of the project that have neither a value nor a default, in one sentence, or ""."""
    keys = sorted(key for key in declared if key not in config and key.startswith(f"{project}:"))
    if not keys:
        return ""
    return f"no value for {', '.join(keys)}, which Pulumi.yaml declares without a default"


def _fits(kind: str, items: Any, value: Any) -> bool:
    """Whether a value has this type. A text may stand for a whole number or a truth value."""
    match kind:
        case "string":
            return isinstance(value, str)
        case "integer":
            if isinstance(value, str):
                return bool(INTEGER.fullmatch(value))
            return not isinstance(value, bool) and isinstance(value, int | float) and value % 1 == 0
        case "boolean":
            return isinstance(value, bool) or value in ("true", "false")
        case "object":
            return is_object(value)
        case _:
            inner, inner_items = field(items, "type"), field(items, "items")
            return is_array(value) and all(_fits(str(inner), inner_items, one) for one in value)


def _name(kind: str, items: Any) -> str:
    return f"array<{_name(str(field(items, 'type')), field(items, 'items'))}>" if items else kind

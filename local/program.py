"""Reads a Pulumi project: Pulumi.yaml, one stack's file and the config that results, as the CLI would pass it on.

The CLI applies the declared defaults and checks the declared types; the SDK does neither, so this does.
Encrypted values are not decrypted: they become the secret "[secret]", or the default where that can't be, as a number.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from local.errors import LocalError
from local.json_values import is_object
from local.settings import REGION, ROOT
from local.values import SECRET

TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
}


ENCRYPTED = {"secure": ""}


@dataclass(frozen=True)
class Program:
    """A project and one stack's config; keys are namespaced, values are the strings that the SDK reads."""

    directory: Path
    project: str
    main: Path
    stack: str
    config: Mapping[str, str]
    secret_keys: frozenset[str]


def load(
    stack: str,
    directory: Path = ROOT,
    overrides: Mapping[str, Any] | None = None,
    *,
    without_secrets: bool = False,
) -> Program:
    """The program with a stack's config; overrides win. LocalError if a file is missing, unreadable or wrong.

    `without_secrets` gives every key that is declared secret the value "[secret]", whether it is set or not.
    """
    project = _read_yaml(directory / "Pulumi.yaml")
    name = str(project.get("name", ""))
    declared = _keyed(name, project.get("config") or {})
    given = {**_stack_config(directory, name, stack), **_keyed(name, overrides or {})}
    if without_secrets:
        given |= {key: ENCRYPTED for key, schema in declared.items() if _field(schema, "secret")}
    defaults = {key: _default(schema) for key, schema in declared.items()}
    config = {"aws:region": REGION} | {
        k: v for k, v in {**defaults, **given}.items() if v is not None
    }
    _check(stack, declared, config)
    secret_keys = {key for key, value in config.items() if _is_encrypted(value)}
    secret_keys |= {
        key for key, schema in declared.items() if _field(schema, "secret") and key in config
    }
    main = directory / str(project.get("main", ".")) / "__main__.py"
    strings = {
        key: _unread(declared.get(key)) if _is_encrypted(value) else _as_string(value)
        for key, value in config.items()
    }
    return Program(directory, name, main, stack, strings, frozenset(secret_keys))


def _stack_config(directory: Path, project: str, stack: str) -> dict[str, Any]:
    path = directory / f"Pulumi.{stack}.yaml"
    if not path.is_file():
        known = sorted(found.name.split(".")[1] for found in directory.glob("Pulumi.*.yaml"))
        raise LocalError(
            f"no stack '{stack}': {path.name} does not exist (stacks: {', '.join(known) or 'none'})"
        )
    return _keyed(project, _read_yaml(path).get("config") or {})


def _read_yaml(path: Path) -> dict[str, Any]:
    try:
        document: Any = yaml.safe_load(path.read_text())
    except OSError as error:
        raise LocalError(f"cannot read {path}: {error.strerror}") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise LocalError(
            f"{path.name} is not readable YAML: {' '.join(str(error).split())}"
        ) from None
    if document is None:
        return {}
    if not is_object(document) or not is_object(document.get("config") or {}):
        raise LocalError(f"{path.name} is not a mapping with a `config:` mapping")
    return document


def _keyed(project: str, config: Mapping[str, Any]) -> dict[str, Any]:
    return {_namespaced(project, key): value for key, value in config.items()}


def _namespaced(project: str, key: Any) -> str:
    return str(key) if ":" in str(key) else f"{project}:{key}"


def _field(schema: Any, key: str) -> Any:
    return schema.get(key) if is_object(schema) else None


def _default(schema: Any) -> Any:
    """A declared default, or the fixed value of a key of another namespace, such as `aws:region: us-east-1`."""
    if is_object(schema):
        return schema.get("default", schema.get("value"))
    return schema


def _check(stack: str, declared: Mapping[str, Any], config: Mapping[str, Any]) -> None:
    problems: list[str] = []
    for key, schema in declared.items():
        kind = _field(schema, "type")
        if kind is None:
            continue
        if key not in config:
            problems.append(f"{key} is required and has no value")
        elif not _is_encrypted(config[key]) and not _matches(config[key], str(kind)):
            problems.append(f"{key} must be of type {kind}, not {config[key]!r}")
    if problems:
        raise LocalError(f"config of stack '{stack}': {'; '.join(problems)}")


def _matches(value: Any, kind: str) -> bool:
    if isinstance(value, str) and kind in ("integer", "number", "boolean"):
        try:
            value = json.loads(value)
        except ValueError:
            return False
    if isinstance(value, bool) and kind != "boolean":
        return False
    return isinstance(value, TYPES.get(kind, (object,)))


def _is_encrypted(value: Any) -> bool:
    return is_object(value) and set(value) == {"secure"}


def _unread(schema: Any) -> str:
    """What stands for an encrypted value."""
    is_text = _field(schema, "type") in (None, "string")
    return SECRET if is_text else _as_string(_default(schema))


def _as_string(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)

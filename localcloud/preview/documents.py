"""The documents that inputs hold as text: policies, the state machine, the contract. Read, and printed as YAML."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from localcloud.json_values import is_array, is_object
from localcloud.preview.snapshot import CODE, Declared

WHOLE = {
    ("aws:sfn/stateMachine:StateMachine", "definition"): "State machine",
    ("aws:apigateway/restApi:RestApi", "body"): "OpenAPI document",
}
"""Inputs that are long documents, compared as texts of their own."""

SCRIPTS = {("aws:cloudfront/function:Function", "code")}
"""Inputs that are JavaScript; lines of comment say nothing there."""


@dataclass(frozen=True)
class Policy:
    """An IAM policy document, whoever it is attached to."""

    document: Mapping[str, Any]

    def permissions(self) -> list[str]:
        """One line for each action on each resource, sorted; the order and the grouping in the document are lost."""
        found = {line for each in _listed(self.document["Statement"]) for line in _permitted(each)}
        return sorted(found)


@dataclass(frozen=True)
class Document:
    """A long document and what kind it is."""

    title: str
    content: Any


@dataclass(frozen=True)
class Code:
    """A function's code: the fingerprints of its files by name."""

    files: Mapping[str, str]


def readable(resource: Declared) -> dict[str, Any]:
    """The inputs, with the texts that are JSON documents as what they say."""
    found = {key: _read(value) for key, value in resource.inputs.items()}
    for key, value in found.items():
        title = WHOLE.get((resource.type, key))
        if title and not isinstance(value, str):
            found[key] = Document(f"{title} {resource.name}", value)
        if (resource.type, key) in SCRIPTS:
            found[key] = _without_comments(str(value))
    return found


def as_yaml(value: Any) -> list[str]:
    """`value` as lines of YAML."""
    text = yaml.dump(
        _plain(value), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=10_000
    )
    return text.removesuffix("\n...\n").splitlines()


def _read(value: Any) -> Any:
    if isinstance(value, str) and value[:1] in ("{", "["):
        try:
            value = json.loads(value)
        except ValueError:
            return value
        return Policy(value) if _is_policy(value) else value
    if is_object(value):
        if CODE in value:
            return Code(value[CODE])
        return {key: _read(item) for key, item in value.items()}
    return [_read(item) for item in value] if is_array(value) else value


def _without_comments(script: str) -> str:
    lines = [line.rstrip() for line in script.splitlines()]
    return "\n".join(line for line in lines if line and not line.lstrip().startswith("//"))


def _is_policy(value: Any) -> bool:
    return is_object(value) and all(
        is_object(each) and "Effect" in each for each in _listed(value.get("Statement", [None]))
    )


def _permitted(statement: Mapping[str, Any]) -> list[str]:
    actions = _subjects(statement, "Action")
    resources = [f" on {each}" for each in _subjects(statement, "Resource")] or [""]
    who = "".join(
        f" {word} {' '.join(as_yaml(statement[key]))}"
        for key, word in (("Principal", "for"), ("NotPrincipal", "for all but"))
        if key in statement
    )
    when = f" if {json.dumps(statement['Condition'])}" if "Condition" in statement else ""
    return [
        f"{statement['Effect']} {action}{resource}{who}{when}"
        for action in actions
        for resource in resources
    ]


def _subjects(statement: Mapping[str, Any], key: str) -> list[str]:
    excluded = _listed(statement.get(f"Not{key}", []))
    return [str(each) for each in _listed(statement.get(key, []))] + (
        [f"all but {', '.join(map(str, excluded))}"] if excluded else []
    )


def _listed(value: Any) -> list[Any]:
    return value if is_array(value) else [value]


def _plain(value: Any) -> Any:
    if isinstance(value, Policy):
        return value.document
    if isinstance(value, Document):
        return _plain(value.content)
    if isinstance(value, Code):
        return f"{len(value.files)} files"
    if is_object(value):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if is_array(value) else value


class _Dumper(yaml.CSafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        """Everything is written out where it stands."""
        return True


def _text(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None
    # PyYAML's stub leaves the value's type out.
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)  # pyright: ignore[reportUnknownMemberType]


_Dumper.add_representer(str, _text)

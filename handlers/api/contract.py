"""Reads what a client sent against `openapi.yaml`, the document that the API is made from.

The gateway checks the token; bodies and parameters are checked here, because a gateway
validator's answer names no paths. Every fault is reported at once.
"""

import base64
import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Any, NoReturn

import fastjsonschema
from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEvent

from handlers.api.problem import Fault, Problem

_MAX_BODY_BYTES = 32 * 1024
DOCUMENT = Path(__file__).with_name("openapi.json")
"""The contract as JSON, which the bundle has made from `openapi.yaml`."""
_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


@cache
def document() -> dict[str, Any]:
    """The whole contract, read once."""
    return json.loads(DOCUMENT.read_bytes())


def body(event: APIGatewayProxyEvent, schema: str) -> Any:
    """Return the JSON body, valid against `schema`. Raises Problem 400, 413, 415 or 422."""
    media_type = (event.headers.get("Content-Type") or "").split(";")[0].strip().lower()
    if media_type != "application/json":
        raise Problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "Send the body as application/json.")
    value = _parse(_text(event))
    _check(_validator(schema), value)
    return value


def parameter(operation: str, name: str, value: Any) -> Any:
    """Return the value of the operation's parameter. Raises Problem 400 if it is not valid."""
    _check(_parameter_validator(operation, name), value, name, HTTPStatus.BAD_REQUEST)
    return value


def accepts(operation: str, name: str, value: Any) -> bool:
    """Tell whether the value of the operation's parameter is valid.

    For an id in a path: one that can't exist is not found, like any that doesn't.
    """
    try:
        _parameter_validator(operation, name)(value)
    except fastjsonschema.JsonSchemaException:
        return False
    return True


def _text(event: APIGatewayProxyEvent) -> str:
    raw = event.body or ""
    try:
        data = base64.b64decode(raw) if event.is_base64_encoded else raw.encode()
        if len(data) > _MAX_BODY_BYTES:
            raise Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "The body may have 32 KB at most.")
        return data.decode()
    except UnicodeError as error:
        raise Problem(HTTPStatus.BAD_REQUEST, "The body is not UTF-8.") from error


def _parse(text: str) -> Any:
    try:
        # Money and quantities are integers: 1.0 stays a fraction and fails as "must be integer".
        value = json.loads(text, parse_float=Decimal, parse_constant=_no_constant)
        # Half a surrogate pair can't be stored.
        json.dumps(value, ensure_ascii=False, default=str).encode()
        return value
    except (ValueError, RecursionError) as error:
        raise Problem(HTTPStatus.BAD_REQUEST, "The body is not JSON.") from error


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


@cache
def _validator(schema: str) -> Callable[[Any], Any]:
    return _compile({"$ref": f"#/components/schemas/{schema}"})


@cache
def _parameter_validator(operation: str, name: str) -> Callable[[Any], Any]:
    return _compile(parameter_schemas(document(), operation)[name])


def parameter_schemas(openapi: dict[str, Any], operation: str) -> dict[str, Any]:
    """Return the schemas of an operation's parameters by name, the path's own included.

    The operation's parameter replaces the path's of the same name:
    https://spec.openapis.org/oas/v3.0.3#operation-object
    """
    paths: dict[str, dict[str, Any]] = openapi["paths"]
    ((path, found),) = [
        (path, path[method])
        for path in paths.values()
        for method in _METHODS
        if method in path and path[method]["operationId"] == operation
    ]
    declared = [*path.get("parameters", []), *found.get("parameters", [])]
    resolved = [_resolved(openapi, each) for each in declared]
    return {each["name"]: each["schema"] for each in resolved}


def _resolved(openapi: dict[str, Any], node: dict[str, Any]) -> dict[str, Any]:
    """Return what a node stands for: itself, or what its `$ref` in this document points to."""
    if "$ref" not in node:
        return node
    pointer: str = node["$ref"]
    found = openapi
    for part in pointer.removeprefix("#/").split("/"):
        found = found[part]
    return found


def _compile(schema: dict[str, Any]) -> Callable[[Any], Any]:
    root = schema | {"components": document()["components"]}
    return fastjsonschema.compile(root, use_default=False, fast_fail=False)


def _check(
    validate: Callable[[Any], Any],
    value: Any,
    root: str = "",
    status: HTTPStatus = HTTPStatus.UNPROCESSABLE_ENTITY,
) -> None:
    try:
        validate(value)
    except fastjsonschema.JsonSchemaException as error:
        errors = getattr(error, "errors", [error])
        raise Problem(
            status,
            "The request is not valid.",
            [fault for each in errors for fault in _faults(each, root)],
        ) from error


def _faults(error: Any, root: str) -> Iterator[Fault]:
    at = root + "".join(f"[{p}]" if p.isdigit() else f".{p}" for p in error.path[1:])
    at = at.removeprefix(".")
    prefix = f"{at}." if at else ""
    if error.rule == "required":
        for name in error.rule_definition:
            if name not in error.value:
                yield Fault(prefix + name, "is required")
    elif error.rule == "additionalProperties":
        for name in sorted(set(error.value) - set(error.definition["properties"])):
            yield Fault(prefix + name[:64], "is not known here")
    else:
        yield Fault(at, error.message.removeprefix(error.name).strip())

"""Tells what the emulator has as the inputs of a program, and finds what inputs describe.

Nothing is told that would only be noise: of what the program doesn't say, only what is not AWS's default.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from botocore.exceptions import ClientError

from localcloud.json_values import is_array, is_object
from localcloud.provision.aws import Aws, is_not_found
from localcloud.provision.resource import Resource

Read = Callable[[Aws, Resource], Mapping[str, Any] | None]
Find = Callable[[Aws, Resource], str]


def inputs_of(answer: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """The inputs that an answer of an AWS API holds, None for one that it lacks: the reverse of Resource.given."""
    return {name: camel_case(answer.get(api)) for name, api in names.items()}


def camel_case(value: Any, names: Mapping[str, str] | None = None) -> Any:
    """`value` with the keys of all objects in it in camelCase; `names` are those with a name of their own."""
    if is_object(value):
        return {
            (names or {}).get(key, key[:1].lower() + key[1:]): camel_case(item, names)
            for key, item in value.items()
        }
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%SZ")
    return [camel_case(item, names) for item in value] if is_array(value) else value


def reported(
    resource: Resource,
    found: Mapping[str, Any],
    defaults: Mapping[str, Any] | None = None,
    name: str = "",
) -> dict[str, Any]:
    """Those of the inputs `found` that the resource's known inputs contain, or that are not AWS's default.

    `found` has None for an input that the emulator has no value for; without a default such an input is told as None.
    The input called `name` may have been made up: what would be made up for the resource is its default.
    """
    made_up = {name: resource.physical_name(name)} if name else {}
    relevant = {key: None if value == {} else value for key, value in found.items()}
    return _told_object(resource.inputs, relevant, made_up | dict(defaults or {}))


def told(last: Any, found: Any, default: Any = None) -> Any:
    """`found`, or `last` where both mean the same; of an object, only keys that `last` has or that are not usual.

    The order of a list is no difference: most lists of the provider are sets.
    """
    if found is None:
        found = default
    if is_object(found) and (last is None or is_object(last)):
        return _told_object(last or {}, found, default or {}) | _kept(last or {}, found)
    if is_array(last) and is_array(found):
        return _told_array(last, found)
    return last if last is not None and _same(last, found) else found


def same_document(last: Any, found: Any) -> Any:
    """`last` if both are JSON texts that mean the same, else `found`."""
    try:
        return last if json.loads(last) == json.loads(found) else found
    except (TypeError, ValueError):
        return found


def at(identify: Callable[[Resource], str], read: Read) -> Find:
    """Finds a resource whose id can be told from its inputs: that id, if something is there."""

    def find(aws: Aws, resource: Resource) -> str:
        candidate = resource.at(identify(resource))
        try:
            return "" if read(aws, candidate) is None else candidate.id
        except ClientError as error:
            return _none(error)

    return find


def first(search: Callable[[Aws, Resource], Iterable[str]]) -> Find:
    """Finds a resource by a search that gives the ids of those that fit: the first one."""

    def find(aws: Aws, resource: Resource) -> str:
        try:
            return next(iter(search(aws, resource)), "")
        except ClientError as error:
            return _none(error)

    return find


def unfindable(_aws: Aws, _resource: Resource) -> str:
    """For a type whose resources nothing tells apart."""
    return ""


def _none(error: ClientError) -> str:
    if is_not_found(error):
        return ""
    raise error


def _told_object(
    last: Mapping[str, Any], found: Mapping[str, Any], defaults: Mapping[str, Any]
) -> dict[str, Any]:
    return {
        key: told(last.get(key), value, defaults.get(key))
        for key, value in found.items()
        if key in last or not _usual(value, defaults.get(key))
    }


def _kept(last: Mapping[str, Any], found: Mapping[str, Any]) -> dict[str, Any]:
    """What `last` says without meaning anything, such as an empty list."""
    return {key: value for key, value in last.items() if key not in found and _is_empty(value)}


def _told_array(last: list[Any], found: list[Any]) -> list[Any]:
    rest, matched = list(found), list[Any]()
    for item in last:
        for index, other in enumerate(rest):
            if told(item, other) == item:
                matched.append(item)
                del rest[index]
                break
    return matched + rest


def _usual(value: Any, default: Any) -> bool:
    """Whether it is the default, or without one, empty. An object without keys is neither, as in `{"block": {}}`."""
    if is_object(value) and value:
        nested: Mapping[str, Any] = default or {}
        return all(_usual(item, nested.get(key)) for key, item in value.items())
    return value is None or (_is_empty(value) if default is None else value == default)


def _is_empty(value: Any) -> bool:
    return value is None or value is False or value in ("", [])


def _same(last: Any, found: Any) -> bool:
    if last == found or (_is_empty(last or None) and _is_empty(found)):
        return True
    if isinstance(last, str) and isinstance(found, str):
        return same_document(last, found) is last
    return isinstance(last, str | int | float) and str(last) == str(found)

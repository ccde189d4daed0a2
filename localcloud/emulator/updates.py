"""Patch: an update in place changes what it names. MiniStack's UpdateWebACL keeps the old description, and its
patch operations of API Gateway set flags and numbers to strings and make objects of lists.

https://docs.aws.amazon.com/waf/latest/APIReference/API_UpdateWebACL.html
https://docs.aws.amazon.com/apigateway/latest/developerguide/patch-operations.html
"""

from collections.abc import Mapping
from typing import Any, cast

from ministack.services import apigateway_v1 as untyped_gateway
from ministack.services import waf as untyped_waf

from localcloud.emulator import anchors
from localcloud.json_values import is_array, is_object

gateway = cast(Any, untyped_gateway)
waf = cast(Any, untyped_waf)
NUMBERS = {"minimumCompressionSize"}  # None until one is set


def apply() -> None:
    """Wraps both: lists and typed values first, the original does the rest."""
    anchors.has_parameters(gateway, "_apply_patch", "obj patch_ops")
    patch = gateway._apply_patch

    def apply_patch(found: dict[str, Any], operations: list[dict[str, Any]]) -> dict[str, Any]:
        left = [each for each in operations if not _changed_list(found, each)]
        return patch(found, [_typed(found, each) for each in left])

    gateway._apply_patch = apply_patch

    anchors.has_parameters(waf, "_update_web_acl", "data")
    update = waf._update_web_acl

    def update_web_acl(data: dict[str, Any]) -> tuple[int, Any, bytes]:
        answer = update(data)
        if answer[0] == 200:
            acl = waf._resource_from_scope(waf._web_acls, data["Id"], data["Scope"])
            acl["Description"] = data.get("Description", "")
        return answer

    waf._update_web_acl = update_web_acl


def _changed_list(found: dict[str, Any], operation: Mapping[str, Any]) -> bool:
    """Changes the list that the path leads to, if it leads to one: by a member's value, name or index."""
    parts = [
        part.replace("~1", "/").replace("~0", "~") for part in operation["path"].split("/")[1:]
    ]
    target: Any = found
    while parts and is_object(target):
        target = target.get(parts.pop(0))
    if not is_array(target):
        return False
    if parts and parts[0].isdecimal():
        target[int(parts[0])] = operation["value"]
        return True
    member = parts[0] if parts else _stage(operation["value"])
    if operation["op"] == "remove":
        target[:] = [each for each in target if each != member]
    elif member not in target:
        target.append(member)
    return True


def _stage(value: str) -> dict[str, str]:
    """Usage plans name a stage as `<API>:<stage>`."""
    api, _, stage = value.partition(":")
    return {"apiId": api, "stage": stage}


def _typed(found: Mapping[str, Any], operation: dict[str, Any]) -> dict[str, Any]:
    """The operation with its value as what it replaces: operations carry only strings."""
    name, value = operation["path"].lstrip("/"), operation.get("value")
    if isinstance(found.get(name), bool) and isinstance(value, str):
        return operation | {"value": value == "true"}
    return operation | {"value": int(value)} if name in NUMBERS and value else operation

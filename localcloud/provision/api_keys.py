"""API Gateway API keys and the usage plans that let them in."""

from collections.abc import Iterator, Mapping
from typing import Any

from localcloud.provision.aws import Aws
from localcloud.provision.reading import at, first, reported
from localcloud.provision.resource import Resource, ResourceType
from localcloud.provision.tags import read_tags
from localcloud.settings import REGION


def _create_key(aws: Aws, key: Resource) -> str:
    given = key.given({"value": "value", "customerId": "customerId"})
    return aws.apigateway.create_api_key(
        name=key.physical_name(),
        description=key.get("description", ""),
        enabled=key.get("enabled", True),
        **given,
    )["id"]


def _configure_key(aws: Aws, key: Resource) -> Mapping[str, Any]:
    if key.previous is not None:
        wanted = {
            "/name": key.physical_name(),
            "/description": key.get("description", ""),
            "/enabled": str(key.get("enabled", True)).lower(),
            "/customerId": key.get("customerId", ""),
        }
        aws.apigateway.update_api_key(apiKey=key.id, patchOperations=_replacing(wanted))
    described = aws.apigateway.get_api_key(apiKey=key.id, includeValue=True)
    return {
        "name": described["name"],
        "value": described["value"],
        "arn": _arn("apikeys", key),
    }


def _replacing(wanted: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"op": "replace", "path": path, "value": value} for path, value in wanted.items()]


def _arn(kind: str, resource: Resource) -> str:
    return f"arn:aws:apigateway:{REGION}::/{kind}/{resource.id}"


def _read_key(aws: Aws, key: Resource) -> Mapping[str, Any] | None:
    found = aws.apigateway.get_api_key(apiKey=key.id, includeValue=True)
    inputs = {name: found.get(name) for name in ("name", "description", "enabled", "customerId")}
    inputs["tags"] = read_tags(aws, _arn("apikeys", key))
    if "value" in key.inputs or not key.inputs:
        inputs["value"] = found["value"]  # made up like the name if the program gives none
    return reported(key, inputs, {"enabled": True}, name="name")


def _search_keys(aws: Aws, key: Resource) -> Iterator[str]:
    for page in aws.apigateway.get_paginator("get_api_keys").paginate():
        yield from (found["id"] for found in page["items"] if found["name"] == key.physical_name())


def _delete_key(aws: Aws, key: Resource) -> None:
    aws.apigateway.delete_api_key(apiKey=key.id)


def _create_plan(aws: Aws, plan: Resource) -> str:
    return aws.apigateway.create_usage_plan(
        name=plan.physical_name(),
        description=plan.get("description", ""),
        apiStages=plan.get("apiStages", []),
    )["id"]


def _configure_plan(aws: Aws, plan: Resource) -> Mapping[str, Any]:
    if plan.previous is not None:
        wanted = {"/name": plan.physical_name(), "/description": plan.get("description", "")}
        present = aws.apigateway.get_usage_plan(usagePlanId=plan.id).get("apiStages", [])
        before, now = _stages(present), _stages(plan.get("apiStages", []))
        changes = [("remove", stage) for stage in sorted(before - now)]
        changes += [("add", stage) for stage in sorted(now - before)]
        patches = [{"op": op, "path": "/apiStages", "value": stage} for op, stage in changes]
        aws.apigateway.update_usage_plan(
            usagePlanId=plan.id, patchOperations=_replacing(wanted) + patches
        )
    return {
        "name": plan.physical_name(),
        "arn": _arn("usageplans", plan),
    }


def _read_plan(aws: Aws, plan: Resource) -> Mapping[str, Any] | None:
    found = aws.apigateway.get_usage_plan(usagePlanId=plan.id)
    inputs = {name: found.get(name) for name in ("name", "description", "apiStages")}
    inputs["tags"] = read_tags(aws, _arn("usageplans", plan))
    return reported(plan, inputs, name="name")


def _search_plans(aws: Aws, plan: Resource) -> Iterator[str]:
    for page in aws.apigateway.get_paginator("get_usage_plans").paginate():
        yield from (found["id"] for found in page["items"] if found["name"] == plan.physical_name())


def _stages(given: list[dict[str, str]]) -> set[str]:
    return {f"{each['apiId']}:{each['stage']}" for each in given}


def _delete_plan(aws: Aws, plan: Resource) -> None:
    aws.apigateway.delete_usage_plan(usagePlanId=plan.id)


def _add_key(aws: Aws, member: Resource) -> str:
    return aws.apigateway.create_usage_plan_key(
        usagePlanId=member["usagePlanId"], keyId=member["keyId"], keyType=member["keyType"]
    )["id"]


def _configure_member(_aws: Aws, _member: Resource) -> Mapping[str, Any]:
    return {}


def _remove_key(aws: Aws, member: Resource) -> None:
    plan, key = member.within("usagePlanId")
    aws.apigateway.delete_usage_plan_key(usagePlanId=plan, keyId=key)


def _read_member(aws: Aws, member: Resource) -> Mapping[str, Any] | None:
    plan, key = member.within("usagePlanId")
    found = aws.apigateway.get_usage_plan_key(usagePlanId=plan, keyId=key)
    return reported(member, {"usagePlanId": plan, "keyId": key, "keyType": found["type"]})


TYPES = {
    "aws:apigateway/apiKey:ApiKey": ResourceType(
        _create_key,
        _configure_key,
        _delete_key,
        _read_key,
        first(_search_keys),
        named="name",
        computed=("name", "value", "arn"),
        immutable=("value",),
    ),
    "aws:apigateway/usagePlan:UsagePlan": ResourceType(
        _create_plan,
        _configure_plan,
        _delete_plan,
        _read_plan,
        first(_search_plans),
        named="name",
        computed=("name", "arn"),
    ),
    "aws:apigateway/usagePlanKey:UsagePlanKey": ResourceType(
        _add_key,
        _configure_member,
        _remove_key,
        _read_member,
        at(lambda member: member["keyId"], _read_member),
        immutable=("keyId", "keyType", "usagePlanId"),
    ),
}

"""API Gateway API keys and the usage plans that let them in."""

from collections.abc import Mapping
from typing import Any

from local.provision.aws import Aws
from local.provision.resource import Resource, ResourceType
from local.settings import REGION


def _create_key(aws: Aws, key: Resource) -> str:
    given = key.given({"value": "value", "customerId": "customerId"})
    return aws.apigateway.create_api_key(
        name=key.physical_name(),
        description=key.get("description", ""),
        enabled=key.get("enabled", True),
        **given,
    )["id"]


def _configure_key(aws: Aws, key: Resource) -> Mapping[str, Any]:
    if key.changed("description", "enabled") and key.previous is not None:
        wanted = {
            "/description": key.get("description", ""),
            "/enabled": str(key.get("enabled", True)).lower(),
        }
        patches = [
            {"op": "replace", "path": path, "value": value} for path, value in wanted.items()
        ]
        aws.apigateway.update_api_key(apiKey=key.id, patchOperations=patches)
    described = aws.apigateway.get_api_key(apiKey=key.id, includeValue=True)
    return {
        "name": described["name"],
        "value": described["value"],
        "arn": f"arn:aws:apigateway:{REGION}::/apikeys/{key.id}",
    }


def _delete_key(aws: Aws, key: Resource) -> None:
    aws.apigateway.delete_api_key(apiKey=key.id)


def _create_plan(aws: Aws, plan: Resource) -> str:
    return aws.apigateway.create_usage_plan(
        name=plan.physical_name(),
        description=plan.get("description", ""),
        apiStages=plan.get("apiStages", []),
    )["id"]


def _configure_plan(_aws: Aws, plan: Resource) -> Mapping[str, Any]:
    return {
        "name": plan.physical_name(),
        "arn": f"arn:aws:apigateway:{REGION}::/usageplans/{plan.id}",
    }


def _delete_plan(aws: Aws, plan: Resource) -> None:
    aws.apigateway.delete_usage_plan(usagePlanId=plan.id)


def _add_key(aws: Aws, member: Resource) -> str:
    return aws.apigateway.create_usage_plan_key(
        usagePlanId=member["usagePlanId"], keyId=member["keyId"], keyType=member["keyType"]
    )["id"]


def _configure_member(_aws: Aws, _member: Resource) -> Mapping[str, Any]:
    return {}


def _remove_key(aws: Aws, member: Resource) -> None:
    aws.apigateway.delete_usage_plan_key(usagePlanId=member["usagePlanId"], keyId=member["keyId"])


TYPES = {
    "aws:apigateway/apiKey:ApiKey": ResourceType(
        _create_key,
        _configure_key,
        _delete_key,
        computed=("name", "value", "arn"),
        immutable=("name", "value", "customerId"),
    ),
    "aws:apigateway/usagePlan:UsagePlan": ResourceType(
        _create_plan,
        _configure_plan,
        _delete_plan,
        computed=("name", "arn"),
        # A plan holds nothing but its settings, so it is made anew.
        immutable=("name", "description", "apiStages"),
    ),
    "aws:apigateway/usagePlanKey:UsagePlanKey": ResourceType(
        _add_key,
        _configure_member,
        _remove_key,
        immutable=("keyId", "keyType", "usagePlanId"),
    ),
}

"""Deployments, stages and method settings of API Gateway REST APIs."""

from collections.abc import Mapping
from typing import Any

from local.provision.aws import Aws, arn
from local.provision.resource import Resource, ResourceType
from local.settings import REGION

METHOD_SETTINGS = {
    "metricsEnabled": "metrics/enabled",
    "loggingLevel": "logging/loglevel",
    "dataTraceEnabled": "logging/dataTrace",
    "throttlingBurstLimit": "throttling/burstLimit",
    "throttlingRateLimit": "throttling/rateLimit",
    "cachingEnabled": "caching/enabled",
    "cacheTtlInSeconds": "caching/ttlInSeconds",
    "cacheDataEncrypted": "caching/dataEncrypted",
}


def _create_deployment(aws: Aws, deployment: Resource) -> str:
    return aws.apigateway.create_deployment(
        restApiId=deployment["restApi"], **deployment.given({"description": "description"})
    )["id"]


def _configure_deployment(_aws: Aws, _deployment: Resource) -> Mapping[str, Any]:
    return {}


def _delete_deployment(aws: Aws, deployment: Resource) -> None:
    aws.apigateway.delete_deployment(restApiId=deployment["restApi"], deploymentId=deployment.id)


def _create_stage(aws: Aws, stage: Resource) -> str:
    aws.apigateway.create_stage(
        restApiId=stage["restApi"], stageName=stage["stageName"], deploymentId=stage["deployment"]
    )
    return f"ags-{stage['restApi']}-{stage['stageName']}"


def _configure_stage(aws: Aws, stage: Resource) -> Mapping[str, Any]:
    api, name = stage["restApi"], stage["stageName"]
    wanted = {
        "/deploymentId": stage["deployment"],
        "/description": stage.get("description", ""),
        "/tracingEnabled": str(bool(stage.get("xrayTracingEnabled", False))).lower(),
    }
    for group in ("variables", "accessLogSettings"):
        given: dict[str, Any] = stage.get(group) or {}
        wanted |= {f"/{group}/{key}": value for key, value in given.items()}
    patches = [{"op": "replace", "path": path, "value": value} for path, value in wanted.items()]
    aws.apigateway.update_stage(restApiId=api, stageName=name, patchOperations=patches)
    return {
        "arn": f"arn:aws:apigateway:{REGION}::/restapis/{api}/stages/{name}",
        "executionArn": arn("execute-api", f"{api}/{name}"),
        "invokeUrl": f"{aws.endpoint}/_aws/execute-api/{api}/{name}",
    }


def _delete_stage(aws: Aws, stage: Resource) -> None:
    aws.apigateway.delete_stage(restApiId=stage["restApi"], stageName=stage["stageName"])


def _put_method_settings(aws: Aws, settings: Resource) -> str:
    prefix = f"/{settings['methodPath']}"
    patches = [{"op": "remove", "path": prefix}] if settings.previous else []
    patches += [
        {"op": "replace", "path": f"{prefix}/{METHOD_SETTINGS[name]}", "value": _as_string(value)}
        for name, value in settings["settings"].items()
    ]
    aws.apigateway.update_stage(
        restApiId=settings["restApi"], stageName=settings["stageName"], patchOperations=patches
    )
    return f"{settings['restApi']}-{settings['stageName']}-{settings['methodPath']}"


def _as_string(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _configure_method_settings(aws: Aws, settings: Resource) -> Mapping[str, Any]:
    if settings.previous is not None:
        _put_method_settings(aws, settings)
    return {}


def _remove_method_settings(aws: Aws, settings: Resource) -> None:
    patches = [{"op": "remove", "path": f"/{settings['methodPath']}"}]
    aws.apigateway.update_stage(
        restApiId=settings["restApi"], stageName=settings["stageName"], patchOperations=patches
    )


TYPES = {
    "aws:apigateway/deployment:Deployment": ResourceType(
        _create_deployment,
        _configure_deployment,
        _delete_deployment,
        immutable=("restApi", "description", "triggers", "variables"),
        create_first=True,
    ),
    "aws:apigateway/stage:Stage": ResourceType(
        _create_stage,
        _configure_stage,
        _delete_stage,
        computed=("arn", "executionArn", "invokeUrl"),
        immutable=("restApi", "stageName"),
    ),
    "aws:apigateway/methodSettings:MethodSettings": ResourceType(
        _put_method_settings,
        _configure_method_settings,
        _remove_method_settings,
        immutable=("restApi", "stageName", "methodPath"),
    ),
}

"""Deployments, stages and method settings of API Gateway REST APIs."""

from collections.abc import Mapping
from typing import Any

from localcloud.provision.aws import Aws, arn
from localcloud.provision.reading import at, reported, unfindable
from localcloud.provision.resource import Resource, ResourceType
from localcloud.provision.tags import read_tags
from localcloud.settings import REGION

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

# What the emulator answers for a setting that was not made; its limits are AWS's for an account.
METHOD_DEFAULTS = {
    "loggingLevel": "OFF",
    "throttlingBurstLimit": 5000,
    "throttlingRateLimit": 10000.0,
    "cacheTtlInSeconds": 300,
}


def _create_deployment(aws: Aws, deployment: Resource) -> str:
    return aws.apigateway.create_deployment(
        restApiId=deployment["restApi"],
        variables=deployment.get("variables", {}),
        **deployment.given({"description": "description"}),
    )["id"]


def _configure_deployment(aws: Aws, deployment: Resource) -> Mapping[str, Any]:
    if deployment.previous is not None:
        description = deployment.get("description", "")
        patch = {"op": "replace", "path": "/description", "value": description}
        aws.apigateway.update_deployment(
            restApiId=deployment["restApi"], deploymentId=deployment.id, patchOperations=[patch]
        )
    return {}


def _delete_deployment(aws: Aws, deployment: Resource) -> None:
    api, identifier = deployment.within("restApi")
    aws.apigateway.delete_deployment(restApiId=api, deploymentId=identifier)


def _read_deployment(aws: Aws, deployment: Resource) -> Mapping[str, Any] | None:
    api, identifier = deployment.within("restApi")
    found = aws.apigateway.get_deployment(restApiId=api, deploymentId=identifier)
    return reported(deployment, {"restApi": api, "description": found.get("description")})


def _create_stage(aws: Aws, stage: Resource) -> str:
    aws.apigateway.create_stage(
        restApiId=stage["restApi"], stageName=stage["stageName"], deploymentId=stage["deployment"]
    )
    return _stage_id(stage)


def _stage_id(stage: Resource) -> str:
    return f"ags-{stage['restApi']}-{stage['stageName']}"


def _configure_stage(aws: Aws, stage: Resource) -> Mapping[str, Any]:
    api, name = stage["restApi"], stage["stageName"]
    wanted = {
        "/deploymentId": stage["deployment"],
        "/description": stage.get("description", ""),
        "/tracingEnabled": str(bool(stage.get("xrayTracingEnabled", False))).lower(),
    }
    gone: list[str] = []
    for group in ("variables", "accessLogSettings"):
        given: dict[str, Any] = stage.get(group) or {}
        before: dict[str, Any] = (stage.previous or {}).get(group) or {}
        wanted |= {f"/{group}/{key}": value for key, value in given.items()}
        gone += [f"/{group}/{key}" for key in before.keys() - given.keys()]
    patches = [{"op": "replace", "path": path, "value": value} for path, value in wanted.items()]
    patches += [{"op": "remove", "path": path} for path in gone]
    aws.apigateway.update_stage(restApiId=api, stageName=name, patchOperations=patches)
    return {
        "arn": _stage_arn(api, name),
        "executionArn": arn("execute-api", f"{api}/{name}"),
        "invokeUrl": f"{aws.endpoint}/_aws/execute-api/{api}/{name}",
    }


def _stage_arn(api: str, name: str) -> str:
    return f"arn:aws:apigateway:{REGION}::/restapis/{api}/stages/{name}"


def _read_stage(aws: Aws, stage: Resource) -> Mapping[str, Any] | None:
    """The id is `ags-<REST API>-<stage>`; the id of an API has no hyphen."""
    _, api, name = stage.id.split("-", 2)
    found = aws.apigateway.get_stage(restApiId=api, stageName=name)
    inputs = {
        "restApi": api,
        "stageName": name,
        "deployment": found["deploymentId"],
        "description": found.get("description"),
        "xrayTracingEnabled": bool(found.get("tracingEnabled")),
        "variables": found.get("variables"),
        "accessLogSettings": found.get("accessLogSettings"),
        "tags": read_tags(aws, _stage_arn(api, name)),
    }
    return reported(stage, inputs)


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
    return _settings_id(settings)


def _settings_id(settings: Resource) -> str:
    return f"{settings['restApi']}-{settings['stageName']}-{settings['methodPath']}"


def _read_method_settings(aws: Aws, settings: Resource) -> Mapping[str, Any] | None:
    api, name, path = _place(settings)
    stage = aws.apigateway.get_stage(restApiId=api, stageName=name)
    found = stage.get("methodSettings", {}).get(path)
    if found is None:
        return None
    shown = {key: found.get(key) for key in METHOD_SETTINGS}
    inputs = {"restApi": api, "stageName": name, "methodPath": path, "settings": shown}
    return reported(settings, inputs, {"settings": METHOD_DEFAULTS})


def _place(settings: Resource) -> list[str]:
    """API, stage and path; read from the id only if they are not known, for a stage's name may have hyphens."""
    if "stageName" in settings.inputs:
        return [settings["restApi"], settings["stageName"], settings["methodPath"]]
    return settings.id.split("-", 2)


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
        _read_deployment,
        # The snapshots of an API differ in nothing that a program says: the stage uses one, the others are left over.
        unfindable,
        immutable=("restApi", "triggers", "variables"),
        create_first=True,
    ),
    "aws:apigateway/stage:Stage": ResourceType(
        _create_stage,
        _configure_stage,
        _delete_stage,
        _read_stage,
        at(_stage_id, _read_stage),
        computed=("arn", "executionArn", "invokeUrl"),
        immutable=("restApi", "stageName"),
    ),
    "aws:apigateway/methodSettings:MethodSettings": ResourceType(
        _put_method_settings,
        _configure_method_settings,
        _remove_method_settings,
        _read_method_settings,
        at(_settings_id, _read_method_settings),
        immutable=("restApi", "stageName", "methodPath"),
        once_for=("restApi", "stageName", "methodPath"),
    ),
}

"""API Gateway REST APIs, expanded from an OpenAPI body into the calls that make them."""

from collections.abc import Iterator, Mapping
from typing import Any

from localcloud.provision import openapi
from localcloud.provision.aws import Aws, arn
from localcloud.provision.openapi import Api, Operation
from localcloud.provision.reading import first, reported
from localcloud.provision.resource import Resource, ResourceType
from localcloud.provision.tags import read_tags
from localcloud.settings import REGION

DEFAULTS = {"apiKeySource": "HEADER", "endpointConfiguration": {"types": "EDGE"}}


def _create_api(aws: Aws, api: Resource) -> str:
    endpoint = api.get("endpointConfiguration", DEFAULTS["endpointConfiguration"])
    return aws.apigateway.create_rest_api(
        name=api.physical_name(), endpointConfiguration={"types": [endpoint["types"]]}
    )["id"]


def _configure_api(aws: Aws, api: Resource) -> Mapping[str, Any]:
    aws.apigateway.update_rest_api(
        restApiId=api.id, patchOperations=_replacements(api) + _media_types(aws, api)
    )
    strict = bool(api.get("failOnWarnings"))
    wanted = openapi.parse(api["body"], strict) if api.get("body") else openapi.EMPTY
    before = openapi.EMPTY
    if api.previous and api.previous.get("body") and not api.unfinished:
        before = openapi.parse(api.previous["body"])
    resources = _Resources(aws, api.id)
    _apply(aws, api.id, resources, before, wanted)
    return {
        "name": api.physical_name(),
        "arn": _arn(api),
        "executionArn": arn("execute-api", api.id),
        "rootResourceId": resources.ids["/"],
    }


def _replacements(api: Resource) -> list[dict[str, str]]:
    """Patch operations for the settings that have one value; one without a value takes the setting away."""
    before = api.previous or {}
    wanted: dict[str, str | None] = {
        "/name": api.physical_name(),
        "/apiKeySource": api.get("apiKeySource", DEFAULTS["apiKeySource"]),
    }
    for key in ("description", "policy"):
        if api.get(key) or before.get(key):
            wanted[f"/{key}"] = str(api.get(key, ""))
    if endpoint := api.get("endpointConfiguration"):
        wanted["/endpointConfiguration/types/0"] = endpoint["types"]
    size = str(api.get("minimumCompressionSize", "-1"))
    wanted["/minimumCompressionSize"] = None if size == "-1" else size
    return [
        {"op": "replace", "path": path} | ({} if value is None else {"value": value})
        for path, value in wanted.items()
    ]


def _media_types(aws: Aws, api: Resource) -> list[dict[str, str]]:
    present = aws.apigateway.get_rest_api(restApiId=api.id).get("binaryMediaTypes", [])
    wanted = api.get("binaryMediaTypes", [])
    changes = [("remove", each) for each in present if each not in wanted]
    changes += [("add", each) for each in wanted if each not in present]
    return [
        {"op": op, "path": f"/binaryMediaTypes/{kind.replace('/', '~1')}"} for op, kind in changes
    ]


def _arn(api: Resource) -> str:
    return f"arn:aws:apigateway:{REGION}::/restapis/{api.id}"


def _read_api(aws: Aws, api: Resource) -> Mapping[str, Any] | None:
    """The API's settings. Like the AWS provider it does not read the body back."""
    found = aws.apigateway.get_rest_api(restApiId=api.id)
    size = found.get("minimumCompressionSize")
    inputs = {
        "name": found["name"],
        "description": found.get("description"),
        "policy": found.get("policy"),
        "apiKeySource": found.get("apiKeySource"),
        "binaryMediaTypes": found.get("binaryMediaTypes"),
        "minimumCompressionSize": None if size is None else str(size),
        "tags": read_tags(aws, _arn(api)),
    }
    if "endpointConfiguration" in api.inputs:  # an update that leaves it out keeps it
        inputs["endpointConfiguration"] = {"types": found["endpointConfiguration"]["types"][0]}
    return reported(api, inputs, DEFAULTS, name="name")


def _search_apis(aws: Aws, api: Resource) -> Iterator[str]:
    for page in aws.apigateway.get_paginator("get_rest_apis").paginate():
        yield from (found["id"] for found in page["items"] if found["name"] == api.physical_name())


def _delete_api(aws: Aws, api: Resource) -> None:
    aws.apigateway.delete_rest_api(restApiId=api.id)


class _Resources:
    """The API's resource tree: path -> id."""

    def __init__(self, aws: Aws, api: str) -> None:
        self._aws, self._api = aws, api
        items = aws.apigateway.get_resources(restApiId=api, limit=500)["items"]
        self.ids = {item["path"]: item["id"] for item in items}
        self.methods = {
            (item["path"], method) for item in items for method in item.get("resourceMethods", {})
        }

    def id_of(self, path: str) -> str:
        """The id of a path, made with its parents if need be."""
        if path not in self.ids:
            parent, _, part = path.rpartition("/")
            created = self._aws.apigateway.create_resource(
                restApiId=self._api, parentId=self.id_of(parent or "/"), pathPart=part
            )
            self.ids[path] = created["id"]
        return self.ids[path]

    def prune(self, wanted: set[str]) -> None:
        """Deletes every path that is neither wanted nor a parent of one, children first."""
        for path in sorted(self.ids, key=len, reverse=True):
            kept = path == "/" or any(
                other == path or other.startswith(f"{path}/") for other in wanted
            )
            if not kept:
                self._aws.apigateway.delete_resource(
                    restApiId=self._api, resourceId=self.ids.pop(path)
                )


def _apply(aws: Aws, api: str, resources: _Resources, before: Api, wanted: Api) -> None:
    """Puts what differs, so that unchanged routes answer all the time, and removes what vanished."""
    known = {
        found["name"]: found["id"]
        for found in aws.apigateway.get_authorizers(restApiId=api)["items"]
    }
    replaced = {
        name for name, given in wanted.authorizers.items() if before.authorizers.get(name) != given
    }
    ids = {
        name: known[name] for name in known if name in wanted.authorizers and name not in replaced
    }
    for name in replaced:
        created = aws.apigateway.create_authorizer(
            restApiId=api, name=name, **wanted.authorizers[name]
        )
        ids[name] = created["id"]
    for key, operation in wanted.operations.items():
        if before.operations.get(key) != operation or operation.authorizer in replaced:
            _put_operation(aws, api, resources.id_of(operation.path), operation, ids)
    for path, method in resources.methods - set(wanted.operations):
        aws.apigateway.delete_method(
            restApiId=api, resourceId=resources.ids[path], httpMethod=method
        )
    resources.prune({path for path, _method in wanted.operations})
    for name, given in wanted.gateway_responses.items():
        aws.apigateway.put_gateway_response(restApiId=api, responseType=name, **given)
    for name in before.gateway_responses.keys() - wanted.gateway_responses.keys():
        aws.apigateway.delete_gateway_response(restApiId=api, responseType=name)
    for name in known.keys() - (ids.keys() - replaced):
        aws.apigateway.delete_authorizer(restApiId=api, authorizerId=known[name])


def _put_operation(
    aws: Aws, api: str, resource: str, operation: Operation, authorizers: Mapping[str, str]
) -> None:
    target = {"restApiId": api, "resourceId": resource, "httpMethod": operation.method}
    security: dict[str, Any] = {"authorizationType": "NONE"}
    key = {"apiKeyRequired": operation.api_key}
    if operation.authorizer:
        security = {
            "authorizationType": "COGNITO_USER_POOLS",
            "authorizerId": authorizers[operation.authorizer],
            "authorizationScopes": list(operation.scopes),
        }
    aws.apigateway.put_method(**target, **security, **key)
    aws.apigateway.put_integration(**target, **operation.integration)


TYPES = {
    "aws:apigateway/restApi:RestApi": ResourceType(
        _create_api,
        _configure_api,
        _delete_api,
        _read_api,
        first(_search_apis),
        named="name",
        computed=("name", "arn", "executionArn", "rootResourceId"),
        inert=("putRestApiMode", "disableExecuteApiEndpoint"),
    ),
}

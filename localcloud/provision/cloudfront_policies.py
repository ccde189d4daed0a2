"""What CloudFront distributions refer to: access to buckets, functions, policies of caching and response headers."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from localcloud.json_values import is_array, is_object
from localcloud.provision.aws import Aws, arn
from localcloud.provision.reading import at, camel_case, first, reported
from localcloud.provision.resource import Resource, ResourceType, pascal
from localcloud.provision.tags import read_tags

API_NAMES = {"minTtl": "MinTTL", "defaultTtl": "DefaultTTL", "maxTtl": "MaxTTL"}
INPUT_NAMES = {api: name for name, api in API_NAMES.items()}
POLICY_DEFAULTS = {"defaultTtl": 86400, "maxTtl": 31536000, "minTtl": 0}


def listed(items: list[Any]) -> dict[str, Any]:
    """A list as CloudFront's API wants it: with its length."""
    return {"Quantity": len(items), "Items": items}


def counted(value: Any) -> Any:
    """`value` (PascalCase) with the length beside every `Items`."""
    if is_object(value):
        found = {key: counted(item) for key, item in value.items()}
        return found | ({"Quantity": len(found["Items"])} if "Items" in found else {})
    return [counted(item) for item in value] if is_array(value) else value


def uncounted(value: Any) -> Any:
    """`value` without the lengths: the reverse of `counted`."""
    if is_object(value):
        return {
            key: uncounted(item)
            for key, item in value.items()
            if key != "Quantity" and item != {"Quantity": 0}
        }
    return [uncounted(item) for item in value] if is_array(value) else value


def _create_function(aws: Aws, function: Resource) -> str:
    name = function.physical_name()
    aws.cloudfront.create_function(Name=name, **_function_settings(function))
    return name


def _configure_function(aws: Aws, function: Resource) -> Mapping[str, Any]:
    if function.previous is not None:
        aws.cloudfront.update_function(
            Name=function.id, IfMatch=_function_tag(aws, function), **_function_settings(function)
        )
    if function.get("publish", True):
        aws.cloudfront.publish_function(Name=function.id, IfMatch=_function_tag(aws, function))
    return {"name": function.id, "arn": _function_arn(function)}


def _function_arn(function: Resource) -> str:
    return arn("cloudfront", f"function/{function.id}", region="")


def _function_settings(function: Resource) -> dict[str, Any]:
    config = {"Comment": function.get("comment", ""), "Runtime": function["runtime"]}
    return {"FunctionCode": function["code"].encode(), "FunctionConfig": config}


def _read_function(aws: Aws, function: Resource) -> Mapping[str, Any] | None:
    key = {"Name": function.id, "Stage": "DEVELOPMENT"}
    config = aws.cloudfront.describe_function(**key)["FunctionSummary"]["FunctionConfig"]
    inputs = {
        "name": function.id,
        "comment": config.get("Comment"),
        "runtime": config["Runtime"],
        "code": aws.cloudfront.get_function(**key)["FunctionCode"].read().decode(),
        "tags": read_tags(aws, _function_arn(function)),
    }
    return reported(function, inputs, name="name")


def _delete_function(aws: Aws, function: Resource) -> None:
    aws.cloudfront.delete_function(Name=function.id, IfMatch=_function_tag(aws, function))


def _function_tag(aws: Aws, function: Resource) -> str:
    return aws.cloudfront.describe_function(Name=function.id, Stage="DEVELOPMENT")["ETag"]


def _kind(
    api: str,
    config: Callable[[Resource], Mapping[str, Any]],
    search: Callable[[Aws, Resource], Iterator[str]],
    **entry: Any,
) -> ResourceType:
    """One of the kinds that CloudFront treats alike: `create_…`, `get_…`, `update_…`, `delete_…` with an ETag."""
    answer = "".join(part.capitalize() for part in api.split("_"))
    parameter = f"{answer}Config"

    def create(aws: Aws, resource: Resource) -> str:
        created = getattr(aws.cloudfront, f"create_{api}")(**{parameter: config(resource)})
        return created[answer]["Id"]

    def configure(aws: Aws, resource: Resource) -> Mapping[str, Any]:
        if resource.previous is not None:
            key = {"Id": resource.id, "IfMatch": etag(aws, resource)}
            getattr(aws.cloudfront, f"update_{api}")(**key, **{parameter: config(resource)})
        return {"name": resource.physical_name(), "etag": etag(aws, resource)}

    def read(aws: Aws, resource: Resource) -> Mapping[str, Any] | None:
        found = getattr(aws.cloudfront, f"get_{api}")(Id=resource.id)[answer][parameter]
        inputs = camel_case(uncounted(found), INPUT_NAMES)
        return reported(resource, inputs, POLICY_DEFAULTS, name="name")

    def delete(aws: Aws, resource: Resource) -> None:
        getattr(aws.cloudfront, f"delete_{api}")(Id=resource.id, IfMatch=etag(aws, resource))

    def etag(aws: Aws, resource: Resource) -> str:
        return getattr(aws.cloudfront, f"get_{api}")(Id=resource.id)["ETag"]

    parts = (create, configure, delete, read, first(search))
    return ResourceType(*parts, named="name", computed=("name", "etag"), **entry)


def _search_access_controls(aws: Aws, control: Resource) -> Iterator[str]:
    for page in aws.cloudfront.get_paginator("list_origin_access_controls").paginate():
        for found in page["OriginAccessControlList"].get("Items", []):
            if found["Name"] == control.physical_name():
                yield found["Id"]


def _search_cache_policies(aws: Aws, policy: Resource) -> Iterator[str]:
    answer = aws.cloudfront.list_cache_policies(Type="custom")["CachePolicyList"]
    for found in (each["CachePolicy"] for each in answer.get("Items", [])):
        if found["CachePolicyConfig"]["Name"] == policy.physical_name():
            yield found["Id"]


def _search_header_policies(aws: Aws, policy: Resource) -> Iterator[str]:
    answer = aws.cloudfront.list_response_headers_policies(Type="custom")
    items = answer["ResponseHeadersPolicyList"].get("Items", [])
    for found in (each["ResponseHeadersPolicy"] for each in items):
        if found["ResponseHeadersPolicyConfig"]["Name"] == policy.physical_name():
            yield found["Id"]


def _access_control(control: Resource) -> Mapping[str, Any]:
    return {
        "Name": control.physical_name(),
        "Description": control.get("description", ""),
        "OriginAccessControlOriginType": control["originAccessControlOriginType"],
        "SigningBehavior": control["signingBehavior"],
        "SigningProtocol": control["signingProtocol"],
    }


def _cache_policy(policy: Resource) -> Mapping[str, Any]:
    times = {api: policy.get(name, POLICY_DEFAULTS[name]) for name, api in API_NAMES.items()}
    key = "ParametersInCacheKeyAndForwardedToOrigin"
    parameters = counted(pascal(policy["parametersInCacheKeyAndForwardedToOrigin"]))
    return _named(policy) | times | {key: {"EnableAcceptEncodingGzip": False} | parameters}


def _response_headers_policy(policy: Resource) -> Mapping[str, Any]:
    blocks = {
        name: f"{name[:1].upper()}{name[1:]}"
        for name in ("securityHeadersConfig", "customHeadersConfig")
    }
    return _named(policy) | counted(policy.given(blocks))


def _named(policy: Resource) -> dict[str, Any]:
    return {"Name": policy.physical_name(), "Comment": policy.get("comment", "")}


TYPES = {
    "aws:cloudfront/function:Function": ResourceType(
        _create_function,
        _configure_function,
        _delete_function,
        _read_function,
        at(Resource.physical_name, _read_function),
        named="name",
        computed=("name", "arn"),
        immutable=("name",),
    ),
    "aws:cloudfront/originAccessControl:OriginAccessControl": _kind(
        "origin_access_control", _access_control, _search_access_controls
    ),
    "aws:cloudfront/cachePolicy:CachePolicy": _kind(
        "cache_policy", _cache_policy, _search_cache_policies
    ),
    "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy": _kind(
        "response_headers_policy", _response_headers_policy, _search_header_policies
    ),
}

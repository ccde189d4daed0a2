"""What CloudFront distributions refer to: access to buckets, functions, policies of caching and response headers."""

from collections.abc import Callable, Mapping
from typing import Any

from local.json_values import is_array, is_object
from local.provision.aws import Aws, arn
from local.provision.resource import Resource, ResourceType, pascal

API_NAMES = {"minTtl": "MinTTL", "defaultTtl": "DefaultTTL", "maxTtl": "MaxTTL"}


def listed(items: list[Any]) -> dict[str, Any]:
    """A list as CloudFront's API wants it: with its length."""
    return {"Quantity": len(items), "Items": items}


def counted(value: Any) -> Any:
    """`value` (PascalCase) with the length beside every `Items`."""
    if is_object(value):
        found = {key: counted(item) for key, item in value.items()}
        return found | ({"Quantity": len(found["Items"])} if "Items" in found else {})
    return [counted(item) for item in value] if is_array(value) else value


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
    return {"name": function.id, "arn": arn("cloudfront", f"function/{function.id}", region="")}


def _function_settings(function: Resource) -> dict[str, Any]:
    config = {"Comment": function.get("comment", ""), "Runtime": function["runtime"]}
    return {"FunctionCode": function["code"].encode(), "FunctionConfig": config}


def _delete_function(aws: Aws, function: Resource) -> None:
    aws.cloudfront.delete_function(Name=function.id, IfMatch=_function_tag(aws, function))


def _function_tag(aws: Aws, function: Resource) -> str:
    return aws.cloudfront.describe_function(Name=function.id, Stage="DEVELOPMENT")["ETag"]


def _kind(
    api: str, parameter: str, config: Callable[[Resource], Mapping[str, Any]], **entry: Any
) -> ResourceType:
    """One of the kinds that CloudFront treats alike: `create_…`, `get_…`, `update_…`, `delete_…` with an ETag."""
    answer = "".join(part.capitalize() for part in api.split("_"))

    def create(aws: Aws, resource: Resource) -> str:
        created = getattr(aws.cloudfront, f"create_{api}")(**{parameter: config(resource)})
        return created[answer]["Id"]

    def configure(aws: Aws, resource: Resource) -> Mapping[str, Any]:
        if resource.previous is not None:
            update = getattr(aws.cloudfront, f"update_{api}")
            update(Id=resource.id, IfMatch=etag(aws, resource), **{parameter: config(resource)})
        return {"name": resource.physical_name(), "etag": etag(aws, resource)}

    def delete(aws: Aws, resource: Resource) -> None:
        getattr(aws.cloudfront, f"delete_{api}")(Id=resource.id, IfMatch=etag(aws, resource))

    def etag(aws: Aws, resource: Resource) -> str:
        return getattr(aws.cloudfront, f"get_{api}")(Id=resource.id)["ETag"]

    return ResourceType(create, configure, delete, computed=("name", "etag"), **entry)


def _access_control(control: Resource) -> Mapping[str, Any]:
    return {
        "Name": control.physical_name(),
        "Description": control.get("description", ""),
        "OriginAccessControlOriginType": control["originAccessControlOriginType"],
        "SigningBehavior": control["signingBehavior"],
        "SigningProtocol": control["signingProtocol"],
    }


def _cache_policy(policy: Resource) -> Mapping[str, Any]:
    given = {
        api: policy.get(name) for name, api in API_NAMES.items() if policy.get(name) is not None
    }
    key = "ParametersInCacheKeyAndForwardedToOrigin"
    parameters = counted(pascal(policy["parametersInCacheKeyAndForwardedToOrigin"]))
    return _named(policy) | given | {key: parameters}


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
        computed=("name", "arn"),
        immutable=("name",),
    ),
    "aws:cloudfront/originAccessControl:OriginAccessControl": _kind(
        "origin_access_control", "OriginAccessControlConfig", _access_control
    ),
    "aws:cloudfront/cachePolicy:CachePolicy": _kind(
        "cache_policy", "CachePolicyConfig", _cache_policy
    ),
    "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy": _kind(
        "response_headers_policy", "ResponseHeadersPolicyConfig", _response_headers_policy
    ),
}

"""Web application firewalls. The emulator keeps their rules and filters nothing."""

from collections.abc import Mapping
from typing import Any

from local.provision.aws import Aws
from local.provision.resource import Resource, ResourceType, camel, pascal


def _create(aws: Aws, acl: Resource) -> str:
    return aws.wafv2.create_web_acl(Name=acl.physical_name(), **_settings(acl))["Summary"]["ARN"]


def _configure(aws: Aws, acl: Resource) -> Mapping[str, Any]:
    if acl.previous is not None:
        token = _found(aws, acl)["LockToken"]
        aws.wafv2.update_web_acl(**_key(acl), LockToken=token, **_own_settings(acl))
    return {"name": acl.physical_name(), "arn": acl.id}


def _delete(aws: Aws, acl: Resource) -> None:
    aws.wafv2.delete_web_acl(**_key(acl), LockToken=_found(aws, acl)["LockToken"])


def _settings(acl: Resource) -> dict[str, Any]:
    return _own_settings(acl) | {"Scope": acl["scope"]}


def _own_settings(acl: Resource) -> dict[str, Any]:
    return acl.given(camel("description")) | {
        "DefaultAction": pascal(acl["defaultAction"]),
        "VisibilityConfig": _visibility(acl["visibilityConfig"]),
        "Rules": [_rule(each) for each in acl.get("rules", [])],
    }


def _rule(given: Mapping[str, Any]) -> dict[str, Any]:
    rule = {key: value for key, value in given.items() if key != "visibilityConfig"}
    return pascal(rule) | {"VisibilityConfig": _visibility(given["visibilityConfig"])}


def _visibility(given: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "CloudWatchMetricsEnabled": given["cloudwatchMetricsEnabled"],
        "MetricName": given["metricName"],
        "SampledRequestsEnabled": given["sampledRequestsEnabled"],
    }


def _key(acl: Resource) -> dict[str, str]:
    """arn:aws:wafv2:<region>:<account>:global/webacl/<name>/<id>"""
    *_, name, identifier = acl.id.split("/")
    return {"Name": name, "Id": identifier, "Scope": acl["scope"]}


def _found(aws: Aws, acl: Resource) -> Mapping[str, Any]:
    return aws.wafv2.get_web_acl(**_key(acl))


TYPES = {
    "aws:wafv2/webAcl:WebAcl": ResourceType(
        _create,
        _configure,
        _delete,
        computed=("name", "arn"),
        immutable=("name", "scope"),
    ),
}

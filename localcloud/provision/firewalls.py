"""Web application firewalls. The emulator keeps their rules and filters nothing."""

from collections.abc import Iterator, Mapping
from typing import Any

from botocore.exceptions import ClientError

from localcloud.provision.aws import Aws, is_not_found
from localcloud.provision.reading import camel_case, first, reported
from localcloud.provision.resource import Resource, ResourceType, camel, pascal
from localcloud.provision.tags import read_tags

INPUT_NAMES = {"CloudWatchMetricsEnabled": "cloudwatchMetricsEnabled"}


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
    """Of arn:aws:wafv2:<region>:<account>:<global or regional>/webacl/<name>/<id>."""
    start, _, name, identifier = acl.id.split("/")
    scope = "CLOUDFRONT" if start.endswith(":global") else "REGIONAL"
    return {"Name": name, "Id": identifier, "Scope": scope}


def _found(aws: Aws, acl: Resource) -> Mapping[str, Any]:
    return aws.wafv2.get_web_acl(**_key(acl))


def _read(aws: Aws, acl: Resource) -> Mapping[str, Any] | None:
    try:
        found = _found(aws, acl)["WebACL"]
    except ClientError as error:
        if is_not_found(error):
            return None
        raise
    inputs = {
        "name": found["Name"],
        "scope": _key(acl)["Scope"],
        "description": found.get("Description"),
        "defaultAction": camel_case(found["DefaultAction"]),
        "visibilityConfig": camel_case(found["VisibilityConfig"], INPUT_NAMES),
        "rules": camel_case(found["Rules"], INPUT_NAMES),
        "tags": read_tags(aws, acl.id),
    }
    return reported(acl, inputs, name="name")


def _search(aws: Aws, acl: Resource) -> Iterator[str]:
    for found in aws.wafv2.list_web_acls(Scope=acl["scope"])["WebACLs"]:
        if found["Name"] == acl.physical_name():
            yield found["ARN"]


TYPES = {
    "aws:wafv2/webAcl:WebAcl": ResourceType(
        _create,
        _configure,
        _delete,
        _read,
        first(_search),
        named="name",
        computed=("name", "arn"),
        immutable=("name", "scope"),
    ),
}

"""Tags of whatever has an ARN: one API for most services, their own for the others."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from localcloud.json_values import is_object
from localcloud.provision.aws import Aws

Tags = Mapping[str, str]


def put_tags(aws: Aws, arn: str, wanted: Tags, before: Tags) -> None:
    """Makes the tags of the resource with this ARN what the program says; no call if nothing changed."""
    removed = sorted(before.keys() - wanted.keys())
    if removed:
        _service(arn).remove(aws, arn, removed)
    if wanted and wanted != before:
        _service(arn).put(aws, arn, wanted)


def read_tags(aws: Aws, arn: str) -> dict[str, str]:
    """The tags that the resource with this ARN has; ClientError if it is gone and its service says so."""
    found = _service(arn).read(aws, arn)
    if is_object(found):
        return found
    return {tag.get("Key") or tag["key"]: tag.get("Value", tag.get("value")) for tag in found}


@dataclass(frozen=True)
class _Service:
    """How a service keeps tags: calls for the resource with an ARN; `read` gives an object or a list of pairs."""

    put: Callable[[Aws, str, Tags], Any]
    remove: Callable[[Aws, str, list[str]], Any]
    read: Callable[[Aws, str], Any]


def _service(arn: str) -> _Service:
    return SERVICES.get(arn.split(":")[2], OTHERS)


def _pairs(tags: Tags) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def _role(arn: str) -> str:
    return arn.rpartition("/")[2]


def _parameter(arn: str) -> dict[str, str]:
    return {"ResourceType": "Parameter", "ResourceId": arn}


SERVICES = {
    "iam": _Service(
        lambda aws, arn, tags: aws.iam.tag_role(RoleName=_role(arn), Tags=_pairs(tags)),
        lambda aws, arn, keys: aws.iam.untag_role(RoleName=_role(arn), TagKeys=keys),
        lambda aws, arn: aws.iam.list_role_tags(RoleName=_role(arn))["Tags"],
    ),
    "logs": _Service(
        lambda aws, arn, tags: aws.logs.tag_resource(resourceArn=arn, tags=tags),
        lambda aws, arn, keys: aws.logs.untag_resource(resourceArn=arn, tagKeys=keys),
        lambda aws, arn: aws.logs.list_tags_for_resource(resourceArn=arn)["tags"],
    ),
    "states": _Service(
        lambda aws, arn, tags: aws.stepfunctions.tag_resource(
            resourceArn=arn, tags=[{"key": key, "value": value} for key, value in tags.items()]
        ),
        lambda aws, arn, keys: aws.stepfunctions.untag_resource(resourceArn=arn, tagKeys=keys),
        lambda aws, arn: aws.stepfunctions.list_tags_for_resource(resourceArn=arn)["tags"],
    ),
    "secretsmanager": _Service(
        lambda aws, arn, tags: aws.secretsmanager.tag_resource(SecretId=arn, Tags=_pairs(tags)),
        lambda aws, arn, keys: aws.secretsmanager.untag_resource(SecretId=arn, TagKeys=keys),
        lambda aws, arn: aws.secretsmanager.describe_secret(SecretId=arn).get("Tags", []),
    ),
    "apigateway": _Service(
        lambda aws, arn, tags: aws.apigateway.tag_resource(resourceArn=arn, tags=tags),
        lambda aws, arn, keys: aws.apigateway.untag_resource(resourceArn=arn, tagKeys=keys),
        lambda aws, arn: aws.apigateway.get_tags(resourceArn=arn)["tags"],
    ),
    "ses": _Service(
        lambda aws, arn, tags: aws.sesv2.tag_resource(ResourceArn=arn, Tags=_pairs(tags)),
        lambda aws, arn, keys: aws.sesv2.untag_resource(ResourceArn=arn, TagKeys=keys),
        lambda aws, arn: aws.sesv2.list_tags_for_resource(ResourceArn=arn)["Tags"],
    ),
    "ssm": _Service(
        lambda aws, arn, tags: aws.ssm.add_tags_to_resource(**_parameter(arn), Tags=_pairs(tags)),
        lambda aws, arn, keys: aws.ssm.remove_tags_from_resource(**_parameter(arn), TagKeys=keys),
        lambda aws, arn: aws.ssm.list_tags_for_resource(**_parameter(arn))["TagList"],
    ),
    "acm": _Service(
        lambda aws, arn, tags: aws.acm.add_tags_to_certificate(
            CertificateArn=arn, Tags=_pairs(tags)
        ),
        lambda aws, arn, keys: aws.acm.remove_tags_from_certificate(
            CertificateArn=arn, Tags=[{"Key": key} for key in keys]
        ),
        lambda aws, arn: aws.acm.list_tags_for_certificate(CertificateArn=arn)["Tags"],
    ),
    "wafv2": _Service(
        lambda aws, arn, tags: aws.wafv2.tag_resource(ResourceARN=arn, Tags=_pairs(tags)),
        lambda aws, arn, keys: aws.wafv2.untag_resource(ResourceARN=arn, TagKeys=keys),
        lambda aws, arn: aws.wafv2.list_tags_for_resource(ResourceARN=arn)["TagInfoForResource"][
            "TagList"
        ],
    ),
}
OTHERS = _Service(
    lambda aws, arn, tags: aws.resourcegroupstaggingapi.tag_resources(
        ResourceARNList=[arn], Tags=tags
    ),
    lambda aws, arn, keys: aws.resourcegroupstaggingapi.untag_resources(
        ResourceARNList=[arn], TagKeys=keys
    ),
    lambda aws, arn: [
        tag
        for found in aws.resourcegroupstaggingapi.get_resources(ResourceARNList=[arn])[
            "ResourceTagMappingList"
        ]
        for tag in found["Tags"]
    ],
)

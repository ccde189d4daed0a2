"""Tags of whatever has an ARN: one API for most services, their own for the others."""

from collections.abc import Mapping

from local.provision.aws import Aws

Tags = Mapping[str, str]


def put_tags(aws: Aws, arn: str, wanted: Tags, before: Tags) -> None:
    """Makes the tags of the resource with this ARN what the program says; no call if nothing changed."""
    removed = sorted(before.keys() - wanted.keys())
    if removed:
        _untag(aws, arn, removed)
    if wanted and wanted != before:
        _tag(aws, arn, wanted)


def _tag(aws: Aws, arn: str, tags: Tags) -> None:
    pairs = [{"Key": key, "Value": value} for key, value in tags.items()]
    match arn.split(":")[2]:
        case "iam":
            aws.iam.tag_role(RoleName=arn.rpartition("/")[2], Tags=pairs)
        case "logs":
            aws.logs.tag_resource(resourceArn=arn, tags=tags)
        case "states":
            lower = [{"key": key, "value": value} for key, value in tags.items()]
            aws.stepfunctions.tag_resource(resourceArn=arn, tags=lower)
        case "secretsmanager":
            aws.secretsmanager.tag_resource(SecretId=arn, Tags=pairs)
        case "apigateway":
            aws.apigateway.tag_resource(resourceArn=arn, tags=tags)
        case "ses":
            aws.sesv2.tag_resource(ResourceArn=arn, Tags=pairs)
        case _:
            aws.resourcegroupstaggingapi.tag_resources(ResourceARNList=[arn], Tags=tags)


def _untag(aws: Aws, arn: str, keys: list[str]) -> None:
    match arn.split(":")[2]:
        case "iam":
            aws.iam.untag_role(RoleName=arn.rpartition("/")[2], TagKeys=keys)
        case "logs":
            aws.logs.untag_resource(resourceArn=arn, tagKeys=keys)
        case "states":
            aws.stepfunctions.untag_resource(resourceArn=arn, tagKeys=keys)
        case "secretsmanager":
            aws.secretsmanager.untag_resource(SecretId=arn, TagKeys=keys)
        case "apigateway":
            aws.apigateway.untag_resource(resourceArn=arn, tagKeys=keys)
        case "ses":
            aws.sesv2.untag_resource(ResourceArn=arn, TagKeys=keys)
        case _:
            aws.resourcegroupstaggingapi.untag_resources(ResourceARNList=[arn], TagKeys=keys)

"""Secrets Manager secrets and their versions."""

from collections.abc import Mapping
from typing import Any

from local.provision.aws import Aws
from local.provision.resource import Resource, ResourceType, camel

SETTINGS = camel("description kmsKeyId")


def _create_secret(aws: Aws, secret: Resource) -> str:
    return aws.secretsmanager.create_secret(Name=secret.physical_name())["ARN"]


def _configure_secret(aws: Aws, secret: Resource) -> Mapping[str, Any]:
    settings = secret.given(SETTINGS)
    if settings:
        aws.secretsmanager.update_secret(SecretId=secret.id, **settings)
    if policy := secret.get("policy"):
        aws.secretsmanager.put_resource_policy(SecretId=secret.id, ResourcePolicy=policy)
    elif (secret.previous or {}).get("policy"):
        aws.secretsmanager.delete_resource_policy(SecretId=secret.id)
    return {"name": secret.physical_name(), "arn": secret.id}


def _delete_secret(aws: Aws, secret: Resource) -> None:
    aws.secretsmanager.delete_secret(SecretId=secret.id, ForceDeleteWithoutRecovery=True)


def _put_version(aws: Aws, version: Resource) -> str:
    put = aws.secretsmanager.put_secret_value(
        SecretId=version["secretId"],
        **version.given(camel("secretString secretBinary versionStages")),
    )
    return f"{version['secretId']}|{put['VersionId']}"


def _configure_version(_aws: Aws, version: Resource) -> Mapping[str, Any]:
    secret, _, version_id = version.id.rpartition("|")
    return {"arn": secret, "versionId": version_id}


def _keep_version(_aws: Aws, _version: Resource) -> None:
    """A version ends with its secret, or by being superseded."""


TYPES = {
    "aws:secretsmanager/secret:Secret": ResourceType(
        _create_secret,
        _configure_secret,
        _delete_secret,
        computed=("name", "arn"),
        immutable=("name",),
        # Deleted at once, whatever the recovery window: a replacement needs the name.
        inert=("recoveryWindowInDays", "forceOverwriteReplicaSecret"),
    ),
    "aws:secretsmanager/secretVersion:SecretVersion": ResourceType(
        _put_version,
        _configure_version,
        _keep_version,
        computed=("arn", "versionId"),
        immutable=("secretId", "secretString", "secretBinary", "versionStages"),
    ),
}

"""Secrets Manager secrets and their versions."""

import base64
from collections.abc import Iterator, Mapping
from typing import Any

from localcloud.provision.aws import Aws
from localcloud.provision.reading import first, inputs_of, reported
from localcloud.provision.resource import Resource, ResourceType, camel
from localcloud.provision.tags import read_tags

SETTINGS = camel("description kmsKeyId")


def _create_secret(aws: Aws, secret: Resource) -> str:
    return aws.secretsmanager.create_secret(Name=secret.physical_name())["ARN"]


def _configure_secret(aws: Aws, secret: Resource) -> Mapping[str, Any]:
    settings = secret.reset(camel("description")) | secret.given(SETTINGS)
    if settings:
        aws.secretsmanager.update_secret(SecretId=secret.id, **settings)
    if policy := secret.get("policy"):
        aws.secretsmanager.put_resource_policy(SecretId=secret.id, ResourcePolicy=policy)
    elif (secret.previous or {}).get("policy"):
        aws.secretsmanager.delete_resource_policy(SecretId=secret.id)
    return {"name": secret.physical_name(), "arn": secret.id}


def _read_secret(aws: Aws, secret: Resource) -> Mapping[str, Any] | None:
    found = _described(aws, secret.id)
    if found is None:
        return None
    inputs = inputs_of(found, SETTINGS) | {
        "name": found["Name"],
        "policy": aws.secretsmanager.get_resource_policy(SecretId=secret.id).get("ResourcePolicy"),
        "tags": read_tags(aws, secret.id),
    }
    return reported(secret, inputs, name="name")


def _find_secret(aws: Aws, secret: Resource) -> Iterator[str]:
    if found := _described(aws, secret.physical_name()):
        yield found["ARN"]


def _described(aws: Aws, secret: str) -> Mapping[str, Any] | None:
    """None for a secret that waits for its deletion: it can't be read any more."""
    found = aws.secretsmanager.describe_secret(SecretId=secret)
    return None if "DeletedDate" in found else found


def _delete_secret(aws: Aws, secret: Resource) -> None:
    aws.secretsmanager.delete_secret(SecretId=secret.id, ForceDeleteWithoutRecovery=True)


def _put_version(aws: Aws, version: Resource) -> str:
    value = version.given(camel("secretString secretBinary versionStages"))
    if "SecretBinary" in value:
        value["SecretBinary"] = base64.b64decode(value["SecretBinary"])
    put = aws.secretsmanager.put_secret_value(SecretId=version["secretId"], **value)
    return f"{version['secretId']}|{put['VersionId']}"


def _configure_version(aws: Aws, version: Resource) -> Mapping[str, Any]:
    secret, _, version_id = version.id.rpartition("|")
    if version.previous is not None and version.changed("versionStages"):
        _move_stages(aws, version, secret, version_id)
    return {"arn": secret, "versionId": version_id}


def _move_stages(aws: Aws, version: Resource, secret: str, version_id: str) -> None:
    """Puts the stages on the version and takes the others off; AWSCURRENT can only be moved to another version."""
    wanted = set(version.get("versionStages", []))
    holders: dict[str, list[str]] = aws.secretsmanager.describe_secret(SecretId=secret)[
        "VersionIdsToStages"
    ]
    present = set(holders.get(version_id, []))
    for stage in wanted - present:
        others = [other for other, stages in holders.items() if stage in stages]
        old = {"RemoveFromVersionId": others[0]} if others else {}
        aws.secretsmanager.update_secret_version_stage(
            SecretId=secret, VersionStage=stage, MoveToVersionId=version_id, **old
        )
    for stage in present - wanted - {"AWSCURRENT", "AWSPREVIOUS"}:
        aws.secretsmanager.update_secret_version_stage(
            SecretId=secret, VersionStage=stage, RemoveFromVersionId=version_id
        )


def _read_version(aws: Aws, version: Resource) -> Mapping[str, Any] | None:
    secret, _, version_id = version.id.rpartition("|")
    if _described(aws, secret) is None:
        return None
    found = aws.secretsmanager.get_secret_value(SecretId=secret, VersionId=version_id)
    inputs = {"secretId": secret, **_value(found)}
    if "versionStages" in version.inputs:
        inputs["versionStages"] = found["VersionStages"]
    return reported(version, inputs)


def _value(found: Mapping[str, Any]) -> dict[str, Any]:
    binary: bytes | None = found.get("SecretBinary")
    return {
        "secretString": found.get("SecretString"),
        "secretBinary": None if binary is None else base64.b64encode(binary).decode(),
    }


def _find_version(aws: Aws, version: Resource) -> Iterator[str]:
    """The current version, if it has the value."""
    if _described(aws, version["secretId"]) is None:
        return
    found = aws.secretsmanager.get_secret_value(SecretId=version["secretId"])
    if all(version.get(key) == value for key, value in _value(found).items()):
        yield f"{version['secretId']}|{found['VersionId']}"


def _keep_version(_aws: Aws, _version: Resource) -> None:
    """A version ends with its secret, or by being superseded."""


TYPES = {
    "aws:secretsmanager/secret:Secret": ResourceType(
        _create_secret,
        _configure_secret,
        _delete_secret,
        _read_secret,
        first(_find_secret),
        named="name",
        computed=("name", "arn"),
        immutable=("name",),
        # Deleted at once, whatever the recovery window: a replacement needs the name.
        inert=("recoveryWindowInDays", "forceOverwriteReplicaSecret"),
    ),
    "aws:secretsmanager/secretVersion:SecretVersion": ResourceType(
        _put_version,
        _configure_version,
        _keep_version,
        _read_version,
        first(_find_version),
        computed=("arn", "versionId"),
        immutable=("secretId", "secretString", "secretBinary"),
    ),
}

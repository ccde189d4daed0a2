"""S3 buckets. The settings of a bucket that are resources of their own are in bucket_settings.py."""

from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError

from localcloud.provision.aws import Aws, is_not_found
from localcloud.provision.reading import at, reported
from localcloud.provision.resource import Resource, ResourceType
from localcloud.provision.tags import read_tags
from localcloud.settings import REGION


def _name(bucket: Resource) -> str:
    return bucket.physical_name("bucket")


def _create_bucket(aws: Aws, bucket: Resource) -> str:
    name = _name(bucket)
    aws.s3.create_bucket(
        Bucket=name, ObjectLockEnabledForBucket=bool(bucket.get("objectLockEnabled", False))
    )
    return name


def _configure_bucket(_aws: Aws, bucket: Resource) -> Mapping[str, Any]:
    name = bucket.id
    return {
        "bucket": name,
        "arn": _arn(name),
        "bucketDomainName": f"{name}.s3.amazonaws.com",
        "bucketRegionalDomainName": f"{name}.s3.{REGION}.amazonaws.com",
    }


def _arn(name: str) -> str:
    return f"arn:aws:s3:::{name}"


def _read_bucket(aws: Aws, bucket: Resource) -> Mapping[str, Any] | None:
    aws.s3.get_bucket_location(Bucket=bucket.id)
    inputs = {
        "bucket": bucket.id,
        "objectLockEnabled": _is_locked(aws, bucket.id),
        "tags": read_tags(aws, _arn(bucket.id)),
    }
    return reported(bucket, inputs, name="bucket")


def _delete_bucket(aws: Aws, bucket: Resource) -> None:
    if bucket.get("forceDestroy"):
        for page in aws.s3.get_paginator("list_object_versions").paginate(Bucket=bucket.id):
            for found in page.get("Versions", []) + page.get("DeleteMarkers", []):
                # As the provider does, locked versions too.
                aws.s3.delete_object(
                    Bucket=bucket.id,
                    Key=found["Key"],
                    VersionId=found["VersionId"],
                    BypassGovernanceRetention=True,
                )
    aws.s3.delete_bucket(Bucket=bucket.id)


def _is_locked(aws: Aws, name: str) -> bool:
    try:
        found = aws.s3.get_object_lock_configuration(Bucket=name)["ObjectLockConfiguration"]
    except ClientError as error:
        if is_not_found(error):
            return False
        raise
    return found.get("ObjectLockEnabled") == "Enabled"


TYPES = {
    "aws:s3/bucket:Bucket": ResourceType(
        _create_bucket,
        _configure_bucket,
        _delete_bucket,
        _read_bucket,
        at(_name, _read_bucket),
        named="bucket",
        computed=("bucket", "arn", "bucketDomainName", "bucketRegionalDomainName"),
        immutable=("bucket", "objectLockEnabled"),
        inert=("forceDestroy",),
    ),
}

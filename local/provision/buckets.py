"""S3 buckets, and the settings of a bucket that are resources of their own."""

from collections.abc import Callable, Mapping
from typing import Any

from local.json_values import is_array, is_object
from local.provision.aws import Aws
from local.provision.resource import Resource, ResourceType
from local.settings import REGION

# Names that are not simply the provider's in PascalCase.
API_NAMES = {
    "id": "ID",
    "sseAlgorithm": "SSEAlgorithm",
    "kmsMasterKeyId": "KMSMasterKeyID",
    "mfaDelete": "MFADelete",
}


def _create_bucket(aws: Aws, bucket: Resource) -> str:
    name = bucket.physical_name("bucket")
    aws.s3.create_bucket(
        Bucket=name, ObjectLockEnabledForBucket=bool(bucket.get("objectLockEnabled", False))
    )
    return name


def _configure_bucket(_aws: Aws, bucket: Resource) -> Mapping[str, Any]:
    name = bucket.id
    return {
        "bucket": name,
        "arn": f"arn:aws:s3:::{name}",
        "bucketDomainName": f"{name}.s3.amazonaws.com",
        "bucketRegionalDomainName": f"{name}.s3.{REGION}.amazonaws.com",
    }


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


def _setting(
    put: str,
    arguments: Callable[[Resource], Mapping[str, Any]],
    delete: str = "",
    inert: tuple[str, ...] = (),
) -> ResourceType:
    """A setting of a bucket: one call puts it, one takes it back (none: it ends with the bucket)."""

    def create(aws: Aws, setting: Resource) -> str:
        getattr(aws.s3, put)(Bucket=setting["bucket"], **arguments(setting))
        return setting["bucket"]

    def configure(aws: Aws, setting: Resource) -> Mapping[str, Any]:
        if setting.previous is not None:
            create(aws, setting)
        return {}

    def remove(aws: Aws, setting: Resource) -> None:
        if delete:
            getattr(aws.s3, delete)(Bucket=setting.id)

    return ResourceType(create, configure, remove, immutable=("bucket",), inert=inert)


def _api(value: Any) -> Any:
    if is_object(value):
        return {
            API_NAMES.get(key, key[:1].upper() + key[1:]): _api(item) for key, item in value.items()
        }
    return [_api(item) for item in value] if is_array(value) else value


def _public_access(setting: Resource) -> Mapping[str, Any]:
    names = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
    return {
        "PublicAccessBlockConfiguration": _api(
            {name: bool(setting.get(name, False)) for name in names}
        )
    }


def _encryption(setting: Resource) -> Mapping[str, Any]:
    rules = [
        {key: value for key, value in rule.items() if key != "blockedEncryptionTypes"}
        for rule in setting["rules"]
    ]
    return {"ServerSideEncryptionConfiguration": {"Rules": _api(rules)}}


def _lifecycle(setting: Resource) -> Mapping[str, Any]:
    rules = [{"Filter": {"Prefix": ""}} | _api(rule) for rule in setting["rules"]]
    return {"LifecycleConfiguration": {"Rules": rules}}


def _object_lock(setting: Resource) -> Mapping[str, Any]:
    lock = {"objectLockEnabled": setting.get("objectLockEnabled", "Enabled")}
    rule = {"rule": setting.get("rule")} if setting.get("rule") else {}
    return {"ObjectLockConfiguration": _api(lock | rule)}


TYPES = {
    "aws:s3/bucket:Bucket": ResourceType(
        _create_bucket,
        _configure_bucket,
        _delete_bucket,
        computed=("bucket", "arn", "bucketDomainName", "bucketRegionalDomainName"),
        immutable=("bucket", "objectLockEnabled"),
        inert=("forceDestroy",),
    ),
    "aws:s3/bucketVersioning:BucketVersioning": _setting(
        "put_bucket_versioning",
        lambda setting: {"VersioningConfiguration": _api(setting["versioningConfiguration"])},
    ),
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": _setting(
        "put_public_access_block",
        _public_access,
        "delete_public_access_block",
        inert=("skipDestroy",),
    ),
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": _setting(
        "put_bucket_encryption", _encryption, "delete_bucket_encryption"
    ),
    "aws:s3/bucketPolicy:BucketPolicy": _setting(
        "put_bucket_policy", lambda setting: {"Policy": setting["policy"]}, "delete_bucket_policy"
    ),
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": _setting(
        "put_bucket_lifecycle_configuration",
        _lifecycle,
        "delete_bucket_lifecycle",
        inert=("transitionDefaultMinimumObjectSize",),
    ),
    "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration": _setting(
        "put_object_lock_configuration", _object_lock
    ),
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": _setting(
        "put_bucket_ownership_controls",
        lambda setting: {"OwnershipControls": {"Rules": [_api(setting["rule"])]}},
        "delete_bucket_ownership_controls",
    ),
}

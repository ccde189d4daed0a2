"""The settings of S3 buckets that are resources of their own."""

from collections.abc import Callable, Mapping
from typing import Any

from localcloud.json_values import is_array, is_object
from localcloud.provision.aws import Aws
from localcloud.provision.reading import at, camel_case, reported
from localcloud.provision.resource import Resource, ResourceType

# Names that are not simply the provider's in PascalCase.
API_NAMES = {
    "id": "ID",
    "sseAlgorithm": "SSEAlgorithm",
    "kmsMasterKeyId": "KMSMasterKeyID",
    "mfaDelete": "MFADelete",
}
INPUT_NAMES = {api: name for name, api in API_NAMES.items()}
DEFAULTS = {"objectLockEnabled": "Enabled"}


def _setting(
    name: str,
    arguments: Callable[[Resource], Mapping[str, Any]],
    inputs: Callable[[Resource, Mapping[str, Any]], Mapping[str, Any] | None],
    delete: str = "",
    inert: tuple[str, ...] = (),
    immutable: tuple[str, ...] = (),
) -> ResourceType:
    """A setting of a bucket: `put_<name>` sets it, `get_<name>` reads it, `delete` takes it back.

    Without a call to delete it, it ends with the bucket. `inputs` makes an answer the inputs, None if nothing is set.
    """

    def create(aws: Aws, setting: Resource) -> str:
        getattr(aws.s3, f"put_{name}")(Bucket=setting["bucket"], **arguments(setting))
        return setting["bucket"]

    def configure(aws: Aws, setting: Resource) -> Mapping[str, Any]:
        if setting.previous is not None:
            create(aws, setting)
        return {}

    def remove(aws: Aws, setting: Resource) -> None:
        if delete:
            getattr(aws.s3, delete)(Bucket=setting.id)

    def read(aws: Aws, setting: Resource) -> Mapping[str, Any] | None:
        found = inputs(setting, getattr(aws.s3, f"get_{name}")(Bucket=setting.id))
        return found and reported(setting, {"bucket": setting.id, **found}, DEFAULTS)

    parts = (create, configure, remove, read, at(_bucket, read))
    replacing = ("bucket", *immutable)
    return ResourceType(*parts, immutable=replacing, once_for=("bucket",), inert=inert)


def _bucket(setting: Resource) -> str:
    return setting["bucket"]


def _api(value: Any) -> Any:
    if is_object(value):
        return {
            API_NAMES.get(key, key[:1].upper() + key[1:]): _api(item) for key, item in value.items()
        }
    return [_api(item) for item in value] if is_array(value) else value


def _inputs(value: Any) -> Any:
    return camel_case(value, INPUT_NAMES)


def _read_versioning(_setting: Resource, answer: Mapping[str, Any]) -> Mapping[str, Any] | None:
    shown = {key: answer[key] for key in ("Status", "MFADelete") if key in answer}
    return {"versioningConfiguration": _inputs(shown)} if shown else None


def _public_access(setting: Resource) -> Mapping[str, Any]:
    names = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
    return {
        "PublicAccessBlockConfiguration": _api(
            {name: bool(setting.get(name, False)) for name in names}
        )
    }


def _read_public_access(_setting: Resource, answer: Mapping[str, Any]) -> Mapping[str, Any]:
    return _inputs(answer["PublicAccessBlockConfiguration"])


def _encryption(setting: Resource) -> Mapping[str, Any]:
    rules = [
        {key: value for key, value in rule.items() if key != "blockedEncryptionTypes"}
        for rule in setting["rules"]
    ]
    return {"ServerSideEncryptionConfiguration": {"Rules": _api(rules)}}


def _read_encryption(setting: Resource, answer: Mapping[str, Any]) -> Mapping[str, Any]:
    """The emulator does not know which types of encryption are blocked: what was last known of it is kept."""
    blocked = [each.get("blockedEncryptionTypes") for each in setting.get("rules", [])]
    rules = _inputs(answer["ServerSideEncryptionConfiguration"]["Rules"])
    for rule, types in zip(rules, blocked, strict=False):
        if types is not None:
            rule["blockedEncryptionTypes"] = types
    return {"rules": rules}


def _lifecycle(setting: Resource) -> Mapping[str, Any]:
    rules = [{"Filter": {"Prefix": ""}} | _api(rule) for rule in setting["rules"]]
    return {"LifecycleConfiguration": {"Rules": rules}}


def _read_lifecycle(_setting: Resource, answer: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"rules": _inputs(answer["Rules"])}


def _object_lock(setting: Resource) -> Mapping[str, Any]:
    lock = {"objectLockEnabled": setting.get("objectLockEnabled", "Enabled")}
    rule = {"rule": setting.get("rule")} if setting.get("rule") else {}
    return {"ObjectLockConfiguration": _api(lock | rule)}


def _read_object_lock(_setting: Resource, answer: Mapping[str, Any]) -> Mapping[str, Any]:
    found = answer["ObjectLockConfiguration"]
    return {"objectLockEnabled": found.get("ObjectLockEnabled"), "rule": _inputs(found.get("Rule"))}


TYPES = {
    "aws:s3/bucketVersioning:BucketVersioning": _setting(
        "bucket_versioning",
        lambda setting: {"VersioningConfiguration": _api(setting["versioningConfiguration"])},
        _read_versioning,
    ),
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": _setting(
        "public_access_block",
        _public_access,
        _read_public_access,
        "delete_public_access_block",
        inert=("skipDestroy",),
    ),
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": _setting(
        "bucket_encryption", _encryption, _read_encryption, "delete_bucket_encryption"
    ),
    "aws:s3/bucketPolicy:BucketPolicy": _setting(
        "bucket_policy",
        lambda setting: {"Policy": setting["policy"]},
        lambda _setting, answer: {"policy": answer["Policy"]},
        "delete_bucket_policy",
    ),
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": _setting(
        "bucket_lifecycle_configuration",
        _lifecycle,
        _read_lifecycle,
        "delete_bucket_lifecycle",
        inert=("transitionDefaultMinimumObjectSize",),
    ),
    "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration": _setting(
        "object_lock_configuration",
        _object_lock,
        _read_object_lock,
        immutable=("objectLockEnabled",),
    ),
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": _setting(
        "bucket_ownership_controls",
        lambda setting: {"OwnershipControls": {"Rules": [_api(setting["rule"])]}},
        lambda _setting, answer: {"rule": _inputs(answer["OwnershipControls"]["Rules"][0])},
        "delete_bucket_ownership_controls",
    ),
}

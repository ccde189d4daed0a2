"""S3 objects: files of the program's, or texts that it makes."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from localcloud.provision.aws import Aws
from localcloud.provision.reading import at, inputs_of, reported
from localcloud.provision.resource import Resource, ResourceType, camel

SETTINGS = camel("cacheControl contentDisposition contentEncoding contentLanguage contentType")


def _create(aws: Aws, found: Resource) -> str:
    _put(aws, found)
    return found["key"]


def _configure(aws: Aws, found: Resource) -> Mapping[str, Any]:
    if found.previous is not None:
        _put(aws, found)
    return {}


def _put(aws: Aws, found: Resource) -> None:
    source = found.get("source")
    body = found.get("content", "").encode() if source is None else source.read()
    aws.s3.put_object(
        Bucket=found["bucket"],
        Key=found["key"],
        Body=body,
        Tagging=urlencode(found.get("tags") or {}),
        **found.given(SETTINGS),
    )


def _delete(aws: Aws, found: Resource) -> None:
    bucket, key = found.within("bucket")
    aws.s3.delete_object(Bucket=bucket, Key=key)


def _read(aws: Aws, found: Resource) -> Mapping[str, Any] | None:
    """The object's settings and tags, and its content where the program gives a text and not a file."""
    bucket, key = found.within("bucket")
    answer = aws.s3.get_object(Bucket=bucket, Key=key)
    content = answer["Body"].read()
    tags = aws.s3.get_object_tagging(Bucket=bucket, Key=key)["TagSet"]
    inputs = inputs_of(answer, SETTINGS) | {
        "bucket": bucket,
        "key": key,
        "tags": {tag["Key"]: tag["Value"] for tag in tags},
    }
    if "content" in found.inputs:
        inputs["content"] = content.decode(errors="replace")
    return reported(found, inputs, {"contentType": "application/octet-stream"})  # the emulator's


TYPES = {
    "aws:s3/bucketObjectv2:BucketObjectv2": ResourceType(
        _create,
        _configure,
        _delete,
        _read,
        at(lambda found: found["key"], _read),
        immutable=("bucket", "key"),
        once_for=("bucket", "key"),
    ),
}

"""S3 objects are what the program's files and texts are, run after run."""

import pytest
from botocore.exceptions import ClientError

from localcloud.provision.aws import Aws
from localcloud.tests.support.toy import Toy

PROGRAM = """
bucket = aws.s3.Bucket("bucket", force_destroy=True)
for name in {files}:
    aws.s3.BucketObjectv2(
        name, bucket=bucket.bucket, key=f"a/{{name}}", source=pulumi.FileAsset(f"files/{{name}}"),
        content_type="text/plain", cache_control="no-cache", tags={{"team": "a b"}}
    )
aws.s3.BucketObjectv2(
    "said", bucket=bucket.bucket, key="said.json", content="{text}", content_type="application/json"
)
"""


def test_a_file_follows_its_content_and_goes_with_its_declaration(toy: Toy, aws: Aws) -> None:
    def stored(key: str) -> bytes:
        return aws.s3.get_object(Bucket="orders-dev-bucket", Key=key)["Body"].read()

    toy.write("files/one", "first")
    toy.write("files/two", "second")
    toy.program(PROGRAM.format(files=["one", "two"], text="hello"))
    toy.up()
    found = aws.s3.get_object(Bucket="orders-dev-bucket", Key="a/one")
    assert (found["ContentType"], found["CacheControl"]) == ("text/plain", "no-cache")
    tags = aws.s3.get_object_tagging(Bucket="orders-dev-bucket", Key="a/one")["TagSet"]
    assert tags == [{"Key": "team", "Value": "a b"}]
    assert (stored("a/two"), stored("said.json")) == (b"second", b"hello")

    toy.up()
    assert toy.did("unchanged") == ["bucket", "one", "said", "two"]

    toy.write("files/one", "changed")
    toy.program(PROGRAM.format(files=["one"], text="goodbye"))
    toy.up()
    assert (toy.did("updated"), toy.did("deleted")) == (["one", "said"], ["two"])
    assert (stored("a/one"), stored("said.json")) == (b"changed", b"goodbye")
    listed = aws.s3.list_objects_v2(Bucket="orders-dev-bucket")["Contents"]
    assert [each["Key"] for each in listed] == ["a/one", "said.json"]


def test_a_bucket_that_may_be_emptied_goes_with_its_locked_objects(toy: Toy, aws: Aws) -> None:
    program = """
        bucket = aws.s3.Bucket("archive", object_lock_enabled=True, force_destroy={force})
        rule = {rule}
        aws.s3.BucketObjectLockConfiguration("lock", bucket=bucket.bucket, rule=rule)
    """
    retention = {"default_retention": {"mode": "GOVERNANCE", "days": 9}}
    toy.program(program.format(force=False, rule=retention))
    toy.up()
    aws.s3.put_object(
        Bucket="orders-dev-archive", Key="receipt", Body=b"1", ChecksumAlgorithm="CRC32"
    )
    toy.program(program.format(force=True, rule=None))
    toy.up()
    assert toy.did("updated") == ["archive", "lock"]
    [version] = aws.s3.list_object_versions(Bucket="orders-dev-archive")["Versions"]
    with pytest.raises(ClientError, match="AccessDenied"):
        aws.s3.delete_object(
            Bucket="orders-dev-archive", Key="receipt", VersionId=version["VersionId"]
        )
    toy.program("")
    toy.up()
    assert toy.did("deleted") == ["archive", "lock"]

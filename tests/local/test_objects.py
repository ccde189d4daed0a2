"""S3 objects are what the program's files and texts are, run after run."""

from local.provision.aws import Aws
from tests.local.conftest import Toy

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

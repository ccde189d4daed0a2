"""A table, a bucket with all its settings, a secret."""

import json

import pulumi
import pulumi_aws as aws
from policies import TAGS, policy

table = aws.dynamodb.Table(
    "table",
    billing_mode="PAY_PER_REQUEST",
    hash_key="pk",
    range_key="sk",
    tags=TAGS,
    attributes=[{"name": name, "type": "S"} for name in ("pk", "sk", "owner", "at")],
    global_secondary_indexes=[
        {
            "name": "byOwner",
            "hash_key": "owner",
            "range_key": "at",
            "projection_type": "INCLUDE",
            "non_key_attributes": ["status", "total"],
        }
    ],
    stream_enabled=True,
    stream_view_type="NEW_AND_OLD_IMAGES",
    ttl={"attribute_name": "expires", "enabled": True},
    point_in_time_recovery={"enabled": True},
    server_side_encryption={"enabled": True},
)
aws.dynamodb.TableItem(
    "item",
    table_name=table.name,
    hash_key="pk",
    range_key="sk",
    item=json.dumps({"pk": {"S": "P#1"}, "sk": {"S": "P"}, "stock": {"N": "3"}}),
)
bucket = aws.s3.Bucket("bucket", object_lock_enabled=True, force_destroy=True, tags=TAGS)
aws.s3.BucketVersioning(
    "versioning", bucket=bucket.bucket, versioning_configuration={"status": "Enabled"}
)
aws.s3.BucketPublicAccessBlock(
    "block",
    bucket=bucket.bucket,
    block_public_acls=True,
    block_public_policy=True,
    ignore_public_acls=True,
    restrict_public_buckets=True,
)
aws.s3.BucketServerSideEncryptionConfiguration(
    "encryption",
    bucket=bucket.bucket,
    rules=[
        {
            "apply_server_side_encryption_by_default": {"sse_algorithm": "AES256"},
            "bucket_key_enabled": True,
        }
    ],
)
aws.s3.BucketPolicy(
    "bucket-policy",
    bucket=bucket.bucket,
    policy=bucket.arn.apply(lambda a: policy("s3:GetObject", "cloudfront.amazonaws.com", f"{a}/*")),
)
aws.s3.BucketLifecycleConfiguration(
    "lifecycle",
    bucket=bucket.bucket,
    rules=[
        {
            "id": "old",
            "status": "Enabled",
            "filter": {"prefix": "tmp/"},
            "expiration": {"days": 3},
            "noncurrent_version_expiration": {"noncurrent_days": 30},
            "abort_incomplete_multipart_upload": {"days_after_initiation": 1},
        }
    ],
)
aws.s3.BucketObjectLockConfiguration(
    "lock", bucket=bucket.bucket, rule={"default_retention": {"mode": "GOVERNANCE", "days": 2}}
)
aws.s3.BucketOwnershipControls(
    "ownership", bucket=bucket.bucket, rule={"object_ownership": "BucketOwnerEnforced"}
)
secret = aws.secretsmanager.Secret(
    "secret", description="a key", recovery_window_in_days=7, tags=TAGS
)
aws.secretsmanager.SecretVersion(
    "value", secret_id=secret.id, secret_string=pulumi.Output.secret("hush")
)
parameter = aws.ssm.Parameter(
    "parameter",
    name="/toy/limit",
    type="String",
    value="5",
    description="a limit",
    allowed_pattern="[0-9]+",
    tags=TAGS,
)

"""ReceiptStore: the bucket that keeps the receipts, private, versioned and encrypted."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.grants import Grant, Statement
from components.options import child
from components.private_bucket import keep_private

_PREFIX = "receipts"
_OLD_VERSIONS_KEPT_DAYS = 30


@dataclass(frozen=True, kw_only=True)
class ReceiptStoreArgs:
    """`retention_days` is how long receipts are kept; `protect_data` locks them for that long.

    Without `protect_data` the bucket's receipts, locked ones too, go with the bucket.
    """

    tags: Mapping[str, str]
    retention_days: int
    protect_data: bool


class ReceiptStore(pulumi.ComponentResource):
    """A bucket that only this system's functions read, and only over TLS."""

    bucket_name: pulumi.Output[str]
    bucket_arn: pulumi.Output[str]

    def __init__(
        self, name: str, args: ReceiptStoreArgs, opts: pulumi.ResourceOptions | None = None
    ):
        super().__init__("orders:index:ReceiptStore", name, {}, opts)
        self._name = name
        self._bucket = aws.s3.Bucket(
            f"{name}-bucket",
            # Always: it can't be turned on later, and without a retention it locks nothing.
            object_lock_enabled=True,
            # Read from the state: `destroy` empties the bucket if an update has set this before.
            # https://www.pulumi.com/registry/packages/aws/api-docs/s3/bucket/
            force_destroy=not args.protect_data,
            tags=args.tags,
            opts=child(self),
        )
        self.bucket_name = self._bucket.bucket
        self.bucket_arn = self._bucket.arn
        keep_private(self, name, self._bucket)
        self._keep(args)
        self.register_outputs({"bucketName": self.bucket_name, "bucketArn": self.bucket_arn})

    def grant_write(self) -> Grant:
        """Store receipts."""
        return self._grant("s3:PutObject")

    def grant_read(self) -> Grant:
        """Read receipts, and so sign links to them."""
        return self._grant("s3:GetObject")

    def _grant(self, action: str) -> Grant:
        receipts = pulumi.Output.concat(self.bucket_arn, f"/{_PREFIX}/*")
        return Grant(
            env={"RECEIPTS_BUCKET": self.bucket_name},
            statements=[Statement(actions=[action], resources=[receipts])],
        )

    def _keep(self, args: ReceiptStoreArgs) -> None:
        """Old versions go soon, receipts when their time is over and not before."""
        bucket = self._bucket.bucket
        versioning = aws.s3.BucketVersioning(
            f"{self._name}-versioning",
            bucket=bucket,
            versioning_configuration={"status": "Enabled"},
            opts=child(self),
        )
        aws.s3.BucketLifecycleConfiguration(
            f"{self._name}-lifecycle",
            bucket=bucket,
            rules=[
                {
                    "id": "retention",
                    "status": "Enabled",
                    "filter": {"prefix": f"{_PREFIX}/"},
                    "expiration": {"days": args.retention_days},
                    "noncurrent_version_expiration": {"noncurrent_days": _OLD_VERSIONS_KEPT_DAYS},
                    "abort_incomplete_multipart_upload": {"days_after_initiation": 1},
                }
            ],
            opts=child(self, depends_on=[versioning]),
        )
        retention = aws.s3.BucketObjectLockConfigurationRuleArgs(
            default_retention=aws.s3.BucketObjectLockConfigurationRuleDefaultRetentionArgs(
                mode="GOVERNANCE", days=args.retention_days
            )
        )
        # There without a rule too: to take the rule off is an update, while to take the resource
        # out of the program would be to delete what is still protected, which the engine refuses.
        aws.s3.BucketObjectLockConfiguration(
            f"{self._name}-lock",
            bucket=bucket,
            rule=retention if args.protect_data else None,
            opts=child(self, depends_on=[versioning]),
        )

"""What the engine, the preview and `up` are compared on: every kind of edit has something here."""

import json

import pulumi
import pulumi_aws as aws

config = pulumi.Config()
protect = config.require_bool("protect")
table = aws.dynamodb.Table(
    "orders",
    hash_key="pk",
    attributes=[{"name": "pk", "type": "S"}],
    billing_mode="PAY_PER_REQUEST",
    deletion_protection_enabled=protect,
    opts=pulumi.ResourceOptions(protect=protect),
)
for product in ("candles", "mug"):
    if config.require_bool("seed"):
        aws.dynamodb.TableItem(
            f"product-{product}",
            table_name=table.name,
            hash_key="pk",
            item=json.dumps({"pk": {"S": product}}),
            opts=pulumi.ResourceOptions(ignore_changes=["item"]),
        )
bucket = aws.s3.Bucket("receipts", object_lock_enabled=True, force_destroy=True)
aws.s3.BucketObjectLockConfiguration(
    "lock",
    bucket=bucket.bucket,
    rule={"default_retention": {"mode": "GOVERNANCE", "days": 1}} if protect else None,
)
aws.s3.BucketPolicy(
    "policy",
    bucket=bucket.bucket,
    policy=bucket.arn.apply(
        lambda arn: json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Deny",
                        "Principal": "*",
                        "Action": "s3:*",
                        "Resource": f"{arn}/*",
                        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
                    }
                ],
            }
        )
    ),
)
trust = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": ["lambda.amazonaws.com", "states.amazonaws.com"]},
            "Action": "sts:AssumeRole",
        }
    ],
}
role = aws.iam.Role("worker-role", assume_role_policy=json.dumps(trust))
machine = aws.sfn.StateMachine(
    "flow",
    type=config.require("workflowType"),
    role_arn=role.arn,
    definition=json.dumps({"StartAt": "Done", "States": {"Done": {"Type": "Succeed"}}}),
)
worker = aws.lambda_.Function(
    "worker",
    role=role.arn,
    handler="worker.run",
    runtime="python3.13",
    timeout=5,
    code=pulumi.AssetArchive({"worker.py": pulumi.FileAsset("worker.py")}),
    environment={"variables": {"TABLE": table.name, "MACHINE": machine.arn}},
)
topic = aws.sns.Topic("events")
aws.sns.Topic(
    "renewed",
    display_name="Orders",
    opts=pulumi.ResourceOptions(replace_on_changes=["displayName"]),
)
aws.sqs.Queue(
    "untouched",
    delay_seconds=1,
    opts=pulumi.ResourceOptions(ignore_changes=["delaySeconds"]),
)
aws.iam.Role("fixed", name="fixed", assume_role_policy=json.dumps(trust))

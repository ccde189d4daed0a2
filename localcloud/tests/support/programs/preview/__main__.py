"""What tests of the preview edit."""

import json

import names
import pulumi
import pulumi_aws as aws

config = pulumi.Config()
table = aws.dynamodb.Table(
    "orders",
    hash_key="pk",
    attributes=[{"name": "pk", "type": "S"}],
    billing_mode="PAY_PER_REQUEST",
)
trust = {
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "lambda.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    ]
}
role = aws.iam.Role("worker-role", assume_role_policy=json.dumps(trust))
aws.iam.RolePolicy(
    "worker-policy",
    role=role.name,
    policy=pulumi.Output.json_dumps(
        {"Statement": [{"Effect": "Allow", "Action": ["dynamodb:GetItem"], "Resource": table.arn}]}
    ),
)
worker = aws.lambda_.Function(
    "worker",
    role=role.arn,
    handler="worker.run",
    runtime="python3.13",
    timeout=5,
    code=pulumi.AssetArchive(
        {"worker.py": pulumi.FileAsset("worker.py"), "worker.yaml": pulumi.FileAsset("worker.yaml")}
    ),
    environment={"variables": {"TABLE": table.name, "KEY": config.require_secret("apiKey")}},
)
aws.sfn.StateMachine(
    "flow",
    role_arn=role.arn,
    definition=pulumi.Output.json_dumps(
        {
            "StartAt": "Work",
            "States": {
                "Work": {
                    "Type": "Task",
                    "Resource": worker.arn,
                    "TimeoutSeconds": 6,
                    "Next": "Done",
                },
                "Done": {"Type": "Succeed"},
            },
        }
    ),
)
aws.apigateway.RestApi(
    "api",
    body=json.dumps({"openapi": "3.0.1", "paths": {"/orders": {"get": {"summary": "All orders"}}}}),
)
aws.sns.Topic(names.TOPIC)
pulumi.export("tableName", table.name)

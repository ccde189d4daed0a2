"""A function behind a URL that counts its visitors in a table."""

import json

import pulumi
import pulumi_aws as aws

table = aws.dynamodb.Table(
    "visits",
    hash_key="name",
    attributes=[{"name": "name", "type": "S"}],
    billing_mode="PAY_PER_REQUEST",
)
trust = {
    "Effect": "Allow",
    "Principal": {"Service": "lambda.amazonaws.com"},
    "Action": "sts:AssumeRole",
}
role = aws.iam.Role(
    "visitor-role", assume_role_policy=json.dumps({"Version": "2012-10-17", "Statement": [trust]})
)
count = {"Effect": "Allow", "Action": "dynamodb:UpdateItem", "Resource": table.arn}
allowed = aws.iam.RolePolicy(
    "visitor-policy",
    role=role.name,
    policy=pulumi.Output.json_dumps({"Version": "2012-10-17", "Statement": [count]}),
)
visitor = aws.lambda_.Function(
    "visitor",
    role=role.arn,
    runtime="python3.13",
    handler="visitor.handle",
    code=pulumi.AssetArchive({"visitor.py": pulumi.FileAsset("visitor.py")}),
    environment={
        "variables": {"TABLE": table.name, "GREETING": pulumi.Config().require("greeting")}
    },
    opts=pulumi.ResourceOptions(depends_on=[allowed]),
)
url = aws.lambda_.FunctionUrl("visitor-url", function_name=visitor.name, authorization_type="NONE")
aws.lambda_.Permission(
    "visitor-url-permission",
    function=visitor.name,
    action="lambda:InvokeFunctionUrl",
    principal="*",
    function_url_auth_type="NONE",
)
pulumi.export("url", url.function_url)

"""A toy program for the tests of the emulator: functions, a URL, a state machine, a bucket without plain HTTP."""

import json

import pulumi
import pulumi_aws as aws

TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Action": "sts:AssumeRole",
                "Principal": {"Service": ["lambda.amazonaws.com", "states.amazonaws.com"]},
            }
        ],
    }
)
role = aws.iam.Role("role", assume_role_policy=TRUST)
aws.iam.RolePolicy(
    "policy",
    role=role.name,
    policy=pulumi.Output.json_dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Action": ["lambda:InvokeFunction", "s3:PutObject"],
                    "Resource": "*",
                },
            ],
        }
    ),
)
handlers = dict.fromkeys(("one", "two", "served"), "worker.run")
functions = {
    name: aws.lambda_.Function(
        name,
        runtime="python3.13",
        handler=handler,
        role=role.arn,
        timeout=25,
        code=pulumi.AssetArchive({"worker.py": pulumi.FileAsset("worker.py")}),
    )
    for name, handler in (
        handlers | {"connected": "worker.tell_connection", "behind": "worker.answer"}
    ).items()
}
url = aws.lambda_.FunctionUrl(
    "url", function_name=functions["served"].name, authorization_type="NONE"
)
for action in ("lambda:InvokeFunctionUrl", "lambda:InvokeFunction"):
    aws.lambda_.Permission(
        f"open-{action[7:]}",
        function=functions["served"].name,
        action=action,
        principal="*",
        function_url_auth_type="NONE" if action.endswith("Url") else None,
    )
integration = functions["behind"].invoke_arn.apply(
    lambda uri: {"type": "aws_proxy", "httpMethod": "POST", "uri": uri}
)
api = aws.apigateway.RestApi(
    "api",
    body=pulumi.Output.json_dumps(
        {
            "openapi": "3.0.1",
            "info": {"title": "toy", "version": "1"},
            "paths": {"/": {"post": {"x-amazon-apigateway-integration": integration}}},
        }
    ),
)
deployment = aws.apigateway.Deployment("deployment", rest_api=api.id)
stage = aws.apigateway.Stage("stage", rest_api=api.id, stage_name="live", deployment=deployment.id)
aws.lambda_.Permission(
    "open-api",
    function=functions["behind"].name,
    action="lambda:InvokeFunction",
    principal="apigateway.amazonaws.com",
)
bucket = aws.s3.Bucket("bucket", force_destroy=True)
aws.s3.BucketPolicy(
    "tls",
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
                        "Resource": [arn, f"{arn}/*"],
                        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
                    }
                ],
            }
        )
    ),
)


def machine(name, state):
    definition = {
        "QueryLanguage": "JSONata",
        "StartAt": "S",
        "States": {
            "S": state,
            "Caught": {"Type": "Pass", "Output": {"caught": "{% $states.input %}"}, "End": True},
        },
    }
    return aws.sfn.StateMachine(
        name, type="EXPRESS", role_arn=role.arn, definition=pulumi.Output.json_dumps(definition)
    )


catching = machine(
    "catching",
    {
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke",
        "End": True,
        "Arguments": {"FunctionName": functions["one"].arn, "Payload": {"do": "fail"}},
        "Catch": [
            {
                "ErrorEquals": ["PaymentDeclined"],
                "Next": "Caught",
                "Output": "{% $states.errorOutput %}",
            }
        ],
    },
)
timed = machine(
    "timed",
    {
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke",
        "End": True,
        "Arguments": {
            "FunctionName": functions["one"].arn,
            "Payload": {"do": "{% $states.input.do %}"},
        },
        "TimeoutSeconds": 2,
    },
)
pulumi.export("timed", timed.arn)
pulumi.export("connected", functions["connected"].arn)
pulumi.export("url", url.function_url)
pulumi.export("catching", catching.arn)
pulumi.export("bucket", bucket.bucket)
pulumi.export("api", stage.invoke_url)

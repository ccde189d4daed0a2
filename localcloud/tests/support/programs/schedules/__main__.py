"""A toy program for the tests of schedules: a function that notes its calls, its failures' queue, and a schedule."""

import json

import pulumi
import pulumi_aws as aws


def trusting(service):
    statement = {
        "Effect": "Allow",
        "Action": "sts:AssumeRole",
        "Principal": {"Service": service},
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def allowing(**resources):
    """A policy that allows each action (`service_Name`) on a resource."""
    statements = [
        {"Effect": "Allow", "Action": action.replace("_", ":"), "Resource": resource}
        for action, resource in resources.items()
    ]
    return pulumi.Output.json_dumps({"Version": "2012-10-17", "Statement": statements})


notes, failures, letters = (aws.sqs.Queue(name) for name in ("notes", "failures", "letters"))
role = aws.iam.Role("role", assume_role_policy=trusting("lambda.amazonaws.com"))
aws.iam.RolePolicy("policy", role=role.name, policy=allowing(sqs_SendMessage=notes.arn))
function = aws.lambda_.Function(
    "worker",
    runtime="python3.13",
    handler="worker.run",
    role=role.arn,
    timeout=20,
    environment={"variables": {"NOTES": notes.url}},
    code=pulumi.AssetArchive({"worker.py": pulumi.FileAsset("worker.py")}),
)
aws.lambda_.FunctionEventInvokeConfig(
    "failing",
    function_name=function.name,
    maximum_retry_attempts=1,
    destination_config={"on_failure": {"destination": failures.arn}},
)
invoker = aws.iam.Role("invoker", assume_role_policy=trusting("scheduler.amazonaws.com"))
aws.iam.RolePolicy(
    "invoking",
    role=invoker.name,
    policy=allowing(lambda_InvokeFunction=function.arn, sqs_SendMessage=letters.arn),
)
aws.scheduler.Schedule(
    "minutely",
    schedule_expression="rate(1 minute)",
    flexible_time_window={"mode": "OFF"},
    target={
        "arn": function.arn,
        "role_arn": invoker.arn,
        "input": json.dumps({"by": "minutely"}),
        "retry_policy": {"maximum_retry_attempts": 0},
        "dead_letter_config": {"arn": letters.arn},
    },
)
for name, value in {
    "function": function.arn,
    "invoker": invoker.arn,
    "notes": notes.url,
    "failures": failures.url,
    "letters": letters.url,
    "lettersArn": letters.arn,
}.items():
    pulumi.export(name, value)

"""Functions, queues, topics and a state machine with what they need."""

import json

import pulumi
import pulumi_aws as aws
import storage
from policies import TAGS, policy

TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Action": "sts:AssumeRole",
                "Principal": {"Service": ["lambda.amazonaws.com", "scheduler.amazonaws.com"]},
            }
        ],
    }
)
role = aws.iam.Role(
    "role", assume_role_policy=TRUST, description="runs it", max_session_duration=7200, tags=TAGS
)
aws.iam.RolePolicy(
    "policy",
    role=role.name,
    policy=json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Action": ["sqs:*", "dynamodb:*"], "Resource": "*"}],
        }
    ),
)
logs = aws.cloudwatch.LogGroup("logs", name_prefix="/toy/", retention_in_days=7, tags=TAGS)
function = aws.lambda_.Function(
    "function",
    runtime="python3.13",
    handler="pkg.app.run",
    role=role.arn,
    timeout=9,
    memory_size=256,
    tags=TAGS,
    architectures=["arm64"],
    tracing_config={"mode": "Active"},
    description="answers",
    logging_config={"log_format": "JSON", "log_group": logs.name},
    reserved_concurrent_executions=5,
    environment={"variables": {"TABLE": storage.table.name}},
    code=pulumi.AssetArchive(
        {
            "pkg": pulumi.AssetArchive(
                {
                    "app.py": pulumi.StringAsset(
                        "import json\ndef run(event, context):\n"
                        "    claims = event.get('requestContext', {}).get('authorizer', {}).get('claims', {})\n"
                        "    return {'statusCode': 200, 'body': json.dumps({'v': 1, 'email': claims.get('email')})}\n"
                    )
                }
            )
        }
    ),
)
url = aws.lambda_.FunctionUrl("url", function_name=function.name, authorization_type="NONE")
aws.lambda_.Permission(
    "open",
    function=function.name,
    action="lambda:InvokeFunctionUrl",
    principal="*",
    function_url_auth_type="NONE",
)
dead = aws.sqs.Queue("dead", message_retention_seconds=1209600, tags=TAGS)
queue = aws.sqs.Queue(
    "queue",
    visibility_timeout_seconds=60,
    sqs_managed_sse_enabled=True,
    redrive_policy=dead.arn.apply(
        lambda a: json.dumps({"deadLetterTargetArn": a, "maxReceiveCount": 3})
    ),
)
topic = aws.sns.Topic("topic", display_name="News", tags=TAGS)
aws.sqs.QueuePolicy(
    "queue-policy",
    queue_url=queue.url,
    policy=queue.arn.apply(lambda a: policy("sqs:SendMessage", "sns.amazonaws.com", a)),
)
aws.sns.TopicPolicy(
    "topic-policy",
    arn=topic.arn,
    policy=topic.arn.apply(lambda a: policy("sns:Publish", "states.amazonaws.com", a)),
)
aws.sns.TopicSubscription(
    "subscription",
    topic=topic.arn,
    protocol="sqs",
    endpoint=queue.arn,
    raw_message_delivery=True,
    filter_policy=json.dumps({"type": ["a"]}),
)
aws.lambda_.EventSourceMapping(
    "mapping",
    event_source_arn=queue.arn,
    function_name=function.name,
    batch_size=5,
    function_response_types=["ReportBatchItemFailures"],
    scaling_config={"maximum_concurrency": 2},
)
aws.lambda_.FunctionEventInvokeConfig(
    "failures",
    function_name=function.name,
    maximum_retry_attempts=1,
    maximum_event_age_in_seconds=60,
    destination_config={"on_failure": {"destination": dead.arn}},
)
aws.scheduler.Schedule(
    "schedule",
    schedule_expression="rate(1 hour)",
    flexible_time_window={"mode": "OFF"},
    state="DISABLED",
    target={
        "arn": function.arn,
        "role_arn": role.arn,
        "input": "{}",
        "retry_policy": {"maximum_retry_attempts": 3, "maximum_event_age_in_seconds": 60},
        "dead_letter_config": {"arn": dead.arn},
    },
)
machine = aws.sfn.StateMachine(
    "machine",
    type="STANDARD",
    role_arn=role.arn,
    tags=TAGS,
    definition=json.dumps({"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}}),
    logging_configuration={
        "level": "ERROR",
        "include_execution_data": False,
        "log_destination": pulumi.Output.concat(logs.arn, ":*"),
    },
)

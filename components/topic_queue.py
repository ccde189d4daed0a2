"""What every queue here is that a topic feeds: encrypted, open to that topic alone, and kept for long."""

from collections.abc import Mapping

import pulumi
import pulumi_aws as aws

from components.grants import Grant, Statement
from components.options import child

_KEPT = 14 * 24 * 3600  # seconds; the most that SQS keeps
_TRIES = 5


def create_topic_queue(
    parent: pulumi.Resource,
    name: str,
    topic_arn: pulumi.Input[str],
    tags: Mapping[str, str],
    visibility_timeout_seconds: int | None = None,
    dead_letters: aws.sqs.Queue | None = None,
) -> aws.sqs.Queue:
    """A queue with its policy; what fails five times goes to `dead_letters`, where the queue has them."""
    queue = aws.sqs.Queue(
        name,
        message_retention_seconds=_KEPT,
        visibility_timeout_seconds=visibility_timeout_seconds,
        redrive_policy=dead_letters
        and pulumi.Output.json_dumps(
            {"deadLetterTargetArn": dead_letters.arn, "maxReceiveCount": _TRIES}
        ),
        sqs_managed_sse_enabled=True,
        tags=tags,
        opts=child(parent),
    )
    from_topic = {
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": queue.arn,
        "Condition": {"ArnEquals": {"aws:SourceArn": topic_arn}},
    }
    aws.sqs.QueuePolicy(
        f"{name}-policy",
        queue_url=queue.url,
        policy=pulumi.Output.json_dumps({"Version": "2012-10-17", "Statement": [from_topic]}),
        opts=child(parent),
    )
    return queue


def grant_consume(queue: aws.sqs.Queue) -> Grant:
    """Be started by the queue's messages, which Lambda receives and deletes as the function."""
    receive = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
    return Grant(statements=[Statement(actions=receive, resources=[queue.arn])])

"""SQS queues and their policies."""

import json
from collections.abc import Mapping
from typing import Any

from local.provision.aws import Aws, arn
from local.provision.resource import Resource, ResourceType

# Input, attribute, and the default that it goes back to when the program no longer gives it.
ATTRIBUTES = {
    "visibilityTimeoutSeconds": ("VisibilityTimeout", "30"),
    "messageRetentionSeconds": ("MessageRetentionPeriod", "345600"),
    "delaySeconds": ("DelaySeconds", "0"),
    "receiveWaitTimeSeconds": ("ReceiveMessageWaitTimeSeconds", "0"),
    "maxMessageSize": ("MaximumMessageSize", "262144"),
    "redrivePolicy": ("RedrivePolicy", ""),
    "redriveAllowPolicy": ("RedriveAllowPolicy", ""),
    "policy": ("Policy", ""),
    "kmsMasterKeyId": ("KmsMasterKeyId", ""),
    "kmsDataKeyReusePeriodSeconds": ("KmsDataKeyReusePeriodSeconds", "300"),
    "sqsManagedSseEnabled": ("SqsManagedSseEnabled", "true"),
    "contentBasedDeduplication": ("ContentBasedDeduplication", "false"),
    "deduplicationScope": ("DeduplicationScope", "queue"),
    "fifoThroughputLimit": ("FifoThroughputLimit", "perQueue"),
}


def _create_queue(aws: Aws, queue: Resource) -> str:
    fifo = bool(queue.get("fifoQueue", False))
    name = queue.get("name") or queue.default_name + (".fifo" if fifo else "")
    return aws.sqs.create_queue(QueueName=name, Attributes={"FifoQueue": "true"} if fifo else {})[
        "QueueUrl"
    ]


def _configure_queue(aws: Aws, queue: Resource) -> Mapping[str, Any]:
    before = queue.previous or {}
    attributes: dict[str, str] = {}
    for key, (attribute, default) in ATTRIBUTES.items():
        value = queue.get(key)
        if value is not None or before.get(key) is not None:
            attributes[attribute] = default if value is None else _as_string(value)
    if attributes:
        aws.sqs.set_queue_attributes(QueueUrl=queue.id, Attributes=attributes)
    name = queue.id.rpartition("/")[2]
    return {"name": name, "arn": arn("sqs", name), "url": queue.id}


def _as_string(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _delete_queue(aws: Aws, queue: Resource) -> None:
    aws.sqs.delete_queue(QueueUrl=queue.id)


def _put_policy(aws: Aws, policy: Resource) -> str:
    aws.sqs.set_queue_attributes(
        QueueUrl=policy["queueUrl"], Attributes={"Policy": policy["policy"]}
    )
    return policy["queueUrl"]


def _configure_policy(aws: Aws, policy: Resource) -> Mapping[str, Any]:
    _put_policy(aws, policy)
    return {}


def _delete_policy(aws: Aws, policy: Resource) -> None:
    aws.sqs.set_queue_attributes(QueueUrl=policy.id, Attributes={"Policy": ""})


TYPES = {
    "aws:sqs/queue:Queue": ResourceType(
        _create_queue,
        _configure_queue,
        _delete_queue,
        computed=("name", "arn", "url"),
        immutable=("name", "fifoQueue"),
    ),
    "aws:sqs/queuePolicy:QueuePolicy": ResourceType(
        _put_policy, _configure_policy, _delete_policy, immutable=("queueUrl",)
    ),
}

"""SQS queues and their policies."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from localcloud.provision.aws import Aws, arn
from localcloud.provision.reading import at, first, reported
from localcloud.provision.resource import Resource, ResourceType
from localcloud.provision.tags import read_tags

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

# The provider has a default of its own, less than the 1 MiB of AWS:
# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
ALWAYS_SET = {"maxMessageSize"}


def _create_queue(aws: Aws, queue: Resource) -> str:
    attributes = {"FifoQueue": "true"} if queue.get("fifoQueue") else {}
    return aws.sqs.create_queue(QueueName=_name(queue), Attributes=attributes)["QueueUrl"]


def _name(queue: Resource) -> str:
    """The queue's name; one that is made up gets the suffix that a FIFO queue must have."""
    suffix = ".fifo" if queue.get("fifoQueue") and not queue.get("name") else ""
    return queue.physical_name() + suffix


def _configure_queue(aws: Aws, queue: Resource) -> Mapping[str, Any]:
    before = queue.previous or {}
    attributes: dict[str, str] = {}
    for key, (attribute, default) in ATTRIBUTES.items():
        value = queue.get(key)
        if value is not None or before.get(key) is not None or key in ALWAYS_SET:
            attributes[attribute] = default if value is None else _as_string(value)
    if attributes:
        aws.sqs.set_queue_attributes(QueueUrl=queue.id, Attributes=attributes)
    name = queue.id.rpartition("/")[2]
    return {"name": name, "arn": arn("sqs", name), "url": queue.id}


def _as_string(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _read_queue(aws: Aws, queue: Resource) -> Mapping[str, Any] | None:
    found = _attributes(aws, queue.id)
    name = queue.id.rpartition("/")[2]
    inputs = {key: _typed(key, found.get(api)) for key, (api, _default) in ATTRIBUTES.items()} | {
        "name": name,
        "fifoQueue": found.get("FifoQueue") == "true",
        "tags": read_tags(aws, arn("sqs", name)),
    }
    if "policy" not in queue.inputs:
        del inputs["policy"]  # a QueuePolicy's
    defaults = {key: _typed(key, default) for key, (_api, default) in ATTRIBUTES.items()}
    return reported(queue, inputs, defaults | {"name": _name(queue)})


def _attributes(aws: Aws, url: str) -> Mapping[str, str]:
    return aws.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]


def _typed(key: str, value: str | None) -> str | int | bool | None:
    """An attribute as the input that it is: numbers and yes or no come as strings."""
    if value in ("true", "false"):
        return value == "true"
    return int(value) if value and key.endswith(("Seconds", "Size")) else value


def _find_queue(aws: Aws, queue: Resource) -> Iterator[str]:
    yield aws.sqs.get_queue_url(QueueName=_name(queue))["QueueUrl"]


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


def _read_policy(aws: Aws, policy: Resource) -> Mapping[str, Any] | None:
    document = _attributes(aws, policy.id).get("Policy")
    if not document:
        return None
    return reported(policy, {"queueUrl": policy.id, "policy": document})


TYPES = {
    "aws:sqs/queue:Queue": ResourceType(
        _create_queue,
        _configure_queue,
        _delete_queue,
        _read_queue,
        first(_find_queue),
        named="name",
        computed=("name", "arn", "url"),
        immutable=("name", "fifoQueue"),
    ),
    "aws:sqs/queuePolicy:QueuePolicy": ResourceType(
        _put_policy,
        _configure_policy,
        _delete_policy,
        _read_policy,
        at(lambda policy: policy["queueUrl"], _read_policy),
        immutable=("queueUrl",),
        once_for=("queueUrl",),
    ),
}

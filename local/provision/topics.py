"""SNS topics, their policies and subscriptions."""

import json
from collections.abc import Mapping
from typing import Any

from local.provision.aws import Aws
from local.provision.resource import Resource, ResourceType
from local.settings import ACCOUNT

TOPIC_ATTRIBUTES = {
    "displayName": "DisplayName",
    "policy": "Policy",
    "deliveryPolicy": "DeliveryPolicy",
    "kmsMasterKeyId": "KmsMasterKeyId",
    "tracingConfig": "TracingConfig",
    "signatureVersion": "SignatureVersion",
    "contentBasedDeduplication": "ContentBasedDeduplication",
}
SUBSCRIPTION_ATTRIBUTES = {
    "rawMessageDelivery": "RawMessageDelivery",
    "filterPolicy": "FilterPolicy",
    "filterPolicyScope": "FilterPolicyScope",
    "redrivePolicy": "RedrivePolicy",
    "deliveryPolicy": "DeliveryPolicy",
}


def _create_topic(aws: Aws, topic: Resource) -> str:
    fifo = bool(topic.get("fifoTopic", False))
    name = topic.get("name") or topic.default_name + (".fifo" if fifo else "")
    return aws.sns.create_topic(Name=name, Attributes={"FifoTopic": "true"} if fifo else {})[
        "TopicArn"
    ]


def _configure_topic(aws: Aws, topic: Resource) -> Mapping[str, Any]:
    for attribute, value in _attributes(topic, TOPIC_ATTRIBUTES).items():
        aws.sns.set_topic_attributes(
            TopicArn=topic.id, AttributeName=attribute, AttributeValue=value
        )
    return {"name": topic.id.rpartition(":")[2], "arn": topic.id, "owner": ACCOUNT}


def _delete_topic(aws: Aws, topic: Resource) -> None:
    aws.sns.delete_topic(TopicArn=topic.id)


def _attributes(resource: Resource, names: Mapping[str, str]) -> dict[str, str]:
    """Attributes as strings; one that the program no longer gives is set to the empty string."""
    before = resource.previous or {}
    wanted = {key: resource.get(key) for key in names}
    return {
        names[key]: _as_string(value)
        for key, value in wanted.items()
        if value is not None or before.get(key) is not None
    }


def _as_string(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value)


def _put_policy(aws: Aws, policy: Resource) -> str:
    aws.sns.set_topic_attributes(
        TopicArn=policy["arn"], AttributeName="Policy", AttributeValue=policy["policy"]
    )
    return policy["arn"]


def _configure_policy(aws: Aws, policy: Resource) -> Mapping[str, Any]:
    _put_policy(aws, policy)
    return {"owner": ACCOUNT}


def _delete_policy(aws: Aws, policy: Resource) -> None:
    """Back to what a topic without a policy has: its account may use it."""
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
        "Action": ["sns:Publish", "sns:Subscribe"],
        "Resource": policy.id,
    }
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    aws.sns.set_topic_attributes(
        TopicArn=policy.id, AttributeName="Policy", AttributeValue=document
    )


def _subscribe(aws: Aws, subscription: Resource) -> str:
    subscribed = aws.sns.subscribe(
        TopicArn=subscription["topic"],
        Protocol=subscription["protocol"],
        Endpoint=subscription["endpoint"],
        ReturnSubscriptionArn=True,
    )
    return subscribed["SubscriptionArn"]


def _configure_subscription(aws: Aws, subscription: Resource) -> Mapping[str, Any]:
    for attribute, value in _attributes(subscription, SUBSCRIPTION_ATTRIBUTES).items():
        aws.sns.set_subscription_attributes(
            SubscriptionArn=subscription.id, AttributeName=attribute, AttributeValue=value
        )
    return {"arn": subscription.id, "ownerId": ACCOUNT}


def _unsubscribe(aws: Aws, subscription: Resource) -> None:
    aws.sns.unsubscribe(SubscriptionArn=subscription.id)


TYPES = {
    "aws:sns/topic:Topic": ResourceType(
        _create_topic,
        _configure_topic,
        _delete_topic,
        computed=("name", "arn", "owner"),
        immutable=("name", "fifoTopic"),
    ),
    "aws:sns/topicPolicy:TopicPolicy": ResourceType(
        _put_policy, _configure_policy, _delete_policy, computed=("owner",), immutable=("arn",)
    ),
    "aws:sns/topicSubscription:TopicSubscription": ResourceType(
        _subscribe,
        _configure_subscription,
        _unsubscribe,
        computed=("arn", "ownerId"),
        immutable=("topic", "protocol", "endpoint"),
        inert=("confirmationTimeoutInMinutes", "endpointAutoConfirms"),
    ),
}

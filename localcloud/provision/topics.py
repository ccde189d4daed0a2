"""SNS topics, their policies and subscriptions."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from localcloud.provision.aws import Aws, arn
from localcloud.provision.reading import at, first, reported
from localcloud.provision.resource import Resource, ResourceType
from localcloud.provision.tags import read_tags
from localcloud.settings import ACCOUNT

FIRST_POLICY = "__default_policy_ID"  # the id of the policy that every topic begins with
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
    attributes = {"FifoTopic": "true"} if topic.get("fifoTopic") else {}
    return aws.sns.create_topic(Name=_name(topic), Attributes=attributes)["TopicArn"]


def _name(topic: Resource) -> str:
    """The topic's name; one that is made up gets the suffix that a FIFO topic must have."""
    suffix = ".fifo" if topic.get("fifoTopic") and not topic.get("name") else ""
    return topic.physical_name() + suffix


def _configure_topic(aws: Aws, topic: Resource) -> Mapping[str, Any]:
    for attribute, value in _attributes(topic, TOPIC_ATTRIBUTES).items():
        aws.sns.set_topic_attributes(
            TopicArn=topic.id, AttributeName=attribute, AttributeValue=value
        )
    return {"name": topic.id.rpartition(":")[2], "arn": topic.id, "owner": ACCOUNT}


def _read_topic(aws: Aws, topic: Resource) -> Mapping[str, Any] | None:
    found = aws.sns.get_topic_attributes(TopicArn=topic.id)["Attributes"]
    inputs = {key: found.get(api) for key, api in TOPIC_ATTRIBUTES.items()} | {
        "name": topic.id.rpartition(":")[2],
        "fifoTopic": found.get("FifoTopic") == "true",
        "contentBasedDeduplication": found.get("ContentBasedDeduplication") == "true",
        "tags": read_tags(aws, topic.id),
    }
    if "policy" not in topic.inputs:
        del inputs["policy"]  # a TopicPolicy's, or the one that every topic begins with
    defaults = {"name": _name(topic), "tracingConfig": "PassThrough", "signatureVersion": 1}
    return reported(topic, inputs, defaults)


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


def _read_policy(aws: Aws, policy: Resource) -> Mapping[str, Any] | None:
    found = aws.sns.get_topic_attributes(TopicArn=policy.id)["Attributes"]
    document = found.get("Policy")
    if not document or json.loads(document).get("Id") == FIRST_POLICY:
        return None
    return reported(policy, {"arn": policy.id, "policy": document})


def _delete_policy(aws: Aws, policy: Resource) -> None:
    """Back to the policy that a topic begins with: what its account may do."""
    statement = {
        "Sid": "__default_statement_ID",
        "Effect": "Allow",
        "Principal": {"AWS": "*"},
        "Action": ["SNS:Publish", "SNS:Subscribe", "SNS:Receive"],
        "Resource": policy.id,
        "Condition": {"StringEquals": {"AWS:SourceOwner": ACCOUNT}},
    }
    document = {"Version": "2008-10-17", "Id": FIRST_POLICY, "Statement": [statement]}
    aws.sns.set_topic_attributes(
        TopicArn=policy.id, AttributeName="Policy", AttributeValue=json.dumps(document)
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


def _read_subscription(aws: Aws, subscription: Resource) -> Mapping[str, Any] | None:
    found = aws.sns.get_subscription_attributes(SubscriptionArn=subscription.id)["Attributes"]
    inputs = {key: found.get(api) for key, api in SUBSCRIPTION_ATTRIBUTES.items()} | {
        "topic": found["TopicArn"],
        "protocol": found["Protocol"],
        "endpoint": found["Endpoint"],
        "rawMessageDelivery": found.get("RawMessageDelivery") == "true",
    }
    return reported(subscription, inputs, {"filterPolicyScope": "MessageAttributes"})


def _search_subscription(aws: Aws, subscription: Resource) -> Iterator[str]:
    """A topic has one subscription of an endpoint: AWS answers a second Subscribe with the first."""
    pages = aws.sns.get_paginator("list_subscriptions_by_topic")
    for page in pages.paginate(TopicArn=subscription["topic"]):
        for found in page["Subscriptions"]:
            place = (found["Protocol"], found["Endpoint"])
            if place == (subscription["protocol"], subscription["endpoint"]):
                yield found["SubscriptionArn"]


TYPES = {
    "aws:sns/topic:Topic": ResourceType(
        _create_topic,
        _configure_topic,
        _delete_topic,
        _read_topic,
        at(lambda topic: arn("sns", _name(topic)), _read_topic),
        named="name",
        computed=("name", "arn", "owner"),
        immutable=("name", "fifoTopic"),
    ),
    "aws:sns/topicPolicy:TopicPolicy": ResourceType(
        _put_policy,
        _configure_policy,
        _delete_policy,
        _read_policy,
        at(lambda policy: policy["arn"], _read_policy),
        computed=("owner",),
        immutable=("arn",),
        once_for=("arn",),
    ),
    "aws:sns/topicSubscription:TopicSubscription": ResourceType(
        _subscribe,
        _configure_subscription,
        _unsubscribe,
        _read_subscription,
        first(_search_subscription),
        computed=("arn", "ownerId"),
        immutable=("topic", "protocol", "endpoint"),
        inert=("confirmationTimeoutInMinutes", "endpointAutoConfirms"),
    ),
}

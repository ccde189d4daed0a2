"""OrderEvents: the topic of order events. Apart from the notifier, because the workflow publishes to
it before there is a storefront, and mail links to the storefront.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.grants import Grant, Statement
from components.options import child


@dataclass(frozen=True, kw_only=True)
class OrderEventsArgs:
    tags: Mapping[str, str]


class OrderEvents(pulumi.ComponentResource):
    """One topic, for the notifier and for consumers of your own."""

    topic_arn: pulumi.Output[str]

    def __init__(
        self, name: str, args: OrderEventsArgs, opts: pulumi.ResourceOptions | None = None
    ):
        super().__init__("orders:index:OrderEvents", name, {}, opts)
        self._topic = aws.sns.Topic(f"{name}-topic", tags=args.tags, opts=child(self))
        self.topic_arn = self._topic.arn
        self.register_outputs({"topicArn": self.topic_arn})

    def grant_publish(self) -> Grant:
        """Publish order events."""
        publish = Statement(actions=["sns:Publish"], resources=[self.topic_arn])
        return Grant(env={"ORDER_EVENTS_TOPIC_ARN": self.topic_arn}, statements=[publish])

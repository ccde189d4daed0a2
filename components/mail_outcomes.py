"""MailOutcomes: what SES reports of mail that it took, and the function that notes it.

SES publishes to a topic of its own and not to that of order events, because its events hold the
customer's address.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.function import Function, FunctionArgs, FunctionDefaults
from components.grants import Grant, Statement
from components.options import PROJECT, child
from components.topic_queue import create_topic_queue, grant_consume

_REPORTED = ["BOUNCE", "COMPLAINT", "REJECT"]
_TIMEOUT = 60  # seconds; one outcome's calls take 42 at most
_BATCH = 10


@dataclass(frozen=True, kw_only=True)
class MailOutcomesArgs:
    """`grants` are what the function needs of others: marking orders, noting outcomes, publishing."""

    function_defaults: FunctionDefaults
    stack: str
    grants: Sequence[Grant]


class MailOutcomes(pulumi.ComponentResource):
    """A configuration set, whose mail's bounces, complaints and rejections are noted.

    `dead_letters_url` is the queue of the reports that could not be noted. They hold addresses.
    """

    dead_letters_url: pulumi.Output[str]

    def __init__(
        self, name: str, args: MailOutcomesArgs, opts: pulumi.ResourceOptions | None = None
    ):
        super().__init__("orders:index:MailOutcomes", name, {}, opts)
        self._name = name
        self._args = args
        self._tags = args.function_defaults.tags
        self._set = aws.sesv2.ConfigurationSet(
            f"{name}-set",
            configuration_set_name=f"{PROJECT}-{args.stack}-mail",
            tags=self._tags,
            opts=child(self),
        )
        self._create_function(self._create_queue(self._create_topic()))
        self.register_outputs({"deadLettersUrl": self.dead_letters_url})

    def grant_use(self) -> Grant:
        """Send mail with the configuration set. From which address is up to the sender's own grant.

        https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsimpleemailservicev2.html
        """
        use = Statement(actions=["ses:SendEmail"], resources=[self._set.arn])
        env = {"CONFIGURATION_SET": self._set.configuration_set_name}
        return Grant(env=env, statements=[use])

    def _create_topic(self) -> aws.sns.Topic:
        """The topic that SES publishes to, for this account and configuration set alone.

        It has no key of KMS, because SES can't use the one that AWS manages for SNS. The queues are
        encrypted. https://docs.aws.amazon.com/ses/latest/dg/configure-sns-notifications.html
        """
        topic = aws.sns.Topic(f"{self._name}-topic", tags=self._tags, opts=child(self))
        from_ses = {
            "Effect": "Allow",
            "Principal": {"Service": "ses.amazonaws.com"},
            "Action": "sns:Publish",
            "Resource": topic.arn,
            "Condition": {
                "StringEquals": {
                    "aws:SourceAccount": self._args.function_defaults.account_id,
                    "aws:SourceArn": self._set.arn,
                }
            },
        }
        policy = aws.sns.TopicPolicy(
            f"{self._name}-topic-policy",
            arn=topic.arn,
            policy=pulumi.Output.json_dumps({"Version": "2012-10-17", "Statement": [from_ses]}),
            opts=child(self),
        )
        aws.sesv2.ConfigurationSetEventDestination(
            f"{self._name}-reports",
            configuration_set_name=self._set.configuration_set_name,
            event_destination_name="reports",
            event_destination={
                "enabled": True,
                "matching_event_types": _REPORTED,
                "sns_destination": {"topic_arn": topic.arn},
            },
            # Until the policy is there, the topic refuses what SES publishes.
            opts=child(self, depends_on=[policy]),
        )
        return topic

    def _create_queue(self, topic: aws.sns.Topic) -> aws.sqs.Queue:
        dead_letters = create_topic_queue(self, f"{self._name}-dead-letters", topic.arn, self._tags)
        self.dead_letters_url = dead_letters.url
        reports = create_topic_queue(
            self,
            f"{self._name}-queue",
            topic.arn,
            self._tags,
            visibility_timeout_seconds=6 * _TIMEOUT,
            dead_letters=dead_letters,
        )
        aws.sns.TopicSubscription(
            f"{self._name}-subscription",
            topic=topic.arn,
            protocol="sqs",
            endpoint=reports.arn,
            raw_message_delivery=True,
            redrive_policy=pulumi.Output.json_dumps({"deadLetterTargetArn": dead_letters.arn}),
            opts=child(self),
        )
        return reports

    def _create_function(self, reports: aws.sqs.Queue) -> None:
        function = Function(
            f"{self._name}-mail-outcome",
            FunctionArgs(
                handler="handlers.events.mail_outcome.lambda_handler",
                function_defaults=self._args.function_defaults,
                timeout=_TIMEOUT,
                grants=[grant_consume(reports), *self._args.grants],
            ),
            opts=child(self),
        )
        aws.lambda_.EventSourceMapping(
            f"{self._name}-queue-to-mail-outcome",
            event_source_arn=reports.arn,
            function_name=function.arn,
            # What is cut off is done again by the next delivery, and changes nothing twice.
            batch_size=_BATCH,
            function_response_types=["ReportBatchItemFailures"],
            scaling_config={"maximum_concurrency": 2},
            tags=self._tags,
            opts=child(self),
        )

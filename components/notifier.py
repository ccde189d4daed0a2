"""Notifier: the mail that customers and operators get of order events.

E-mail straight from SNS can't reach a shop's customers, each of whom would have to confirm a
subscription first; so the topic feeds a queue, and a function sends with SES.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.choices import SenderIdentity
from components.function import Function, FunctionArgs, FunctionDefaults
from components.grants import Grant, Statement
from components.mail_outcomes import MailOutcomes, MailOutcomesArgs
from components.options import child
from components.topic_queue import create_topic_queue, grant_consume

_MAILED = ["PaymentApprovalNeeded", "OrderConfirmed", "OrderRejected", "OrderCancelled"]
_FOR_OPERATORS = ["OrderNeedsAttention", "StockLow"]
_SEND_TIMEOUT = 60  # seconds; one mail's calls take 57 at most, and the lease on it 120


@dataclass(frozen=True, kw_only=True)
class NotifierArgs:
    """`topic_arn` is the topic of order events. `storefront_url` is an origin, which mail links to.

    `sender_email` is where customers' mail comes from; empty, there is none, and nothing that sends.

    With `sender_identity` `create` its SES identity is made, which an account has once in a region;
    with `existing` the account has verified the address or its domain already. `operations_email` may be empty.
    `mail_grants` are what the sender needs of others: reading orders, keeping the mail log.
    `outcome_grants` are for the function that notes what became of mail: see `MailOutcomesArgs`.
    """

    function_defaults: FunctionDefaults
    stack: str
    topic_arn: pulumi.Input[str]
    storefront_url: pulumi.Input[str]
    sender_email: str
    sender_identity: SenderIdentity
    operations_email: str
    mail_grants: Sequence[Grant]
    outcome_grants: Sequence[Grant]


class Notifier(pulumi.ComponentResource):
    """One mail for each order event that concerns a customer, and for each that operators look at.

    What becomes of customers' mail is noted on their orders.

    `dead_letters_url` is the queue of the mail that could not be sent; empty in a stack without mail.
    """

    dead_letters_url: pulumi.Output[str]

    def __init__(self, name: str, args: NotifierArgs, opts: pulumi.ResourceOptions | None = None):
        super().__init__("orders:index:Notifier", name, {}, opts)
        self._name = name
        self._tags = args.function_defaults.tags
        self._topic_arn = args.topic_arn
        self.dead_letters_url = pulumi.Output.from_input("")
        if args.sender_email:
            self._mail_customers(args)
        if args.operations_email:
            self._subscribe_operators(args.operations_email)
        self.register_outputs({"deadLettersUrl": self.dead_letters_url})

    def _grant_send(self, args: NotifierArgs) -> Grant:
        """Send mail from the sender's address, and from no other.

        Bound by the condition and not by the sender's identity: in SES's sandbox the recipients'
        identities have to be allowed as well, and the identity that SES takes may be the address's
        or its domain's. https://docs.aws.amazon.com/ses/latest/dg/control-user-access.html
        """
        region = aws.get_region_output(opts=pulumi.InvokeOutputOptions(parent=self)).region
        own = pulumi.Output.concat(
            "arn:aws:ses:", region, ":", args.function_defaults.account_id, ":"
        )
        send = Statement(
            actions=["ses:SendEmail"],
            resources=[pulumi.Output.concat(own, "identity/*")],
            conditions={"StringEquals": {"ses:FromAddress": args.sender_email}},
        )
        env = {"SENDER_EMAIL": args.sender_email, "STOREFRONT_URL": args.storefront_url}
        return Grant(env=env, statements=[send])

    def _mail_customers(self, args: NotifierArgs) -> None:
        dead_letters = create_topic_queue(
            self, f"{self._name}-dead-letters", args.topic_arn, self._tags
        )
        self.dead_letters_url = dead_letters.url
        mails = create_topic_queue(
            self,
            f"{self._name}-mails",
            args.topic_arn,
            self._tags,
            visibility_timeout_seconds=6 * _SEND_TIMEOUT,
            dead_letters=dead_letters,
        )
        self._subscribe_mails(mails, dead_letters)
        if args.sender_identity == "create":
            aws.sesv2.EmailIdentity(
                f"{self._name}-sender",
                email_identity=args.sender_email,
                tags=self._tags,
                opts=child(self),
            )
        self._create_sender(args, mails)

    def _subscribe_mails(self, mails: aws.sqs.Queue, dead_letters: aws.sqs.Queue) -> None:
        aws.sns.TopicSubscription(
            f"{self._name}-mails-subscription",
            topic=self._topic_arn,
            protocol="sqs",
            endpoint=mails.arn,
            raw_message_delivery=True,
            filter_policy=json.dumps({"type": _MAILED}),
            filter_policy_scope="MessageBody",
            redrive_policy=pulumi.Output.json_dumps({"deadLetterTargetArn": dead_letters.arn}),
            opts=child(self),
        )

    def _subscribe_operators(self, address: str) -> None:
        aws.sns.TopicSubscription(
            f"{self._name}-operations-subscription",
            topic=self._topic_arn,
            protocol="email",
            endpoint=address,
            filter_policy=json.dumps({"type": _FOR_OPERATORS}),
            filter_policy_scope="MessageBody",
            opts=child(self),
        )

    def _create_sender(self, args: NotifierArgs, mails: aws.sqs.Queue) -> None:
        outcomes = MailOutcomes(
            f"{self._name}-outcomes",
            MailOutcomesArgs(
                function_defaults=args.function_defaults,
                stack=args.stack,
                grants=args.outcome_grants,
            ),
            opts=child(self),
        )
        send = [self._grant_send(args), outcomes.grant_use()]
        sender = Function(
            f"{self._name}-send-email",
            FunctionArgs(
                handler="handlers.events.send_email.lambda_handler",
                function_defaults=args.function_defaults,
                group="mail",
                timeout=_SEND_TIMEOUT,
                grants=[*send, grant_consume(mails), *args.mail_grants],
            ),
            opts=child(self),
        )
        aws.lambda_.EventSourceMapping(
            f"{self._name}-mails-to-send-email",
            event_source_arn=mails.arn,
            function_name=sender.arn,
            # Of several, the last would have no time left if SES is slow, and be cut off while SES has it.
            batch_size=1,
            function_response_types=["ReportBatchItemFailures"],
            scaling_config={"maximum_concurrency": 5},
            tags=self._tags,
            opts=child(self),
        )

"""PaymentSandbox: the mock payment service, for stacks without a Stripe account.

It speaks Stripe's HTTP contract, so everything but the address and the keys is what a stack with
Stripe runs. It moves no money, and a stack that does must not have it. Its events wait in a queue;
`PaymentSandboxEvents` sends them.
"""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.choices import PaymentGateway
from components.function import Function, FunctionArgs, FunctionDefaults
from components.grants import Grant, Statement
from components.options import child
from components.payment_key import PaymentKey, PaymentKeyArgs
from components.payment_sandbox_events import SEND_TIMEOUT

_TRIES = 5
_KEPT = 14 * 24 * 3600  # seconds; the most that SQS keeps


@dataclass(frozen=True, kw_only=True)
class PaymentSandboxArgs:
    """`payment_gateway` is the stack's setting, which must say `sandbox`."""

    function_defaults: FunctionDefaults
    payment_gateway: PaymentGateway


class PaymentSandbox(pulumi.ComponentResource):
    """A function behind a URL of its own, with a table, and with keys that are generated.

    `events_queue_arn` is the queue of its events.
    """

    url: pulumi.Output[str]
    events_queue_arn: pulumi.Output[str]

    def __init__(
        self, name: str, args: PaymentSandboxArgs, opts: pulumi.ResourceOptions | None = None
    ):
        if args.payment_gateway != "sandbox":
            raise ValueError(f"{name}: a stack with paymentGateway {args.payment_gateway} has none")
        super().__init__("orders:index:PaymentSandbox", name, {}, opts)
        self._name = name
        self._table = self._create_table(args)
        self._key = self._create_key(args, "key", "sk_test_")
        self._read_key = self._create_key(args, "read-key", "rk_test_")
        self._events = self._create_events_queue(args)
        self.events_queue_arn = self._events.arn
        self._function = self._create_function(args)
        self.url = self._open_to_the_internet()
        self.register_outputs({"url": self.url, "eventsQueueArn": self.events_queue_arn})

    def grant_pay(self) -> Grant:
        """Use the service: its address, and the key that it asks for."""
        return self._grant_use(self._key)

    def grant_read_payments(self) -> Grant:
        """Look at all payments, refunds and disputes: the service's address, and a key that changes nothing.

        The variables are those of `grant_pay`, so the same code reads; a function gets one of the two.
        """
        return self._grant_use(self._read_key)

    def grant_consume_events(self) -> Grant:
        """Take events out of the queue."""
        receive = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
        return Grant(statements=[Statement(actions=receive, resources=[self._events.arn])])

    def _grant_use(self, key: PaymentKey) -> Grant:
        read = key.grant_read()
        return Grant(env={**read.env, "PAYMENT_API_URL": self.url}, statements=read.statements)

    def _create_table(self, args: PaymentSandboxArgs) -> aws.dynamodb.Table:
        return aws.dynamodb.Table(
            f"{self._name}-table",
            billing_mode="PAY_PER_REQUEST",
            hash_key="pk",
            range_key="sk",
            attributes=[{"name": "pk", "type": "S"}, {"name": "sk", "type": "S"}],
            point_in_time_recovery={"enabled": True},
            server_side_encryption={"enabled": True},
            ttl={"attribute_name": "expiresAt", "enabled": True},
            tags=args.function_defaults.tags,
            opts=child(self),
        )

    def _create_key(self, args: PaymentSandboxArgs, suffix: str, prefix: str) -> PaymentKey:
        random = aws.secretsmanager.get_random_password_output(
            password_length=40,
            exclude_punctuation=True,
            opts=pulumi.InvokeOutputOptions(parent=self),
        )
        key = pulumi.Output.secret(pulumi.Output.concat(prefix, random.random_password))
        return PaymentKey(
            f"{self._name}-{suffix}",
            PaymentKeyArgs(tags=args.function_defaults.tags, key=key, generated=True),
            opts=child(self),
        )

    def _create_events_queue(self, args: PaymentSandboxArgs) -> aws.sqs.Queue:
        dead_letters = aws.sqs.Queue(
            f"{self._name}-events-dead-letters",
            message_retention_seconds=_KEPT,
            sqs_managed_sse_enabled=True,
            tags=args.function_defaults.tags,
            opts=child(self),
        )
        return aws.sqs.Queue(
            f"{self._name}-events",
            message_retention_seconds=_KEPT,
            visibility_timeout_seconds=6 * SEND_TIMEOUT,
            redrive_policy=pulumi.Output.json_dumps(
                {"deadLetterTargetArn": dead_letters.arn, "maxReceiveCount": _TRIES}
            ),
            sqs_managed_sse_enabled=True,
            tags=args.function_defaults.tags,
            opts=child(self),
        )

    def _create_function(self, args: PaymentSandboxArgs) -> Function:
        actions = ["GetItem", "PutItem", "UpdateItem", "DeleteItem", "Query"]
        use_table = Statement(
            actions=[f"dynamodb:{action}" for action in actions], resources=[self._table.arn]
        )
        send = Statement(actions=["sqs:SendMessage"], resources=[self._events.arn])
        read_key = self._read_key.grant_read()
        return Function(
            self._name,
            FunctionArgs(
                handler="handlers.sandbox.payment_sandbox.lambda_handler",
                function_defaults=args.function_defaults,
                timeout=10,
                grants=[
                    Grant(env={"SANDBOX_TABLE": self._table.name}, statements=[use_table]),
                    Grant(env={"SANDBOX_EVENTS_QUEUE_URL": self._events.url}, statements=[send]),
                    self._key.grant_read(),
                    Grant(
                        env={"PAYMENT_READ_SECRET_ARN": self._read_key.arn},
                        statements=read_key.statements,
                    ),
                ],
            ),
            opts=child(self),
        )

    def _open_to_the_internet(self) -> pulumi.Output[str]:
        """Anyone may call; who has no key is refused by the function itself.

        Two permissions since October 2025:
        https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html
        """
        url = aws.lambda_.FunctionUrl(
            f"{self._name}-url",
            function_name=self._function.name,
            authorization_type="NONE",
            opts=child(self),
        )
        aws.lambda_.Permission(
            f"{self._name}-url-permission",
            function=self._function.name,
            action="lambda:InvokeFunctionUrl",
            principal="*",
            function_url_auth_type="NONE",
            opts=child(self),
        )
        aws.lambda_.Permission(
            f"{self._name}-invoke-permission",
            function=self._function.name,
            action="lambda:InvokeFunction",
            principal="*",
            invoked_via_function_url=True,
            opts=child(self),
        )
        return url.function_url.apply(lambda address: address.rstrip("/"))

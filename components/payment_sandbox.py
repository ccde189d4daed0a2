"""PaymentSandbox: the mock payment service, for stacks without a Stripe account.

It speaks Stripe's HTTP contract, so everything but the address and the key is what a stack with
Stripe runs. It moves no money, and a stack that does must not have it.
"""

from dataclasses import dataclass, replace

import pulumi
import pulumi_aws as aws

from components.choices import PaymentGateway
from components.function import Function, FunctionArgs, FunctionDefaults
from components.grants import Grant, Statement
from components.options import child
from components.payment_key import PaymentKey, PaymentKeyArgs


@dataclass(frozen=True, kw_only=True)
class PaymentSandboxArgs:
    """`payment_gateway` is the stack's setting, which must say `sandbox`."""

    function_defaults: FunctionDefaults
    payment_gateway: PaymentGateway


class PaymentSandbox(pulumi.ComponentResource):
    """A function behind a URL of its own, with a table and a key that nobody has to configure."""

    url: pulumi.Output[str]

    def __init__(
        self, name: str, args: PaymentSandboxArgs, opts: pulumi.ResourceOptions | None = None
    ):
        if args.payment_gateway != "sandbox":
            raise ValueError(f"{name}: a stack with paymentGateway {args.payment_gateway} has none")
        super().__init__("orders:index:PaymentSandbox", name, {}, opts)
        self._name = name
        self._table = self._create_table(args)
        self._key = self._create_key(args)
        self._function = self._create_function(args)
        self.url = self._open_to_the_internet()
        self.register_outputs({"url": self.url})

    def grant_pay(self) -> Grant:
        """Use the service: its address, and the key that it asks for."""
        read = self._key.grant_read()
        return replace(read, env={**read.env, "PAYMENT_API_URL": self.url})

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

    def _create_key(self, args: PaymentSandboxArgs) -> PaymentKey:
        random = aws.secretsmanager.get_random_password_output(
            password_length=40,
            exclude_punctuation=True,
            opts=pulumi.InvokeOutputOptions(parent=self),
        )
        key = pulumi.Output.secret(pulumi.Output.concat("sk_test_", random.random_password))
        return PaymentKey(
            f"{self._name}-key",
            PaymentKeyArgs(tags=args.function_defaults.tags, key=key, generated=True),
            opts=child(self),
        )

    def _create_function(self, args: PaymentSandboxArgs) -> Function:
        actions = ["GetItem", "PutItem", "UpdateItem", "DeleteItem", "Query"]
        use_table = Statement(
            actions=[f"dynamodb:{action}" for action in actions], resources=[self._table.arn]
        )
        return Function(
            self._name,
            FunctionArgs(
                handler="handlers.sandbox.payment_sandbox.lambda_handler",
                function_defaults=args.function_defaults,
                timeout=10,
                grants=[
                    Grant(env={"SANDBOX_TABLE": self._table.name}, statements=[use_table]),
                    self._key.grant_read(),
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

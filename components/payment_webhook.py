"""PaymentWebhook: the function that receives the payment gateway's events, and the secret that signs them."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import pulumi
import pulumi_aws as aws

from components.function import Function, FunctionArgs, FunctionDefaults
from components.grants import Grant, Statement
from components.options import child


@dataclass(frozen=True, kw_only=True)
class PaymentWebhookArgs:
    """`stack` is the name that the payment intents of this stack's orders carry.

    `secrets` are what the gateway signs its events with, the current one first; without any, one is
    made once and stays. `grants` allow what an event takes: reading its order, noting the event and
    starting a run. `invoke_books` allows invoking the books function, whose ARN it gives in
    BOOKS_FUNCTION_ARN.
    """

    function_defaults: FunctionDefaults
    stack: str
    secrets: Sequence[pulumi.Input[str]]
    grants: Sequence[Grant]
    invoke_books: Grant = field(default_factory=Grant)


class PaymentWebhook(pulumi.ComponentResource):
    """A function that the API calls, and the secret that it checks signatures with."""

    function: Function

    def __init__(
        self, name: str, args: PaymentWebhookArgs, opts: pulumi.ResourceOptions | None = None
    ):
        super().__init__("orders:index:PaymentWebhook", name, {}, opts)
        self._name = name
        self._secret = self._create_secret(args)
        self.function = self._create_function(args)
        self.register_outputs({"functionName": self.function.name})

    def grant_sign(self) -> Grant:
        """Read the secrets: to check signatures with, or to make them. A JSON list of texts."""
        read = Statement(actions=["secretsmanager:GetSecretValue"], resources=[self._secret.arn])
        return Grant(env={"WEBHOOK_SECRET_ARN": self._secret.arn}, statements=[read])

    def _create_secret(self, args: PaymentWebhookArgs) -> aws.secretsmanager.Secret:
        tags = args.function_defaults.tags
        secret = aws.secretsmanager.Secret(f"{self._name}-secret", tags=tags, opts=child(self))
        secrets = args.secrets or [self._generated()]
        aws.secretsmanager.SecretVersion(
            f"{self._name}-secret-value",
            secret_id=secret.id,
            secret_string=pulumi.Output.secret(pulumi.Output.json_dumps(secrets)),
            # A generated secret reads differently each time the program runs.
            opts=child(self, ignore_changes=[] if args.secrets else ["secretString"]),
        )
        return secret

    def _generated(self) -> pulumi.Output[str]:
        random = aws.secretsmanager.get_random_password_output(
            password_length=40,
            exclude_punctuation=True,
            opts=pulumi.InvokeOutputOptions(parent=self),
        )
        return pulumi.Output.concat("whsec_", random.random_password)

    def _create_function(self, args: PaymentWebhookArgs) -> Function:
        stack = Grant(env={"STACK_NAME": args.stack})
        return Function(
            self._name,
            FunctionArgs(
                handler="handlers.api.payment_webhook.lambda_handler",
                function_defaults=args.function_defaults,
                timeout=15,
                grants=[self.grant_sign(), stack, *args.grants, args.invoke_books],
            ),
            opts=child(self),
        )

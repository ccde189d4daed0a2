"""PaymentKey: the payment service's secret key, kept where only its users read it."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.grants import Grant, Statement
from components.options import child


@dataclass(frozen=True, kw_only=True)
class PaymentKeyArgs:
    """`generated` keys are made once and stay; a given one follows the config."""

    tags: Mapping[str, str]
    key: pulumi.Input[str]
    generated: bool = False


class PaymentKey(pulumi.ComponentResource):
    """One secret in Secrets Manager."""

    arn: pulumi.Output[str]

    def __init__(self, name: str, args: PaymentKeyArgs, opts: pulumi.ResourceOptions | None = None):
        super().__init__("orders:index:PaymentKey", name, {}, opts)
        secret = aws.secretsmanager.Secret(f"{name}-secret", tags=args.tags, opts=child(self))
        aws.secretsmanager.SecretVersion(
            f"{name}-value",
            secret_id=secret.id,
            secret_string=args.key,
            # A generated key reads differently each time the program runs.
            opts=child(self, ignore_changes=["secretString"] if args.generated else []),
        )
        self.arn = secret.arn
        self.register_outputs({"arn": self.arn})

    def grant_read(self) -> Grant:
        """Read the key; with no address beside it, it is Stripe's own."""
        read = Statement(actions=["secretsmanager:GetSecretValue"], resources=[self.arn])
        return Grant(env={"PAYMENT_SECRET_ARN": self.arn}, statements=[read])

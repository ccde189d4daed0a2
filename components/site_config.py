"""SiteConfig: `config.json` beside the site's files. One build serves every stack; this tells it
where it is. Apart from the storefront, because it names the sign-in client, which must know the
storefront's address first.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.choices import PaymentGateway
from components.options import child
from components.site_files import NO_CACHE, content_type

_KEY = "config.json"


@dataclass(frozen=True, kw_only=True)
class SiteConfigArgs:
    """`issuer` is what the tokens name; `stripe_publishable_key` is empty without Stripe, and
    `payment_sandbox_url` without the sandbox.

    `sends_mail` is whether customers get mail about their orders, `order_max_age_minutes` how old an
    order can be and still be charged.
    """

    tags: Mapping[str, str]
    bucket: pulumi.Input[str]
    sign_in_url: pulumi.Input[str]
    issuer: pulumi.Input[str]
    client_id: pulumi.Input[str]
    payment_gateway: PaymentGateway
    payment_sandbox_url: pulumi.Input[str]
    sends_mail: bool
    order_max_age_minutes: int
    stripe_publishable_key: str


class SiteConfig(pulumi.ComponentResource):
    """One public file without secrets."""

    def __init__(self, name: str, args: SiteConfigArgs, opts: pulumi.ResourceOptions | None = None):
        super().__init__("orders:index:SiteConfig", name, {}, opts)
        told: dict[str, pulumi.Input[str | bool | int]] = {
            "signInUrl": args.sign_in_url,
            "issuer": args.issuer,
            "clientId": args.client_id,
            "paymentGateway": args.payment_gateway,
            "sendsMail": args.sends_mail,
            "orderMaxAgeMinutes": args.order_max_age_minutes,
        }
        if args.payment_gateway == "sandbox":
            told["paymentSandboxUrl"] = args.payment_sandbox_url
        if args.stripe_publishable_key:
            told["stripePublishableKey"] = args.stripe_publishable_key
        file = aws.s3.BucketObjectv2(
            f"{name}-file",
            bucket=args.bucket,
            key=_KEY,
            content=pulumi.Output.json_dumps(told),
            content_type=content_type(_KEY),
            cache_control=NO_CACHE,
            tags=args.tags,
            opts=child(self),
        )
        self.register_outputs({"key": file.key})

"""Identity: who customers and operators are. The client that signs them in is `SignIn`."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.options import child


@dataclass(frozen=True, kw_only=True)
class IdentityArgs:
    """`domain_prefix` names the hosted login and is unique in the region."""

    tags: Mapping[str, str]
    protect_data: bool
    domain_prefix: pulumi.Input[str]


class Identity(pulumi.ComponentResource):
    """A user pool whose customers sign in with their e-mail address, on Cognito's own pages.

    The pages are at `sign_in_url`; `issuer` is what the pool's tokens name.
    """

    user_pool_id: pulumi.Output[str]
    user_pool_arn: pulumi.Output[str]
    sign_in_url: pulumi.Output[str]
    issuer: pulumi.Output[str]

    def __init__(self, name: str, args: IdentityArgs, opts: pulumi.ResourceOptions | None = None):
        super().__init__("orders:index:Identity", name, {}, opts)
        self._pool = self._create_pool(name, args)
        self.user_pool_id = self._pool.id
        self.user_pool_arn = self._pool.arn
        hosted_login = aws.cognito.UserPoolDomain(
            f"{name}-domain",
            domain=args.domain_prefix,
            user_pool_id=self._pool.id,
            managed_login_version=2,
            # A replaced domain has the same name, which Cognito gives to one pool at a time.
            opts=child(self, delete_before_replace=True),
        )
        region = aws.get_region_output(opts=pulumi.InvokeOutputOptions(parent=self)).region
        self.sign_in_url = pulumi.Output.concat(
            "https://", hosted_login.domain, ".auth.", region, ".amazoncognito.com"
        )
        self.issuer = pulumi.Output.concat("https://", self._pool.endpoint)
        aws.cognito.UserGroup(
            f"{name}-operators",
            name="operators",
            description="May see and handle orders that need attention",
            user_pool_id=self._pool.id,
            opts=child(self),
        )
        self.register_outputs({"userPoolId": self.user_pool_id, "signInUrl": self.sign_in_url})

    def _create_pool(self, name: str, args: IdentityArgs) -> aws.cognito.UserPool:
        return aws.cognito.UserPool(
            f"{name}-pool",
            username_attributes=["email"],
            auto_verified_attributes=["email"],
            username_configuration={"case_sensitive": False},
            # Managed login needs this tier: https://docs.aws.amazon.com/cognito/latest/
            # developerguide/cognito-user-pools-managed-login.html
            user_pool_tier="ESSENTIALS",
            password_policy={
                "minimum_length": 12,
                "require_lowercase": True,
                "require_uppercase": True,
                "require_numbers": True,
                "require_symbols": False,
                "temporary_password_validity_days": 7,
            },
            account_recovery_setting={
                "recovery_mechanisms": [{"name": "verified_email", "priority": 1}]
            },
            deletion_protection="ACTIVE" if args.protect_data else "INACTIVE",
            tags=args.tags,
            opts=child(self),
        )

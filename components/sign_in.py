"""SignIn: the web client that signs customers in. Apart from the pool, because it must know the
storefront's address, and the storefront is made later.
"""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.options import child


@dataclass(frozen=True, kw_only=True)
class SignInArgs:
    """`storefront_url` is an origin (https://… without a path)."""

    user_pool_id: pulumi.Input[str]
    storefront_url: pulumi.Input[str]


class SignIn(pulumi.ComponentResource):
    """Authorisation code with PKCE on the hosted login; no secret, no password flow."""

    client_id: pulumi.Output[str]

    def __init__(self, name: str, args: SignInArgs, opts: pulumi.ResourceOptions | None = None):
        super().__init__("orders:index:SignIn", name, {}, opts)
        self._client = aws.cognito.UserPoolClient(
            f"{name}-client",
            user_pool_id=args.user_pool_id,
            generate_secret=False,
            allowed_oauth_flows_user_pool_client=True,
            allowed_oauth_flows=["code"],
            allowed_oauth_scopes=["openid", "email"],
            supported_identity_providers=["COGNITO"],
            callback_urls=[pulumi.Output.concat(args.storefront_url, "/signed-in")],
            logout_urls=[pulumi.Output.concat(args.storefront_url, "/")],
            explicit_auth_flows=["ALLOW_REFRESH_TOKEN_AUTH"],
            prevent_user_existence_errors="ENABLED",
            enable_token_revocation=True,
            id_token_validity=60,
            access_token_validity=60,
            refresh_token_validity=30,
            token_validity_units={
                "id_token": "minutes",
                "access_token": "minutes",
                "refresh_token": "days",
            },
            opts=child(self),
        )
        self.client_id = self._client.id
        # Managed login shows nothing for a client that has no branding of its own.
        aws.cognito.ManagedLoginBranding(
            f"{name}-branding",
            user_pool_id=args.user_pool_id,
            client_id=self.client_id,
            use_cognito_provided_values=True,
            opts=child(self),
        )
        self.register_outputs({"clientId": self.client_id})

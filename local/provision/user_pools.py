"""Cognito user pools, clients, domains, groups and the branding of the hosted login."""

from collections.abc import Mapping
from typing import Any

from local.json_values import is_array
from local.provision.aws import Aws
from local.provision.resource import Resource, ResourceType, camel, pascal
from local.settings import REGION

POOL = camel(
    "accountRecoverySetting adminCreateUserConfig autoVerifiedAttributes deletionProtection deviceConfiguration"
    " emailConfiguration emailVerificationMessage emailVerificationSubject lambdaConfig mfaConfiguration"
    " userAttributeUpdateSettings userPoolAddOns userPoolTier verificationMessageTemplate"
)
FIXED_POOL = camel("aliasAttributes usernameAttributes usernameConfiguration") | {
    "schemas": "Schema"
}
CLIENT = camel(
    "accessTokenValidity idTokenValidity refreshTokenValidity tokenValidityUnits explicitAuthFlows readAttributes"
    " writeAttributes supportedIdentityProviders enableTokenRevocation preventUserExistenceErrors"
    " authSessionValidity refreshTokenRotation enablePropagateAdditionalUserContextData"
) | {
    "allowedOauthFlows": "AllowedOAuthFlows",
    "allowedOauthFlowsUserPoolClient": "AllowedOAuthFlowsUserPoolClient",
    "allowedOauthScopes": "AllowedOAuthScopes",
    "callbackUrls": "CallbackURLs",
    "logoutUrls": "LogoutURLs",
    "defaultRedirectUri": "DefaultRedirectURI",
}


def _create_pool(aws: Aws, pool: Resource) -> str:
    created = aws.cognito_idp.create_user_pool(
        PoolName=pool.physical_name(), **pool.given(FIXED_POOL), **_pool_settings(pool)
    )
    return created["UserPool"]["Id"]


def _configure_pool(aws: Aws, pool: Resource) -> Mapping[str, Any]:
    if pool.previous is not None:
        aws.cognito_idp.update_user_pool(UserPoolId=pool.id, **_pool_settings(pool))
    token = pool.get("softwareTokenMfaConfiguration")
    if token is not None:
        aws.cognito_idp.set_user_pool_mfa_config(
            UserPoolId=pool.id,
            SoftwareTokenMfaConfiguration=pascal(token),
            MfaConfiguration=pool.get("mfaConfiguration", "OFF"),
        )
    described = aws.cognito_idp.describe_user_pool(UserPoolId=pool.id)["UserPool"]
    endpoint = f"cognito-idp.{REGION}.amazonaws.com/{pool.id}"
    return {"name": pool.physical_name(), "arn": described["Arn"], "endpoint": endpoint}


def _pool_settings(pool: Resource) -> dict[str, Any]:
    policies = pool.given({"passwordPolicy": "PasswordPolicy", "signInPolicy": "SignInPolicy"})
    return pool.given(POOL) | ({"Policies": policies} if policies else {})


def _delete_pool(aws: Aws, pool: Resource) -> None:
    aws.cognito_idp.delete_user_pool(UserPoolId=pool.id)


def _create_client(aws: Aws, client: Resource) -> str:
    created = aws.cognito_idp.create_user_pool_client(
        UserPoolId=client["userPoolId"],
        GenerateSecret=bool(client.get("generateSecret", False)),
        ClientName=client.physical_name(),
        **client.given(CLIENT),
    )
    return created["UserPoolClient"]["ClientId"]


def _configure_client(aws: Aws, client: Resource) -> Mapping[str, Any]:
    key = {"UserPoolId": client["userPoolId"], "ClientId": client.id}
    if client.previous is not None:
        # The API resets what an update leaves out, the emulator keeps it: give what was removed as empty.
        removed = [
            name for name in CLIENT if client.previous.get(name) and client.get(name) is None
        ]
        lists = {CLIENT[name]: list[str]() for name in removed if is_array(client.previous[name])}
        aws.cognito_idp.update_user_pool_client(
            **key, ClientName=client.physical_name(), **lists, **client.given(CLIENT)
        )
    described = aws.cognito_idp.describe_user_pool_client(**key)["UserPoolClient"]
    return {"name": described["ClientName"], "clientSecret": described.get("ClientSecret", "")}


def _delete_client(aws: Aws, client: Resource) -> None:
    aws.cognito_idp.delete_user_pool_client(UserPoolId=client["userPoolId"], ClientId=client.id)


def _create_domain(aws: Aws, domain: Resource) -> str:
    aws.cognito_idp.create_user_pool_domain(
        Domain=domain["domain"], UserPoolId=domain["userPoolId"], **_domain_settings(domain)
    )
    return domain["domain"]


def _configure_domain(aws: Aws, domain: Resource) -> Mapping[str, Any]:
    if domain.previous is not None:
        aws.cognito_idp.update_user_pool_domain(
            Domain=domain.id, UserPoolId=domain["userPoolId"], **_domain_settings(domain)
        )
    return {"cloudfrontDistribution": "", "version": ""}


def _domain_settings(domain: Resource) -> dict[str, Any]:
    settings = domain.given(camel("managedLoginVersion"))
    if certificate := domain.get("certificateArn"):
        settings["CustomDomainConfig"] = {"CertificateArn": certificate}
    return settings


def _delete_domain(aws: Aws, domain: Resource) -> None:
    aws.cognito_idp.delete_user_pool_domain(Domain=domain.id, UserPoolId=domain["userPoolId"])


def _create_group(aws: Aws, group: Resource) -> str:
    aws.cognito_idp.create_group(
        GroupName=group["name"],
        UserPoolId=group["userPoolId"],
        **group.given(camel("description precedence roleArn")),
    )
    return f"{group['userPoolId']}/{group['name']}"


def _configure_group(_aws: Aws, group: Resource) -> Mapping[str, Any]:
    return {"name": group["name"]}


def _delete_group(aws: Aws, group: Resource) -> None:
    aws.cognito_idp.delete_group(GroupName=group["name"], UserPoolId=group["userPoolId"])


def _note_branding(_aws: Aws, branding: Resource) -> str:
    """The emulator has one login page, without branding: nothing is made."""
    return f"{branding['userPoolId']},{branding.default_name}"


def _configure_branding(_aws: Aws, branding: Resource) -> Mapping[str, Any]:
    return {"managedLoginBrandingId": branding.default_name}


def _forget_branding(_aws: Aws, _branding: Resource) -> None:
    """Nothing was made."""


TYPES = {
    "aws:cognito/userPool:UserPool": ResourceType(
        _create_pool,
        _configure_pool,
        _delete_pool,
        computed=("name", "arn", "endpoint"),
        immutable=("name", *FIXED_POOL),
    ),
    "aws:cognito/userPoolClient:UserPoolClient": ResourceType(
        _create_client,
        _configure_client,
        _delete_client,
        computed=("name", "clientSecret"),
        immutable=("userPoolId", "generateSecret"),
    ),
    "aws:cognito/userPoolDomain:UserPoolDomain": ResourceType(
        _create_domain,
        _configure_domain,
        _delete_domain,
        computed=("cloudfrontDistribution", "version"),
        immutable=("domain", "userPoolId"),
    ),
    "aws:cognito/userGroup:UserGroup": ResourceType(
        _create_group,
        _configure_group,
        _delete_group,
        # The emulator has no UpdateGroup.
        immutable=("name", "userPoolId", "description", "precedence", "roleArn"),
    ),
    "aws:cognito/managedLoginBranding:ManagedLoginBranding": ResourceType(
        _note_branding,
        _configure_branding,
        _forget_branding,
        computed=("managedLoginBrandingId",),
        immutable=("userPoolId", "clientId"),
        inert=("assets", "clientId", "settings", "useCognitoProvidedValues"),
    ),
}

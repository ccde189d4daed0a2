"""Clients and domains of Cognito user pools, and the branding of the hosted login."""

from collections.abc import Iterator, Mapping
from typing import Any

from localcloud.provision.aws import Aws
from localcloud.provision.reading import at, first, inputs_of, reported
from localcloud.provision.resource import Resource, ResourceType, camel

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
# https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPoolClient.html
CLIENT_DEFAULTS = {
    "refreshTokenValidity": 30,
    "authSessionValidity": 3,
    "enableTokenRevocation": True,
    "preventUserExistenceErrors": "LEGACY",
}


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
        # The API resets what an update leaves out, the emulator keeps it.
        settings = client.reset(CLIENT, CLIENT_DEFAULTS) | client.given(CLIENT)
        aws.cognito_idp.update_user_pool_client(
            **key, ClientName=client.physical_name(), **settings
        )
    described = aws.cognito_idp.describe_user_pool_client(**key)["UserPoolClient"]
    return {"name": described["ClientName"], "clientSecret": described.get("ClientSecret", "")}


def _read_client(aws: Aws, client: Resource) -> Mapping[str, Any] | None:
    pool, identifier = client.within("userPoolId")
    key = {"UserPoolId": pool, "ClientId": identifier}
    found = aws.cognito_idp.describe_user_pool_client(**key)["UserPoolClient"]
    inputs = inputs_of(found, CLIENT) | {
        "userPoolId": pool,
        "name": found["ClientName"],
        "generateSecret": "ClientSecret" in found,
    }
    return reported(client, inputs, CLIENT_DEFAULTS, name="name")


def _search_clients(aws: Aws, client: Resource) -> Iterator[str]:
    pages = aws.cognito_idp.get_paginator("list_user_pool_clients")
    for page in pages.paginate(UserPoolId=client["userPoolId"]):
        for found in page["UserPoolClients"]:
            if found["ClientName"] == client.physical_name():
                yield found["ClientId"]


def _delete_client(aws: Aws, client: Resource) -> None:
    pool, identifier = client.within("userPoolId")
    aws.cognito_idp.delete_user_pool_client(UserPoolId=pool, ClientId=identifier)


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


def _read_domain(aws: Aws, domain: Resource) -> Mapping[str, Any] | None:
    found = aws.cognito_idp.describe_user_pool_domain(Domain=domain.id)["DomainDescription"]
    if not found:
        return None
    certificate: dict[str, Any] = found.get("CustomDomainConfig", {})
    inputs = {
        "domain": domain.id,
        "userPoolId": found["UserPoolId"],
        "managedLoginVersion": found.get("ManagedLoginVersion"),
        "certificateArn": certificate.get("CertificateArn"),
    }
    return reported(domain, inputs, {"managedLoginVersion": 1})


def _delete_domain(aws: Aws, domain: Resource) -> None:
    aws.cognito_idp.delete_user_pool_domain(Domain=domain.id, UserPoolId=domain["userPoolId"])


def _note_branding(_aws: Aws, branding: Resource) -> str:
    """The emulator has one login page, without branding: nothing is made."""
    return _branding_id(branding)


def _branding_id(branding: Resource) -> str:
    return f"{branding['userPoolId']},{branding.default_name}"


def _configure_branding(_aws: Aws, branding: Resource) -> Mapping[str, Any]:
    return {"managedLoginBrandingId": branding.default_name}


def _read_branding(aws: Aws, branding: Resource) -> Mapping[str, Any] | None:
    """Nothing was made, so it is there as long as the pool is."""
    pool = branding.id.partition(",")[0]
    aws.cognito_idp.describe_user_pool(UserPoolId=pool)
    return reported(branding, {"userPoolId": pool})


def _forget_branding(_aws: Aws, _branding: Resource) -> None:
    """Nothing was made."""


TYPES = {
    "aws:cognito/userPoolClient:UserPoolClient": ResourceType(
        _create_client,
        _configure_client,
        _delete_client,
        _read_client,
        first(_search_clients),
        named="name",
        computed=("name", "clientSecret"),
        immutable=("userPoolId", "generateSecret"),
    ),
    "aws:cognito/userPoolDomain:UserPoolDomain": ResourceType(
        _create_domain,
        _configure_domain,
        _delete_domain,
        _read_domain,
        at(lambda domain: domain["domain"], _read_domain),
        computed=("cloudfrontDistribution", "version"),
        immutable=("domain", "userPoolId"),
    ),
    "aws:cognito/managedLoginBranding:ManagedLoginBranding": ResourceType(
        _note_branding,
        _configure_branding,
        _forget_branding,
        _read_branding,
        at(_branding_id, _read_branding),
        computed=("managedLoginBrandingId",),
        immutable=("userPoolId", "clientId", "assets"),
        inert=("settings", "useCognitoProvidedValues"),
    ),
}

"""Cognito user pools. Their clients and domains are in user_pool_clients.py, their groups in user_groups.py."""

from collections.abc import Iterator, Mapping
from typing import Any

from localcloud.errors import LocalError
from localcloud.provision.aws import Aws
from localcloud.provision.reading import camel_case, first, inputs_of, reported
from localcloud.provision.resource import Resource, ResourceType, camel, pascal
from localcloud.provision.tags import read_tags
from localcloud.settings import REGION

POOL = camel(
    "accountRecoverySetting adminCreateUserConfig autoVerifiedAttributes deletionProtection deviceConfiguration"
    " emailConfiguration emailVerificationMessage emailVerificationSubject lambdaConfig mfaConfiguration"
    " userAttributeUpdateSettings userPoolAddOns userPoolTier verificationMessageTemplate"
)
FIXED_POOL = camel("aliasAttributes usernameAttributes usernameConfiguration")
SCHEMAS = {"schemas": "Schema"}
# The API resets what an update leaves out, the emulator keeps it. Texts have no default that could be given.
RESET_POOL = {
    key: api
    for key, api in POOL.items()
    if key not in ("emailVerificationMessage", "emailVerificationSubject")
}

# https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UserPoolType.html
DEFAULTS = {
    "adminCreateUserConfig": {"allowAdminCreateUserOnly": False, "unusedAccountValidityDays": 7},
    "deletionProtection": "INACTIVE",
    "passwordPolicy": {
        "minimumLength": 8,
        "requireLowercase": True,
        "requireNumbers": True,
        "requireSymbols": True,
        "requireUppercase": True,
        "temporaryPasswordValidityDays": 7,
    },
    "userPoolAddOns": {"advancedSecurityMode": "OFF"},
    "emailConfiguration": {"emailSendingAccount": "COGNITO_DEFAULT"},
    "mfaConfiguration": "OFF",
    "userPoolTier": "ESSENTIALS",
    "verificationMessageTemplate": {"defaultEmailOption": "CONFIRM_WITH_CODE"},
    "usernameConfiguration": {"caseSensitive": False},
}


def _create_pool(aws: Aws, pool: Resource) -> str:
    created = aws.cognito_idp.create_user_pool(
        PoolName=pool.physical_name(), **pool.given(FIXED_POOL | SCHEMAS), **_pool_settings(pool)
    )
    return created["UserPool"]["Id"]


def _configure_pool(aws: Aws, pool: Resource) -> Mapping[str, Any]:
    if pool.previous is not None:
        _add_attributes(aws, pool)
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
    policies = pool.reset({"passwordPolicy": "PasswordPolicy"}, DEFAULTS)
    policies |= pool.given({"passwordPolicy": "PasswordPolicy", "signInPolicy": "SignInPolicy"})
    settings = pool.reset(RESET_POOL, DEFAULTS) | pool.given(POOL)
    return settings | ({"Policies": policies} if policies else {})


def _add_attributes(aws: Aws, pool: Resource) -> None:
    """Adds the new attributes; LocalError for any other change of them, which AWS and its provider refuse too."""
    described = aws.cognito_idp.describe_user_pool(UserPoolId=pool.id)["UserPool"]
    present = {each["Name"].rpartition(":")[2] for each in described["SchemaAttributes"]}
    wanted: list[dict[str, Any]] = pool.get("schemas", [])
    before: list[dict[str, Any]] = (pool.previous or {}).get("schemas") or []
    if any(each not in wanted for each in before):
        raise LocalError(
            "the attributes of a user pool cannot be changed or removed: schemas may only grow"
        )
    new = [pascal(each) for each in wanted if each["name"] not in present]
    if new:
        aws.cognito_idp.add_custom_attributes(UserPoolId=pool.id, CustomAttributes=new)


def _read_pool(aws: Aws, pool: Resource) -> Mapping[str, Any] | None:
    found = aws.cognito_idp.describe_user_pool(UserPoolId=pool.id)["UserPool"]
    policies = found.get("Policies", {})
    mfa = aws.cognito_idp.get_user_pool_mfa_config(UserPoolId=pool.id)
    inputs = inputs_of(found, POOL | FIXED_POOL) | {
        "name": found["Name"],
        "schemas": _read_schemas(pool, found),
        "passwordPolicy": camel_case(policies.get("PasswordPolicy")),
        "signInPolicy": camel_case(policies.get("SignInPolicy")),
        "softwareTokenMfaConfiguration": camel_case(mfa.get("SoftwareTokenMfaConfiguration")),
        "tags": read_tags(aws, found["Arn"]),
    }
    return reported(pool, inputs, DEFAULTS, name="name")


def _read_schemas(pool: Resource, found: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The attributes that the program declares, and as much of each as it says, and custom ones beside them."""
    known = {each["name"]: each for each in pool.get("schemas", [])}
    schemas: list[dict[str, Any]] = []
    for attribute in found.get("SchemaAttributes", []):
        custom, _, name = attribute["Name"].rpartition(":")
        shown = camel_case(attribute) | {"name": name}
        if name in known:
            schemas.append({key: shown.get(key) for key in known[name]})
        elif custom:
            schemas.append(shown)
    return schemas


def _search_pools(aws: Aws, pool: Resource) -> Iterator[str]:
    for page in aws.cognito_idp.get_paginator("list_user_pools").paginate(MaxResults=60):
        yield from (
            found["Id"] for found in page["UserPools"] if found["Name"] == pool.physical_name()
        )


def _delete_pool(aws: Aws, pool: Resource) -> None:
    aws.cognito_idp.delete_user_pool(UserPoolId=pool.id)


TYPES = {
    "aws:cognito/userPool:UserPool": ResourceType(
        _create_pool,
        _configure_pool,
        _delete_pool,
        _read_pool,
        first(_search_pools),
        named="name",
        computed=("name", "arn", "endpoint"),
        immutable=("name", *FIXED_POOL),
    ),
}

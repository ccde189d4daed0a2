"""A user pool with its client, and a sender of mail."""

import pulumi_aws as aws
import serving
from policies import TAGS

pool = aws.cognito.UserPool(
    "pool",
    username_attributes=["email"],
    auto_verified_attributes=["email"],
    tags=TAGS,
    password_policy={
        "minimum_length": 12,
        "require_lowercase": True,
        "require_numbers": True,
        "require_symbols": False,
        "require_uppercase": True,
    },
    admin_create_user_config={"allow_admin_create_user_only": False},
    mfa_configuration="OFF",
    account_recovery_setting={"recovery_mechanisms": [{"name": "verified_email", "priority": 1}]},
)
client = aws.cognito.UserPoolClient(
    "client",
    user_pool_id=pool.id,
    generate_secret=False,
    allowed_oauth_flows_user_pool_client=True,
    allowed_oauth_flows=["code"],
    allowed_oauth_scopes=["openid", "email"],
    callback_urls=["http://localhost:1/in"],
    logout_urls=["http://localhost:1/"],
    supported_identity_providers=["COGNITO"],
    id_token_validity=60,
    explicit_auth_flows=["ALLOW_REFRESH_TOKEN_AUTH"],
    token_validity_units={"id_token": "minutes"},
)
aws.cognito.UserPoolDomain(
    "domain", domain="toy-domain", user_pool_id=pool.id, managed_login_version=2
)
aws.cognito.UserGroup("group", name="operators", user_pool_id=pool.id, description="look after it")
aws.cognito.ManagedLoginBranding(
    "branding", user_pool_id=pool.id, client_id=client.id, use_cognito_provided_values=True
)
mail = aws.sesv2.ConfigurationSet(
    "mail",
    configuration_set_name="toy-mail",
    reputation_options={"reputation_metrics_enabled": False},
    suppression_options={"suppressed_reasons": ["BOUNCE"]},
    tags=TAGS,
)
aws.sesv2.ConfigurationSetEventDestination(
    "mail-events",
    configuration_set_name=mail.configuration_set_name,
    event_destination_name="topic",
    event_destination={
        "enabled": True,
        "matching_event_types": ["BOUNCE", "COMPLAINT", "REJECT"],
        "sns_destination": {"topic_arn": serving.topic.arn},
    },
)
aws.sesv2.EmailIdentity(
    "sender",
    email_identity="shop@example.com",
    configuration_set_name=mail.configuration_set_name,
    tags=TAGS,
)

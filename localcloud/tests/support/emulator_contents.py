"""All that is on an emulator, by kind, to see what a destroyed stack left."""

from collections.abc import Callable
from typing import Any

from localcloud.provision.aws import Aws

LISTS: dict[str, Callable[[Aws], list[str]]] = {
    "tables": lambda aws: aws.dynamodb.list_tables()["TableNames"],
    "functions": lambda aws: _names(aws.lambda_, "list_functions", "Functions", "FunctionName"),
    "event sources": lambda aws: _names(
        aws.lambda_, "list_event_source_mappings", "EventSourceMappings", "UUID"
    ),
    "roles": lambda aws: _names(aws.iam, "list_roles", "Roles", "RoleName"),
    "buckets": lambda aws: [each["Name"] for each in aws.s3.list_buckets()["Buckets"]],
    "queues": lambda aws: aws.sqs.list_queues().get("QueueUrls", []),
    "topics": lambda aws: _names(aws.sns, "list_topics", "Topics", "TopicArn"),
    "subscriptions": lambda aws: _names(
        aws.sns, "list_subscriptions", "Subscriptions", "SubscriptionArn"
    ),
    "log groups": lambda aws: _names(aws.logs, "describe_log_groups", "logGroups", "logGroupName"),
    "state machines": lambda aws: _names(
        aws.stepfunctions, "list_state_machines", "stateMachines", "name"
    ),
    "REST APIs": lambda aws: _names(aws.apigateway, "get_rest_apis", "items", "id"),
    "API keys": lambda aws: _names(aws.apigateway, "get_api_keys", "items", "id"),
    "usage plans": lambda aws: _names(aws.apigateway, "get_usage_plans", "items", "id"),
    "user pools": lambda aws: [
        each["Id"] for each in aws.cognito_idp.list_user_pools(MaxResults=60)["UserPools"]
    ],
    "secrets": lambda aws: _names(aws.secretsmanager, "list_secrets", "SecretList", "Name"),
    "mail identities": lambda aws: [
        each["IdentityName"]
        for each in aws.sesv2.list_email_identities().get("EmailIdentities", [])
    ],
    "distributions": lambda aws: [
        each["Id"]
        for each in aws.cloudfront.list_distributions()["DistributionList"].get("Items", [])
    ],
    "firewalls": lambda aws: [
        each["Id"] for each in aws.wafv2.list_web_acls(Scope="CLOUDFRONT")["WebACLs"]
    ],
}


def _names(client: Any, call: str, items: str, name: str) -> list[str]:
    return [each[name] for page in client.get_paginator(call).paginate() for each in page[items]]


def everything(aws: Aws) -> dict[str, set[str]]:
    """What there is, by kind; kinds of which there is nothing are left out."""
    found = {kind: set(listed(aws)) for kind, listed in LISTS.items()}
    return {kind: names for kind, names in found.items() if names}

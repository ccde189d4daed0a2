"""Who may do what, and how data is kept. A rule fails on an unknown value rather than pass."""

import re
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from localcloud.registration import Recording, Registration
from localcloud.settings import ACCOUNT
from tests.support.recorded_stacks import (
    BUCKET,
    LOG_GROUP,
    QUEUE,
    ROLE_POLICY,
    TABLE,
    UnknownValue,
    document,
    given,
    recording,
    stand_in,
    statements,
)

# Actions that have no resource to name, and why.
WITHOUT_RESOURCE = {
    # https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsx-ray.html
    "xray:PutTraceSegments": "traces belong to no resource",
    "xray:PutTelemetryRecords": "traces belong to no resource",
    "xray:GetSamplingRules": "the account's rules",
    "xray:GetSamplingTargets": "the account's rules",
    # https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html
    "logs:CreateLogDelivery": "a delivery has no name before it exists",
    "logs:GetLogDelivery": "vended log delivery has no resources",
    "logs:UpdateLogDelivery": "vended log delivery has no resources",
    "logs:DeleteLogDelivery": "vended log delivery has no resources",
    "logs:ListLogDeliveries": "vended log delivery has no resources",
    "logs:PutResourcePolicy": "resource policies belong to the account",
    "logs:DescribeResourcePolicies": "resource policies belong to the account",
    "logs:DescribeLogGroups": "the console's list of all groups",
}
# Actions on all resources of a kind, which this condition key narrows down, and why.
BY_CONDITION = {
    # https://docs.aws.amazon.com/ses/latest/dg/control-user-access.html
    "ses:SendEmail": ("ses:FromAddress", "SES's sandbox asks for the recipients' identities too"),
}
# A resource of this program, or what is in it; a wildcard stands alone after the last separator.
OWN_RESOURCE = re.compile(
    r"<[^<>*]+\.arn>(:\*|(/[\w-]+)*(/\*|/[\w-]+)?)"
    r"|arn:aws:ssm:us-east-1:000000000000:parameter/orders/(dev|staging|prod)/[\w-]+"
)
RESOURCE_POLICIES = {
    "aws:s3/bucketPolicy:BucketPolicy",
    "aws:sns/topicPolicy:TopicPolicy",
    "aws:sqs/queuePolicy:QueuePolicy",
}

# What CloudFront calls a policy: of caching, of headers.
NO_PERMISSIONS = {
    "aws:cloudfront/cachePolicy:CachePolicy",
    "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy",
}


def too_much_allowed(found: Recording) -> list[tuple[str, str]]:
    """Statements of roles that allow more than they name: (policy, what)."""
    wide = []
    for policy in found.of_type(ROLE_POLICY):
        for statement in statements(document(policy, "policy")):
            actions, resources = statement["Action"], statement["Resource"]
            assert statement["Effect"] == "Allow"
            assert actions
            assert resources
            wide += [(policy.name, each) for each in actions if "*" in each]
            if not all(OWN_RESOURCE.fullmatch(each) for each in resources):
                narrow = {a for a, (key, _) in BY_CONDITION.items() if key in narrowed(statement)}
                wide += [
                    (policy.name, a) for a in actions if a not in narrow | set(WITHOUT_RESOURCE)
                ]
    return wide


def narrowed(statement: Mapping[str, Any]) -> set[str]:
    """The condition keys that have to equal one value without wildcards."""
    equal = statement.get("Condition", {}).get("StringEquals", {})
    return {key for key, value in equal.items() if isinstance(value, str) and "*" not in value}


def open_to_all(found: Recording) -> list[str]:
    """Resource policies that let everybody in."""
    return [
        policy.name
        for policy in found.resources
        if policy.type in RESOURCE_POLICIES
        for statement in statements(document(policy, "policy"))
        if statement["Effect"] == "Allow"
        and (statement["Principal"] in ("*", {"AWS": "*"}) or "Condition" not in statement)
    ]


def not_kept_well(found: Recording) -> list[str]:
    """Tables without point-in-time recovery or encryption, queues in clear, logs kept for ever."""
    tables = [
        each.name
        for each in found.of_type(TABLE)
        if not given(each, "pointInTimeRecovery", "enabled")
        or not given(each, "serverSideEncryption", "enabled")
    ]
    queues = [each.name for each in found.of_type(QUEUE) if not given(each, "sqsManagedSseEnabled")]
    logs = [each.name for each in found.of_type(LOG_GROUP) if not given(each, "retentionInDays")]
    return tables + queues + logs


def beside(found: Recording, bucket: Registration, token: str) -> Registration:
    """The one resource of this type that is about the bucket."""
    name = stand_in(bucket, "bucket")
    [resource] = [each for each in found.of_type(token) if given(each, "bucket") == name]
    return resource


RULES: list[Callable[[Recording], list[Any]]] = [too_much_allowed, open_to_all, not_kept_well]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_no_stack_breaks_a_rule(declared: Recording, rule: Callable[[Recording], Any]) -> None:
    assert rule(declared) == []


@pytest.mark.parametrize("rule", [too_much_allowed, open_to_all], ids=lambda rule: rule.__name__)
def test_a_rule_does_not_pass_what_is_unknown(rule: Callable[[Recording], Any]) -> None:
    with pytest.raises(UnknownValue):
        rule(recording("dev", "unknown"))


def test_every_kind_of_policy_is_looked_at(declared: Recording) -> None:
    kinds = {each.type for each in declared.resources if "olicy" in each.type.rpartition(":")[2]}
    assert kinds <= {ROLE_POLICY, *RESOURCE_POLICIES, *NO_PERMISSIONS}
    used = {
        action
        for policy in declared.of_type(ROLE_POLICY)
        for statement in statements(document(policy, "policy"))
        for action in statement["Action"]
    }
    assert {*WITHOUT_RESOURCE, *BY_CONDITION} <= used


def test_every_role_is_one_services_for_this_account_and_has_no_managed_policy(
    declared: Recording,
) -> None:
    for role in declared.of_type("aws:iam/role:Role"):
        [trust] = statements(document(role, "assumeRolePolicy"))
        [service] = trust["Principal"].values()
        assert list(trust["Principal"]) == ["Service"]
        assert service.partition(".")[0] in ("lambda", "scheduler", "states"), role.name
        assert trust["Action"] == ["sts:AssumeRole"]
        assert trust["Condition"] == {"StringEquals": {"aws:SourceAccount": ACCOUNT}}
        assert given(role, "managedPolicyArns") is None
    assert declared.of_type("aws:iam/rolePolicyAttachment:RolePolicyAttachment") == []


def test_one_role_per_function(declared: Recording) -> None:
    functions = declared.of_type("aws:lambda/function:Function")
    roles = [given(each, "role") for each in functions]
    assert len(set(roles)) == len(functions)


def test_only_the_sandbox_can_be_called_by_anybody(declared: Recording) -> None:
    permissions = declared.of_type("aws:lambda/permission:Permission")
    public = {each.name for each in permissions if given(each, "principal") == "*"}
    assert all(name.startswith("payment-sandbox-") for name in public)
    others = [each for each in permissions if each.name not in public]
    assert [each.name for each in others if not given(each, "sourceArn")] == []


def test_a_bucket_is_private_encrypted_and_tls_only(declared: Recording) -> None:
    for bucket in declared.of_type(BUCKET):
        block = beside(declared, bucket, "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock")
        closed = (
            "blockPublicAcls",
            "blockPublicPolicy",
            "ignorePublicAcls",
            "restrictPublicBuckets",
        )
        assert [given(block, each) for each in closed] == [True] * 4
        ownership = "aws:s3/bucketOwnershipControls:BucketOwnershipControls"
        owner = given(beside(declared, bucket, ownership), "rule", "objectOwnership")
        assert owner == "BucketOwnerEnforced"
        encryption = "ServerSideEncryptionConfiguration"
        token = f"aws:s3/bucket{encryption}:Bucket{encryption}"
        assert given(beside(declared, bucket, token), "rules")
        arn = stand_in(bucket, "arn")
        policy = beside(declared, bucket, "aws:s3/bucketPolicy:BucketPolicy")
        assert {
            "Effect": "Deny",
            "Principal": "*",
            "Action": ["s3:*"],
            "Resource": [arn, f"{arn}/*"],
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        } in statements(document(policy, "policy"))


def test_a_bucket_that_holds_data_is_versioned_and_while_protected_never_emptied_by_a_destroy(
    stack: str, declared: Recording
) -> None:
    kept = declared.one(BUCKET, "receipt-store-bucket")
    emptied = {each.name for each in declared.of_type(BUCKET) if given(each, "forceDestroy")}
    others = {each.name for each in declared.of_type(BUCKET)} - {kept.name}
    assert emptied == others | (set() if stack == "prod" else {kept.name})
    versioning = beside(declared, kept, "aws:s3/bucketVersioning:BucketVersioning")
    assert given(versioning, "versioningConfiguration", "status") == "Enabled"


@pytest.mark.parametrize(("stack_name", "protect"), [("dev", False), ("prod", True)])
def test_tables_and_the_user_pool_are_deleted_by_mistake_only_where_the_config_allows(
    stack_name: str, protect: bool
) -> None:
    found = recording(stack_name)
    for name in ("order-store-table", "inventory-store-table"):
        assert given(found.one(TABLE, name), "deletionProtectionEnabled") is protect
    [pool] = found.of_type("aws:cognito/userPool:UserPool")
    assert given(pool, "deletionProtection") == ("ACTIVE" if protect else "INACTIVE")


@pytest.mark.parametrize(("stack_name", "protect"), [("dev", False), ("prod", True)])
def test_receipts_are_kept_for_ten_years_and_locked_as_long_where_data_is_protected(
    stack_name: str, protect: bool
) -> None:
    found = recording(stack_name)
    [lifecycle] = found.of_type("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration")
    assert [rule["expiration"] for rule in given(lifecycle, "rules")] == [{"days": 3650}]
    [lock] = found.of_type("aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration")
    retention = {"mode": "GOVERNANCE", "days": 3650}
    assert given(lock, "rule") == ({"defaultRetention": retention} if protect else None)


def test_customers_sign_in_with_code_and_pkce_and_never_with_a_password(
    declared: Recording,
) -> None:
    [client] = declared.of_type("aws:cognito/userPoolClient:UserPoolClient")
    assert given(client, "allowedOauthFlows") == ["code"]
    assert given(client, "generateSecret") is False
    assert given(client, "explicitAuthFlows") == ["ALLOW_REFRESH_TOKEN_AUTH"]

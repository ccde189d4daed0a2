"""How the owner of a resource says how it may be used.

A grant is what a function gets: the environment variables that name the resource and the IAM
statements that allow its use. They travel together, so they can't disagree, and nobody writes a
policy by hand.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pulumi


@dataclass(frozen=True, kw_only=True)
class Statement:
    """One IAM allow statement; `conditions` is operator -> condition key -> value."""

    actions: Sequence[str]
    resources: Sequence[pulumi.Input[str]]
    conditions: Mapping[str, Mapping[str, pulumi.Input[str]]] = field(
        default_factory=dict[str, Mapping[str, pulumi.Input[str]]]
    )


@dataclass(frozen=True, kw_only=True)
class Grant:
    """Environment variables and permissions that belong together."""

    env: Mapping[str, pulumi.Input[str]] = field(default_factory=dict[str, pulumi.Input[str]])
    statements: Sequence[Statement] = ()


def joined(*grants: Grant) -> Grant:
    """Return one grant that holds what these hold."""
    return Grant(
        env={name: value for grant in grants for name, value in grant.env.items()},
        statements=[each for grant in grants for each in grant.statements],
    )


def policy(statements: Sequence[Statement]) -> pulumi.Output[str]:
    """The IAM policy document of these statements."""
    allowed = [
        {"Effect": "Allow", "Action": list(each.actions), "Resource": list(each.resources)}
        | ({"Condition": each.conditions} if each.conditions else {})
        for each in statements
    ]
    return _document(allowed)


def assume_role(service: str, account_id: pulumi.Input[str]) -> pulumi.Output[str]:
    """The trust policy of a role that only this AWS service takes on, and only for this account.

    Lambda, Step Functions and EventBridge Scheduler name the account that they act for:
    https://docs.aws.amazon.com/lambda/latest/dg/permissions-managed-policies.html,
    https://docs.aws.amazon.com/step-functions/latest/dg/procedure-create-iam-role.html and
    https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
    """
    trusted = {
        "Effect": "Allow",
        "Principal": {"Service": service},
        "Action": "sts:AssumeRole",
        "Condition": {"StringEquals": {"aws:SourceAccount": account_id}},
    }
    return _document([trusted])


def _document(statements: Sequence[Mapping[str, Any]]) -> pulumi.Output[str]:
    return pulumi.Output.json_dumps({"Version": "2012-10-17", "Statement": list(statements)})

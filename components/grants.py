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
    """One IAM allow statement."""

    actions: Sequence[str]
    resources: Sequence[pulumi.Input[str]]


@dataclass(frozen=True, kw_only=True)
class Grant:
    """Environment variables and permissions that belong together."""

    env: Mapping[str, pulumi.Input[str]] = field(default_factory=dict[str, pulumi.Input[str]])
    statements: Sequence[Statement] = ()


def policy(statements: Sequence[Statement]) -> pulumi.Output[str]:
    """The IAM policy document of these statements."""
    document: dict[str, Any] = {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Action": list(each.actions), "Resource": list(each.resources)}
            for each in statements
        ],
    }
    return pulumi.Output.json_dumps(document)


def assume_role(service: str) -> str:
    """The trust policy of a role that only this AWS service takes on."""
    return (
        '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", '
        f'"Principal": {{"Service": "{service}"}}, "Action": "sts:AssumeRole"}}]}}'
    )

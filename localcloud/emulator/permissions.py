"""Patch: requests count as encrypted. The emulator speaks plain HTTP on the loopback interface, so a policy that
refuses requests without TLS (`aws:SecureTransport`) would refuse all of them.

Patch: sending mail is authorised on the sender's identity, as AWS does, not on `*`; otherwise a policy that names the
identity, as it should, allows nothing:
https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsimpleemailservicev2.html
The sender's address is also the condition key `ses:FromAddress` there, without its display name.

Patch: the account's root, as which the emulator takes the roles of functions and state machines, names its account in
`aws:SourceAccount`, as AWS's services do; otherwise a trust policy with that condition, as it should have, allows
nothing.
"""

# The patches reach into what MiniStack keeps to itself; anchors.py checks that it is there.
# pyright: reportPrivateUsage=false

import json
from email.utils import parseaddr
from typing import Any

from ministack.core import iam_actions, iam_evaluator

from localcloud.emulator import anchors

SEND = "/v2/email/outbound-emails"
IDENTITY = "identity/"


def apply() -> None:
    """Answers three condition keys, and names that one resource; all else is evaluated as before."""
    anchors.has_parameters(iam_evaluator, "_resolve_condition_key", "key ctx")
    anchors.has_parameters(
        iam_actions, "_ses_v2_resource_arn", "method path body region account_id"
    )
    resolve = iam_evaluator._resolve_condition_key
    resource_arn = iam_actions._ses_v2_resource_arn

    def resolve_condition_key(key: str, context: Any) -> Any:
        match key.lower(), context.action, context.principal_type:
            case "aws:securetransport", _, _:
                return "true"
            case "ses:fromaddress", "ses:SendEmail", _:
                return context.resource_arn.rpartition(IDENTITY)[2]
            case "aws:sourceaccount", "sts:AssumeRole", "Root":
                return context.principal_account
            case _:
                return resolve(key, context)

    def ses_resource_arn(method: str, path: str, body: bytes, region: str, account_id: str) -> str:
        if path == SEND:
            return f"arn:aws:ses:{region}:{account_id}:{IDENTITY}{sender(body)}"
        return resource_arn(method, path, body, region, account_id)

    iam_evaluator._resolve_condition_key = resolve_condition_key
    iam_actions._ses_v2_resource_arn = ses_resource_arn


def sender(body: bytes) -> str:
    """The address that a SendEmail request is from, without its display name; "*" if there is none."""
    try:
        given = json.loads(body).get("FromEmailAddress") or ""
    except (ValueError, AttributeError):
        return "*"
    return parseaddr(given)[1] or "*"

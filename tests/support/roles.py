"""A function's own credentials, to try what it may do as itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import boto3
from botocore.exceptions import ClientError

from localcloud.provision.aws import CONFIG
from localcloud.settings import REGION
from tests.support.live_system import LiveSystem

_REFUSALS = {"AccessDenied", "AccessDeniedException", "AuthorizationError"}


@dataclass(frozen=True)
class Call:
    """One call of an AWS service's API, by its boto3 names."""

    service: str
    operation: str
    arguments: Mapping[str, Any]


def role_of(shop: LiveSystem, function: str) -> str:
    """The ARN of the role of the function whose name ends with `function`."""
    pages = shop.aws.lambda_.get_paginator("list_functions").paginate()
    found = [each for page in pages for each in page["Functions"]]
    (role,) = [each["Role"] for each in found if each["FunctionName"].endswith(f"-{function}")]
    return role


def session_of(shop: LiveSystem, function: str) -> boto3.Session:
    """A session with the role's credentials, as Lambda takes them for the function.

    Only Lambda may take the role; the emulator lets the account's root speak for it.
    """
    taken = shop.aws.sts.assume_role(RoleArn=role_of(shop, function), RoleSessionName="as-itself")
    keys = taken["Credentials"]
    return boto3.Session(
        keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"], region_name=REGION
    )


def may(session: boto3.Session, shop: LiveSystem, call: Call) -> bool:
    """Whether these credentials are allowed the call; what else it answers is not asked."""
    client = session.client(call.service, endpoint_url=shop.aws.endpoint, config=CONFIG)
    try:
        getattr(client, call.operation)(**call.arguments)
    except ClientError as error:
        return error.response["Error"]["Code"] not in _REFUSALS
    return True

"""Provider functions that a program may call; an unknown one is an error that names it."""

import secrets
import string
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from localcloud.errors import LocalError
from localcloud.settings import ACCOUNT, REGION


@dataclass(frozen=True)
class Run:
    """What asks: a preview, which has the stack's own region, or the local cloud, which has but one."""

    preview: bool
    region: str = REGION


def answer(token: str, arguments: Mapping[str, Any], run: Run) -> Mapping[str, Any]:
    """What the provider function answers; LocalError for an unknown token."""
    known = INVOKES.get(token)
    if known is None:
        raise LocalError(f"the local cloud does not know the function {token}")
    return known(arguments, run)


def _caller_identity(_arguments: Mapping[str, Any], _run: Run) -> Mapping[str, Any]:
    arn = f"arn:aws:iam::{ACCOUNT}:root"
    return {"accountId": ACCOUNT, "arn": arn, "userId": ACCOUNT, "id": ACCOUNT}


def _region(_arguments: Mapping[str, Any], run: Run) -> Mapping[str, Any]:
    names = dict.fromkeys(("region", "name", "id", "description"), run.region)
    return {**names, "endpoint": f"ec2.{run.region}.amazonaws.com"}


def _partition(_arguments: Mapping[str, Any], _run: Run) -> Mapping[str, Any]:
    return {
        "partition": "aws",
        "id": "aws",
        "dnsSuffix": "amazonaws.com",
        "reverseDnsPrefix": "com.amazonaws",
    }


def _random_password(arguments: Mapping[str, Any], run: Run) -> Mapping[str, Any]:
    """Made here instead of by the emulator: https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetRandomPassword.html"""
    length = int(arguments.get("passwordLength", 32))
    if run.preview:
        return {"randomPassword": "<random password>", "id": "<random password>"}
    groups = {
        "excludeLowercase": string.ascii_lowercase,
        "excludeUppercase": string.ascii_uppercase,
        "excludeNumbers": string.digits,
        "excludePunctuation": string.punctuation,
    }
    wanted = [letters for key, letters in groups.items() if not arguments.get(key)]
    alphabet = "".join(wanted) + (" " if arguments.get("includeSpace") else "")
    alphabet = "".join(c for c in alphabet if c not in arguments.get("excludeCharacters", ""))
    password = "".join(secrets.choice(alphabet) for _ in range(length))
    return {"randomPassword": password, "id": password[:8]}


QUOTAS = {("lambda", "L-B99A9384"): ("Concurrent executions", 1000)}
"""AWS's default values, by service and code: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html"""


def _service_quota(arguments: Mapping[str, Any], run: Run) -> Mapping[str, Any]:
    service = arguments["serviceCode"]
    code = str(arguments.get("quotaCode") or arguments.get("quotaName"))
    if (service, code) not in QUOTAS:
        raise LocalError(f"the local cloud does not know the quota {code} of {service}")
    name, value = QUOTAS[service, code]
    arn = f"arn:aws:servicequotas:{run.region}:{ACCOUNT}:{service}/{code}"
    return {
        "serviceCode": service,
        "serviceName": service,
        "quotaCode": code,
        "quotaName": name,
        "arn": arn,
        "id": arn,
        "region": run.region,
        "adjustable": True,
        "globalQuota": False,
        "defaultValue": value,
        "value": value,
        "usageMetrics": [],
    }


INVOKES: dict[str, Callable[[Mapping[str, Any], Run], Mapping[str, Any]]] = {
    "aws:index/getCallerIdentity:getCallerIdentity": _caller_identity,
    "aws:index/getRegion:getRegion": _region,
    "aws:index/getPartition:getPartition": _partition,
    "aws:secretsmanager/getRandomPassword:getRandomPassword": _random_password,
    "aws:servicequotas/getServiceQuota:getServiceQuota": _service_quota,
}

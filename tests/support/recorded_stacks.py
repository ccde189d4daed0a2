"""What each stack declares, as a policy needs to read it: an unknown value is an error, never a pass."""

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

from handlers.runtime import aws
from local.settings import LOCAL_CONFIG
from localcloud.program import Decrypted
from localcloud.recorder import record
from localcloud.registration import Mode, Recording, Registration
from localcloud.values import UNKNOWN

STACKS = ("dev", "staging", "prod")
OWN = {
    "prod": {
        "stripeSecretKey": Decrypted("sk_live_of_the_test"),
        "stripeReadKey": Decrypted("rk_live_of_the_test"),
        "stripePublishableKey": "pk_live_of_the_test",
        "stripeWebhookSecret": Decrypted("whsec_of_the_test"),
        "operationsEmail": "operations@shop.localhost",
    }
}
"""What a team sets in a stack before its first update."""
BUCKET = "aws:s3/bucket:Bucket"
EVENT_SOURCE = "aws:lambda/eventSourceMapping:EventSourceMapping"
FUNCTION = "aws:lambda/function:Function"
LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"
MACHINE = "aws:sfn/stateMachine:StateMachine"
ON_FAILURE = "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig"
QUEUE = "aws:sqs/queue:Queue"
REST_API = "aws:apigateway/restApi:RestApi"
ROLE = "aws:iam/role:Role"
ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"
SCHEDULE = "aws:scheduler/schedule:Schedule"
SUBSCRIPTION = "aws:sns/topicSubscription:TopicSubscription"
TABLE = "aws:dynamodb/table:Table"


class UnknownValue(AssertionError):
    """A rule was asked to judge what nobody knows yet."""


@cache
def recording(stack: str, mode: Mode = "placeholder", **config: Any) -> Recording:
    """One stack with its own config and the local cloud's, so that it sends mail; `config` on top of it."""
    return record(stack, mode, {**LOCAL_CONFIG, **OWN.get(stack, {}), **config})


def known(value: Any) -> Any:
    """`value`, if all of it is known. Raises UnknownValue."""
    if any(part is UNKNOWN for part in _parts(value)):
        raise UnknownValue(repr(value))
    return value


def given(resource: Registration, *path: str) -> Any:
    """The input at `path`, or None if the program does not give it. Raises UnknownValue."""
    value: Any = resource.inputs
    for key in path:
        value = known(value.get(key)) if value is not None else None
    return value


def document(resource: Registration, key: str) -> Any:
    """The JSON that an input is. Raises UnknownValue."""
    return json.loads(given(resource, key))


def statements(policy: Any) -> list[dict[str, Any]]:
    """The statements of a policy document, with lists where IAM allows a single value."""
    found = []
    for statement in policy["Statement"]:
        lists = {
            key: value if isinstance(value, list) else [value]
            for key, value in statement.items()
            if key in ("Action", "NotAction", "Resource", "NotResource")
        }
        found.append(statement | lists)
    return found


def allowed(declared: Recording, policy: str) -> dict[str, set[str]]:
    """What a role's policy allows, logs and traces apart: action -> resources."""
    found: dict[str, set[str]] = {}
    for statement in statements(document(declared.one(ROLE_POLICY, policy), "policy")):
        for action in statement["Action"]:
            if not action.startswith(("logs:", "xray:")):
                found.setdefault(action, set()).update(statement["Resource"])
    return found


def longest_call() -> float:
    """Seconds that a handler's call of AWS takes at most, with its tries and the pause between them."""
    config = aws._CONFIG
    tries = config.retries["total_max_attempts"]
    return tries * (config.connect_timeout + config.read_timeout) + (tries - 1) * 1


def stand_in(resource: Registration, output: str) -> str:
    """How the placeholder preview writes an output of this resource."""
    return f"<{resource.type.rpartition(':')[2]}.{resource.name}.{output}>"


def of_stand_in(found: Recording, token: str, text: Any, output: str = "arn") -> Registration:
    """The resource of this type whose output `text` is."""
    [resource] = [each for each in found.of_type(token) if stand_in(each, output) == known(text)]
    return resource


def _parts(value: Any) -> Iterator[Any]:
    yield value
    if isinstance(value, dict):
        for part in value.values():
            yield from _parts(part)
    if isinstance(value, list):
        for part in value:
            yield from _parts(part)

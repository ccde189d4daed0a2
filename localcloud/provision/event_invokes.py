"""What becomes of a Lambda function's asynchronous invocations that fail."""

from collections.abc import Mapping
from typing import Any

from localcloud.provision.aws import Aws
from localcloud.provision.reading import at, inputs_of, reported
from localcloud.provision.resource import Resource, ResourceType, camel

SETTINGS = camel("maximumRetryAttempts maximumEventAgeInSeconds destinationConfig")
KEY = camel("functionName qualifier")

# https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
DEFAULTS = {"maximumRetryAttempts": 2, "maximumEventAgeInSeconds": 21600}


def _put(aws: Aws, config: Resource) -> str:
    # What a put leaves out goes back to its default.
    aws.lambda_.put_function_event_invoke_config(**config.given(KEY | SETTINGS))
    return _id(config)


def _id(config: Resource) -> str:
    qualifier = config.get("qualifier")
    return config["functionName"] + (f":{qualifier}" if qualifier else "")


def _configure(aws: Aws, config: Resource) -> Mapping[str, Any]:
    if config.previous is not None:
        _put(aws, config)
    return {}


def _read(aws: Aws, config: Resource) -> Mapping[str, Any] | None:
    found = aws.lambda_.get_function_event_invoke_config(**config.given(KEY))
    destinations = {key: each for key, each in found["DestinationConfig"].items() if each}
    inputs = inputs_of(found | {"DestinationConfig": destinations}, SETTINGS)
    known = {name: config.get(name) for name in KEY if config.get(name)}
    return reported(config, inputs | known, DEFAULTS)


def _delete(aws: Aws, config: Resource) -> None:
    aws.lambda_.delete_function_event_invoke_config(**config.given(KEY))


TYPES = {
    "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": ResourceType(
        _put,
        _configure,
        _delete,
        _read,
        at(_id, _read),
        immutable=("functionName", "qualifier"),
        once_for=("functionName", "qualifier"),
    ),
}

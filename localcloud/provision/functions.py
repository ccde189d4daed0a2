"""Lambda functions."""

from collections.abc import Mapping
from typing import Any

from localcloud.provision.aws import Aws, arn
from localcloud.provision.reading import at, inputs_of, reported
from localcloud.provision.resource import Resource, ResourceType, camel
from localcloud.settings import REGION

SETTINGS = camel(
    "runtime handler description timeout memorySize role layers deadLetterConfig tracingConfig loggingConfig"
    " ephemeralStorage"
) | {"kmsKeyArn": "KMSKeyArn"}

# https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
DEFAULTS = {
    "timeout": 3,
    "memorySize": 128,
    "architectures": ["x86_64"],
    "tracingConfig": {"mode": "PassThrough"},
    "ephemeralStorage": {"size": 512},
    "reservedConcurrentExecutions": -1,
}


def _create_function(aws: Aws, function: Resource) -> str:
    name = function.physical_name()
    optional = (
        {"Architectures": function.get("architectures")} if function.get("architectures") else {}
    )
    aws.lambda_.create_function(
        FunctionName=name,
        Code={"ZipFile": function["code"].zip()},
        **optional,
        **_settings(function),
    )
    return name


def _configure_function(aws: Aws, function: Resource) -> Mapping[str, Any]:
    name = function.id
    client = aws.lambda_
    if function.previous is not None:
        # Either call ends the function's running workers, so each is made only if it changes something.
        if function.changed("code", "architectures"):
            processor = function.get("architectures") or DEFAULTS["architectures"]
            client.update_function_code(
                FunctionName=name, ZipFile=function["code"].zip(), Architectures=processor
            )
        if function.changed(*SETTINGS, "environment"):
            client.update_function_configuration(FunctionName=name, **_settings(function))
    reserved = function.get("reservedConcurrentExecutions", -1)
    if reserved >= 0:
        client.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=reserved)
    elif function.previous is not None and function.changed("reservedConcurrentExecutions"):
        client.delete_function_concurrency(FunctionName=name)
    found = arn("lambda", f"function:{name}")
    return {
        "name": name,
        "arn": found,
        "invokeArn": f"arn:aws:apigateway:{REGION}:lambda:path/2015-03-31/functions/{found}/invocations",
        "qualifiedArn": f"{found}:$LATEST",
        "version": "$LATEST",
    }


def _settings(function: Resource) -> dict[str, Any]:
    variables = function.get("environment", {}).get("variables", {})
    settings = {"Environment": {"Variables": variables}} | function.reset(SETTINGS, DEFAULTS)
    return settings | function.given(SETTINGS)


def _read_function(aws: Aws, function: Resource) -> Mapping[str, Any] | None:
    """What the function has but for its code: the emulator holds that as a zip file, the program as sources."""
    found = aws.lambda_.get_function(FunctionName=function.id)
    config = found["Configuration"]
    variables = config.get("Environment", {}).get("Variables", {})
    told = variables or "environment" in function.inputs
    inputs: dict[str, Any] = inputs_of(config, SETTINGS) | {
        "name": function.id,
        "architectures": config.get("Architectures"),
        "layers": [layer["Arn"] for layer in config.get("Layers", [])],
        "environment": {"variables": variables} if told else None,
        "reservedConcurrentExecutions": found.get("Concurrency", {}).get(
            "ReservedConcurrentExecutions"
        ),
        "tags": found.get("Tags"),
    }
    logging = {"logFormat": "Text", "logGroup": f"/aws/lambda/{function.id}"}
    return reported(function, inputs, DEFAULTS | {"loggingConfig": logging}, name="name")


def _delete_function(aws: Aws, function: Resource) -> None:
    aws.lambda_.delete_function(FunctionName=function.id)


TYPES = {
    "aws:lambda/function:Function": ResourceType(
        _create_function,
        _configure_function,
        _delete_function,
        _read_function,
        at(Resource.physical_name, _read_function),
        named="name",
        computed=("name", "arn", "invokeArn", "qualifiedArn", "version"),
        immutable=("name", "packageType"),
        # The code is the archive; its hash says nothing more.
        inert=("sourceCodeHash", "skipDestroy"),
    ),
}

"""Lambda functions, their URLs, permissions and event source mappings."""

from collections.abc import Mapping
from typing import Any

from local.provision.aws import Aws, arn
from local.provision.resource import Resource, ResourceType, camel
from local.settings import REGION

SETTINGS = camel(
    "runtime handler description timeout memorySize role layers deadLetterConfig tracingConfig loggingConfig"
    " ephemeralStorage"
) | {"kmsKeyArn": "KMSKeyArn"}
MAPPING = camel(
    "batchSize enabled filterCriteria functionResponseTypes maximumBatchingWindowInSeconds"
    " maximumRecordAgeInSeconds maximumRetryAttempts parallelizationFactor scalingConfig tumblingWindowInSeconds"
    " bisectBatchOnFunctionError"
)
PERMISSION = camel(
    "action principal sourceArn sourceAccount eventSourceToken functionUrlAuthType invokedViaFunctionUrl qualifier"
) | {"principalOrgId": "PrincipalOrgID"}


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
            client.update_function_code(FunctionName=name, ZipFile=function["code"].zip())
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
    return {
        "Timeout": 3,
        "MemorySize": 128,
        "Environment": {"Variables": variables},
    } | function.given(SETTINGS)


def _delete_function(aws: Aws, function: Resource) -> None:
    aws.lambda_.delete_function(FunctionName=function.id)


def _create_url(aws: Aws, url: Resource) -> str:
    aws.lambda_.create_function_url_config(
        FunctionName=url["functionName"], AuthType=url["authorizationType"], **_url_settings(url)
    )
    return url["functionName"]


def _configure_url(aws: Aws, url: Resource) -> Mapping[str, Any]:
    config = aws.lambda_.update_function_url_config(
        FunctionName=url.id, AuthType=url["authorizationType"], **_url_settings(url)
    )
    url_id = config["FunctionUrl"].split("//")[1].split(".")[0]
    return {
        # Nothing resolves the host name that AWS would give; the emulator serves the same under a path.
        "functionUrl": f"{aws.endpoint}/_aws/lambda-url/{url_id}/",
        "functionArn": config["FunctionArn"],
        "urlId": url_id,
    }


def _url_settings(url: Resource) -> dict[str, Any]:
    return url.given({"cors": "Cors", "invokeMode": "InvokeMode"})


def _delete_url(aws: Aws, url: Resource) -> None:
    aws.lambda_.delete_function_url_config(FunctionName=url.id)


def _add_permission(aws: Aws, permission: Resource) -> str:
    statement = permission.physical_name("statementId")
    aws.lambda_.add_permission(
        FunctionName=permission["function"], StatementId=statement, **permission.given(PERMISSION)
    )
    return statement


def _configure_permission(_aws: Aws, permission: Resource) -> Mapping[str, Any]:
    return {"statementId": permission.id}


def _remove_permission(aws: Aws, permission: Resource) -> None:
    aws.lambda_.remove_permission(FunctionName=permission["function"], StatementId=permission.id)


def _create_mapping(aws: Aws, mapping: Resource) -> str:
    created = aws.lambda_.create_event_source_mapping(
        EventSourceArn=mapping["eventSourceArn"],
        FunctionName=mapping["functionName"],
        **mapping.given({"startingPosition": "StartingPosition"}),
        **_mapping_settings(mapping),
    )
    return created["UUID"]


def _configure_mapping(aws: Aws, mapping: Resource) -> Mapping[str, Any]:
    if mapping.previous is not None:
        aws.lambda_.update_event_source_mapping(
            UUID=mapping.id, FunctionName=mapping["functionName"], **_mapping_settings(mapping)
        )
    found = arn("lambda", f"event-source-mapping:{mapping.id}")
    return {"uuid": mapping.id, "arn": found, "functionArn": mapping["functionName"]}


def _mapping_settings(mapping: Resource) -> dict[str, Any]:
    settings = {"Enabled": True} | mapping.given(MAPPING)
    destinations: dict[str, Any] = mapping.get("destinationConfig") or {}
    if on_failure := destinations.get("onFailure"):
        settings["DestinationConfig"] = {"OnFailure": {"Destination": on_failure["destinationArn"]}}
    return settings


def _delete_mapping(aws: Aws, mapping: Resource) -> None:
    aws.lambda_.delete_event_source_mapping(UUID=mapping.id)


TYPES = {
    "aws:lambda/function:Function": ResourceType(
        _create_function,
        _configure_function,
        _delete_function,
        computed=("name", "arn", "invokeArn", "qualifiedArn", "version"),
        immutable=("name",),
        # The code is the archive; its hash and package type say nothing more.
        inert=("sourceCodeHash", "packageType", "skipDestroy"),
    ),
    "aws:lambda/functionUrl:FunctionUrl": ResourceType(
        _create_url,
        _configure_url,
        _delete_url,
        computed=("functionUrl", "functionArn", "urlId"),
        immutable=("functionName", "qualifier"),
    ),
    "aws:lambda/permission:Permission": ResourceType(
        _add_permission,
        _configure_permission,
        _remove_permission,
        computed=("statementId",),
        immutable=("function", "statementId", *PERMISSION),
    ),
    "aws:lambda/eventSourceMapping:EventSourceMapping": ResourceType(
        _create_mapping,
        _configure_mapping,
        _delete_mapping,
        computed=("uuid", "arn", "functionArn"),
        immutable=("eventSourceArn", "startingPosition"),
    ),
}

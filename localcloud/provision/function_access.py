"""How Lambda functions are reached: their URLs, and the permissions of those that may call them."""

import json
from collections.abc import Mapping
from typing import Any

from localcloud.provision.aws import Aws
from localcloud.provision.reading import at, inputs_of, reported
from localcloud.provision.resource import Resource, ResourceType, camel

URL = camel("cors invokeMode")
QUALIFIER = {"qualifier": "Qualifier"}
URL_DEFAULTS = {"invokeMode": "BUFFERED"}
CONDITIONS = camel(
    "sourceArn sourceAccount eventSourceToken functionUrlAuthType invokedViaFunctionUrl"
) | {"principalOrgId": "PrincipalOrgID"}
PERMISSION = camel("action principal qualifier") | CONDITIONS


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
    return url.reset(URL, URL_DEFAULTS) | url.given(URL | QUALIFIER)


def _read_url(aws: Aws, url: Resource) -> Mapping[str, Any] | None:
    config = aws.lambda_.get_function_url_config(FunctionName=url.id, **url.given(QUALIFIER))
    inputs = inputs_of(config, URL) | {
        "functionName": url.id,
        "authorizationType": config["AuthType"],
    }
    return reported(url, inputs, URL_DEFAULTS)


def _delete_url(aws: Aws, url: Resource) -> None:
    aws.lambda_.delete_function_url_config(FunctionName=url.id, **url.given(QUALIFIER))


def _add_permission(aws: Aws, permission: Resource) -> str:
    statement = permission.physical_name("statementId")
    aws.lambda_.add_permission(
        FunctionName=permission["function"], StatementId=statement, **permission.given(PERMISSION)
    )
    return statement


def _configure_permission(_aws: Aws, permission: Resource) -> Mapping[str, Any]:
    return {"statementId": permission.id}


def _remove_permission(aws: Aws, permission: Resource) -> None:
    function, statement = permission.within("function")
    aws.lambda_.remove_permission(
        FunctionName=function, StatementId=statement, **permission.given(QUALIFIER)
    )


def _read_permission(aws: Aws, permission: Resource) -> Mapping[str, Any] | None:
    function, statement = permission.within("function")
    policy = aws.lambda_.get_policy(FunctionName=function, **permission.given(QUALIFIER))["Policy"]
    for found in json.loads(policy)["Statement"]:
        if found["Sid"] == statement:
            inputs = _statement_inputs(found) | {"function": function, "statementId": statement}
            return reported(permission, inputs, name="statementId")
    return None


def _statement_inputs(statement: Mapping[str, Any]) -> dict[str, Any]:
    """A statement of a function's policy as the inputs that it was made from."""
    principal = statement["Principal"]
    if not isinstance(principal, str):
        [principal] = principal.values()
    values = {
        key.partition(":")[2].lower(): value
        for operands in statement.get("Condition", {}).values()
        for key, value in operands.items()
    }
    conditions = {name: values.get(api.lower()) for name, api in CONDITIONS.items()}
    if via := conditions["invokedViaFunctionUrl"]:
        conditions["invokedViaFunctionUrl"] = via == "true"
    return conditions | {"action": statement["Action"], "principal": principal}


TYPES = {
    "aws:lambda/functionUrl:FunctionUrl": ResourceType(
        _create_url,
        _configure_url,
        _delete_url,
        _read_url,
        at(lambda url: url["functionName"], _read_url),
        computed=("functionUrl", "functionArn", "urlId"),
        immutable=("functionName", "qualifier"),
    ),
    "aws:lambda/permission:Permission": ResourceType(
        _add_permission,
        _configure_permission,
        _remove_permission,
        _read_permission,
        at(lambda permission: permission.physical_name("statementId"), _read_permission),
        named="statementId",
        computed=("statementId",),
        immutable=("function", "statementId", *PERMISSION),
    ),
}

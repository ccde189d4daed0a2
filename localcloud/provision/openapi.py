"""Reads an OpenAPI 3 body with API Gateway's extensions into the calls that make the API. Talks to nothing.

The emulator imports no OpenAPI document. Extensions that would be lost are an error:
https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions.html
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from localcloud.errors import LocalError
from localcloud.provision import import_warnings

EXTENSION = "x-amazon-apigateway-"
METHODS = {"get", "put", "post", "delete", "options", "head", "patch", f"{EXTENSION}any-method"}
INTEGRATION = {
    "type": "type",
    "httpMethod": "integrationHttpMethod",
    "uri": "uri",
    "credentials": "credentials",
    "timeoutInMillis": "timeoutInMillis",
    "passthroughBehavior": "passthroughBehavior",
    "requestParameters": "requestParameters",
    "requestTemplates": "requestTemplates",
    "contentHandling": "contentHandling",
}


@dataclass(frozen=True)
class Operation:
    """One method of one path; `integration` holds the arguments of PutIntegration, `authorizer` a name or "".

    With `api_key` it answers only who sends an API key as well.
    """

    path: str
    method: str
    integration: Mapping[str, Any]
    authorizer: str
    scopes: tuple[str, ...]
    api_key: bool


@dataclass(frozen=True)
class Api:
    """A whole document: operations by (path, method), authorizers and gateway responses by name, as API arguments."""

    operations: Mapping[tuple[str, str], Operation]
    authorizers: Mapping[str, Mapping[str, Any]]
    gateway_responses: Mapping[str, Mapping[str, Any]]


EMPTY = Api({}, {}, {})


def parse(body: str, fail_on_warnings: bool = False) -> Api:
    """The document's API; LocalError if it is not JSON or uses an extension that the local cloud cannot honour.

    With `fail_on_warnings` also LocalError for what API Gateway's import warns about.
    """
    try:
        document = json.loads(body)
    except ValueError as error:
        raise LocalError(f"the API's body is not JSON: {error}") from None
    if fail_on_warnings:
        _require_no_warnings(document)
    _require_known(document, {"gateway-responses", "api-key-source"}, "the document")
    if document.get(f"{EXTENSION}api-key-source", "HEADER") != "HEADER":
        raise LocalError("the local cloud reads API keys only from the header x-api-key")
    schemes = document.get("components", {}).get("securitySchemes", {})
    authorizers = {
        name: _authorizer(name, scheme)
        for name, scheme in schemes.items()
        if f"{EXTENSION}authorizer" in scheme
    }
    operations = [
        _operation(path, key, operation, document, schemes)
        for path, item in document.get("paths", {}).items()
        for key, operation in item.items()
        if key in METHODS
    ]
    responses = document.get(f"{EXTENSION}gateway-responses", {})
    by_key = {(operation.path, operation.method): operation for operation in operations}
    return Api(
        by_key, authorizers, {name: _gateway_response(given) for name, given in responses.items()}
    )


def _require_no_warnings(document: Mapping[str, Any]) -> None:
    found = list(import_warnings.of_schemas(document.get("components", {})))
    for path, item in document.get("paths", {}).items():
        found += [f"{path}: {warning}" for warning in import_warnings.of_schemas(item)]
        for key in METHODS & set(item):
            told = import_warnings.of_responses(item[key])
            found += [f"{key.upper()} {path}: {warning}" for warning in told]
    if found:
        raise LocalError(f"warnings found during the API's import: {'; '.join(sorted(set(found)))}")


def _operation(
    path: str,
    key: str,
    given: Mapping[str, Any],
    document: Mapping[str, Any],
    schemes: Mapping[str, Any],
) -> Operation:
    method = "ANY" if key.startswith(EXTENSION) else key.upper()
    where = f"{method} {path}"
    _require_known(given, {"integration"}, where)
    integration = given.get(f"{EXTENSION}integration")
    if integration is None:
        raise LocalError(f"{where} has no {EXTENSION}integration")
    unknown = set(integration) - set(INTEGRATION) - {"responses"}
    if unknown or integration.get("responses", {}).keys() - {"default"}:
        raise LocalError(
            f"{where}: the local cloud cannot honour the integration's {sorted(unknown) or ['responses']}"
        )
    arguments = {api: integration[name] for name, api in INTEGRATION.items() if name in integration}
    arguments["type"] = str(arguments.get("type", "")).upper()
    requirements = given.get("security", document.get("security", []))
    required = {name: scopes for each in requirements for name, scopes in each.items()}
    authorizer = next(
        (name for name in required if f"{EXTENSION}authorizer" in schemes.get(name, {})), ""
    )
    return Operation(
        path,
        method,
        arguments,
        authorizer,
        tuple(required.get(authorizer, ())),
        api_key=any(_is_api_key(schemes.get(name, {})) for name in required),
    )


def _is_api_key(scheme: Mapping[str, Any]) -> bool:
    return scheme.get("type") == "apiKey" and str(scheme.get("name")).lower() == "x-api-key"


def _authorizer(name: str, scheme: Mapping[str, Any]) -> Mapping[str, Any]:
    given = scheme[f"{EXTENSION}authorizer"]
    if given.get("type") != "cognito_user_pools":
        raise LocalError(
            f"authorizer {name}: only the type cognito_user_pools is supported on the local cloud"
        )
    source = f"method.request.header.{scheme.get('name', 'Authorization')}"
    arguments = {
        "type": "COGNITO_USER_POOLS",
        "providerARNs": given["providerARNs"],
        "identitySource": source,
    }
    if "authorizerResultTtlInSeconds" in given:
        arguments["authorizerResultTtlInSeconds"] = int(given["authorizerResultTtlInSeconds"])
    return arguments


def _gateway_response(given: Mapping[str, Any]) -> Mapping[str, Any]:
    response = {
        key: given[key] for key in ("responseParameters", "responseTemplates") if key in given
    }
    return response | ({"statusCode": str(given["statusCode"])} if "statusCode" in given else {})


def _require_known(given: Mapping[str, Any], known: set[str], where: str) -> None:
    extensions = {key.removeprefix(EXTENSION) for key in given if key.startswith(EXTENSION)}
    if extensions - known:
        names = ", ".join(f"{EXTENSION}{name}" for name in sorted(extensions - known))
        raise LocalError(f"{where}: the local cloud cannot honour {names}")

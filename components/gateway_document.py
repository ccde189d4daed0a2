"""The part of the contract that API Gateway is made from.

The gateway routes requests, checks tokens and keys, and calls the function; requests are validated
by the function, with the whole contract. What the gateway would import besides makes models that
nothing uses, and warnings, because it supports only a part of JSON schema:
https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
"""

import re
from typing import Any

_METHODS = ("get", "put", "post", "delete", "options", "patch")
_EXTENSION = "x-amazon-apigateway-"


def gateway_document(contract: dict[str, Any], *, require_key: bool) -> dict[str, Any]:
    """An OpenAPI document with the contract's paths, security and extensions for API Gateway.

    Beside each `get` it has a `head`, because both are to answer in HTTP
    (https://www.rfc-editor.org/rfc/rfc9110#section-9.1). With `require_key`, every operation asks
    for the API's key.
    """
    schemes = contract["components"]["securitySchemes"]
    document: dict[str, Any] = {
        "openapi": contract["openapi"],
        "info": contract["info"],
        "paths": {
            path: _operations(path, item, contract.get("security", []))
            for path, item in contract["paths"].items()
        },
        "components": {"securitySchemes": schemes},
        **{key: value for key, value in contract.items() if key.startswith(_EXTENSION)},
    }
    return _with_key(document) if require_key else document


def _operations(path: str, item: dict[str, Any], security: list[Any]) -> dict[str, Any]:
    found = {
        method: _operation(path, {"security": security} | item[method])
        for method in _METHODS
        if method in item
    }
    if "get" in found:
        found["head"] = {key: part for key, part in found["get"].items() if key != "operationId"}
    return found


def _operation(path: str, operation: dict[str, Any]) -> dict[str, Any]:
    """What the gateway uses of one operation.

    A path's parameters are declared in each operation, as text, and a response has a description
    alone. That is how the gateway itself writes them when it exports an API:
    https://docs.aws.amazon.com/apigateway/latest/developerguide/api-as-s3-proxy-export-swagger-with-extensions.html
    OpenAPI wants a response in each operation, and the gateway knows status codes, not `default`.
    """
    kept = ("operationId", f"{_EXTENSION}integration")
    found = {key: operation[key] for key in kept if key in operation}
    if operation["security"]:
        found["security"] = operation["security"]
    if names := re.findall(r"{(\w+)}", path):
        found["parameters"] = [
            {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
            for name in names
        ]
    found["responses"] = {
        status: {"description": response["description"]}
        for status, response in operation["responses"].items()
        if status != "default"
    }
    return found


def _with_key(document: dict[str, Any]) -> dict[str, Any]:
    """Every operation asks for the key, beside the customer's token where it asks for one.

    In OpenAPI a list of requirements means any of them; API Gateway asks for the key and for the
    token. So AWS's own tools write it:
    https://docs.aws.amazon.com/apigateway/latest/developerguide/api-key-usage-plan-oas.html
    https://github.com/aws/serverless-application-model/blob/develop/samtranslator/swagger/swagger.py
    """
    key = {"type": "apiKey", "name": "x-api-key", "in": "header"}
    schemes = document["components"]["securitySchemes"]
    paths = {
        path: {
            method: operation | {"security": [*operation.get("security", []), {"api_key": []}]}
            for method, operation in item.items()
        }
        for path, item in document["paths"].items()
    }
    return document | {
        f"{_EXTENSION}api-key-source": "HEADER",
        "components": {"securitySchemes": schemes | {"api_key": key}},
        "paths": paths,
    }

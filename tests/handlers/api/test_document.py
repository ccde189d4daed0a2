"""The contract is read by a gateway, a validator and a type generator, and the code keeps to it."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from handlers.api import app, payment_webhook
from handlers.api.contract import document
from handlers.domain.order import OrderRequest, OrderStatus, RejectionReason
from tests.support.database import ORDER_ID
from tests.support.rest_client import RestClient

# What stands for a function in the contract, and the module that answers for it.
FUNCTIONS = {"${ApiFunctionInvokeArn}": app, "${WebhookFunctionInvokeArn}": payment_webhook}
NOT_READ_ALIKE = {
    "anyOf",
    "discriminator",
    "exclusiveMaximum",
    "exclusiveMinimum",
    "nullable",
    "oneOf",
    "readOnly",
    "writeOnly",
}
ANSWERED_BY_THE_GATEWAY = {
    "ACCESS_DENIED",
    "DEFAULT_4XX",
    "DEFAULT_5XX",
    "INVALID_API_KEY",
    "REQUEST_TOO_LARGE",
    "THROTTLED",
    "UNAUTHORIZED",
}


def keys(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        yield from node
        for value in node.values():
            yield from keys(value)
    if isinstance(node, list):
        for value in node:
            yield from keys(value)


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in document()["paths"].items():
        for method, operation in item.items():
            if method != "parameters":
                yield method.upper(), path, operation


def test_the_document_keeps_to_what_everybody_reads_alike() -> None:
    assert set(keys(document())) & NOT_READ_ALIKE == set()


def function_of(operation: dict[str, Any]) -> Any:
    """The module whose function the gateway calls for the operation."""
    return FUNCTIONS[operation["x-amazon-apigateway-integration"]["uri"]]


@pytest.mark.parametrize("function", FUNCTIONS.values())
def test_a_functions_routes_are_the_contracts(function: Any) -> None:
    registered = {
        (method, re.sub(r"<(\w+)>", r"{\1}", str(route.path)).replace("_id", "Id"))
        for route in function.app._static_routes + function.app._dynamic_routes
        for method in ([route.method] if isinstance(route.method, str) else route.method)
    }
    declared = {
        (method, path)
        for method, path, operation in operations()
        if function_of(operation) is function
    }
    assert registered == declared


@pytest.mark.usefixtures("products", "anybody")
def test_the_code_asks_for_a_sign_in_where_the_contract_does() -> None:
    for method, path, operation in operations():
        asked = path.replace("{orderId}", ORDER_ID).replace("{productId}", "mug")
        stranger = RestClient(None, function_of(operation).lambda_handler)
        answer = stranger.request(method, asked, {} if method == "POST" else None)
        assert (answer.status == 401) is ("security" in operation), (method, path)


def test_every_operation_has_a_name_of_its_own_and_a_problem_for_an_answer() -> None:
    names = [operation["operationId"] for _, _, operation in operations()]
    assert len(names) == len(set(names))
    problem = {"$ref": "#/components/responses/Problem"}
    assert all(operation["responses"]["default"] == problem for _, _, operation in operations())


def test_every_operation_reaches_a_function() -> None:
    for _, _, operation in operations():
        integration = operation["x-amazon-apigateway-integration"]
        assert integration["type"] == "aws_proxy"
        assert integration["httpMethod"] == "POST"
        assert integration["uri"] in FUNCTIONS


def test_statuses_and_reasons_are_the_domains() -> None:
    schemas = document()["components"]["schemas"]
    assert schemas["OrderStatus"]["enum"] == list(OrderStatus)
    assert schemas["RejectionReason"]["enum"] == list(RejectionReason)


def test_what_comes_of_a_payment_event_is_the_codes() -> None:
    outcome = document()["components"]["schemas"]["PaymentEventOutcome"]["properties"]["outcome"]
    assert outcome["enum"] == list(payment_webhook.Outcome)


def test_what_a_customer_asks_for_is_the_domains() -> None:
    schema = document()["components"]["schemas"]["OrderRequest"]
    assert set(schema["properties"]) == OrderRequest.__annotations__.keys()
    assert set(schema["required"]) == OrderRequest.__required_keys__


def unbounded(schema: dict[str, Any], path: str = "") -> Iterator[str]:
    """The parts of a value of this schema that may be as large as one likes."""
    if "$ref" in schema:
        schema = document()["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    pattern = schema.get("pattern", "*$")
    bounds = {
        "object": schema.get("additionalProperties") is False,
        "array": "maxItems" in schema,
        "integer": {"minimum", "maximum"} <= set(schema),
        "string": "maxLength" in schema or not re.search(r"[*+]\$$", pattern),
    }
    if not bounds[schema["type"]]:
        yield path
    for name, inner in schema.get("properties", {}).items():
        yield from unbounded(inner, f"{path}.{name}")
    if "items" in schema:
        yield from unbounded(schema["items"], f"{path}[]")


def test_every_part_of_a_request_is_bounded() -> None:
    """What has no bound is bounded by the database, with an error that names no path."""
    assert list(unbounded({"$ref": "#/components/schemas/OrderRequest"})) == []


def test_the_gateways_own_answers_are_problems_without_a_word_of_the_clients() -> None:
    responses = document()["x-amazon-apigateway-gateway-responses"]
    assert set(responses) >= ANSWERED_BY_THE_GATEWAY
    for name, response in responses.items():
        headers = response["responseParameters"]
        kind = headers["gatewayresponse.header.Content-Type"]
        assert kind == "'application/problem+json'", name
        assert headers["gatewayresponse.header.Cache-Control"] == "'no-store'", name
        [template] = response["responseTemplates"].values()
        problem = json.loads(template)
        assert {"type", "title"} <= set(problem), name
        assert problem.get("status") == response.get("statusCode"), name
        assert "$" not in template, name

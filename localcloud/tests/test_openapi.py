"""REST APIs from OpenAPI bodies: what is read, what is refused, and that a live API changes only where its body did."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from localcloud import web
from localcloud.errors import LocalError
from localcloud.provision import openapi
from localcloud.provision.aws import Aws
from localcloud.tests.support.toy import Toy

ROUTE = {
    "x-amazon-apigateway-integration": {"type": "aws_proxy", "httpMethod": "POST", "uri": "arn:fn"}
}
CUSTOMER = {
    "type": "apiKey",
    "name": "Authorization",
    "in": "header",
    "x-amazon-apigateway-authorizer": {"type": "cognito_user_pools", "providerARNs": ["arn:pool"]},
}


def document(paths: Mapping[str, Any], **more: Any) -> str:
    schemes = {"components": {"securitySchemes": {"customer": CUSTOMER}}}
    return json.dumps({"openapi": "3.0.1", "paths": paths} | schemes | more)


def test_operations_carry_integration_and_authorizer() -> None:
    api = openapi.parse(
        document(
            {
                "/a": {
                    "parameters": [],
                    "get": ROUTE,
                    "post": ROUTE | {"security": [{"customer": ["s"]}]},
                },
                "/b": {"x-amazon-apigateway-any-method": ROUTE},
            }
        )
    )
    assert set(api.operations) == {("/a", "GET"), ("/a", "POST"), ("/b", "ANY")}
    assert api.operations["/a", "GET"].authorizer == ""
    assert api.operations["/a", "POST"].authorizer == "customer"
    assert api.operations["/a", "POST"].scopes == ("s",)
    assert api.operations["/a", "GET"].integration == {
        "type": "AWS_PROXY",
        "integrationHttpMethod": "POST",
        "uri": "arn:fn",
    }
    assert api.authorizers["customer"]["identitySource"] == "method.request.header.Authorization"


def test_the_documents_security_counts_where_an_operation_has_none() -> None:
    paths = {"/a": {"get": ROUTE, "post": ROUTE | {"security": []}}}
    operations = openapi.parse(document(paths, security=[{"customer": []}])).operations
    assert operations["/a", "GET"].authorizer == "customer"
    assert operations["/a", "POST"].authorizer == ""


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("{", "the API's body is not JSON"),
        (document({"/a": {"get": {}}}), "GET /a has no x-amazon-apigateway-integration"),
        (
            document({}, **{"x-amazon-apigateway-policy": {}}),
            "the document: the local cloud cannot honour x-amazon-apigateway-policy",
        ),
        (
            document({"/a": {"get": ROUTE | {"x-amazon-apigateway-request-validator": "all"}}}),
            "GET /a: the local cloud cannot honour x-amazon-apigateway-request-validator",
        ),
        (
            document(
                {
                    "/a": {
                        "get": {
                            "x-amazon-apigateway-integration": {"type": "mock", "tlsConfig": {}}
                        }
                    }
                }
            ),
            "GET /a: the local cloud cannot honour the integration's .*tlsConfig",
        ),
    ],
)
def test_what_would_be_lost_is_an_error_that_names_it(body: str, message: str) -> None:
    with pytest.raises(LocalError, match=message):
        openapi.parse(body)


OK = {"200": {"description": "OK"}}
ORDER = {"type": "object", "properties": {"pattern": {"type": "string"}}}


def body_of(schema: Mapping[str, Any]) -> dict[str, Any]:
    """The part of an operation or response that has this schema."""
    return {"content": {"application/json": {"schema": schema}}}


@pytest.mark.parametrize(
    ("paths", "more", "warning"),
    [
        ({"/a": {"get": ROUTE}}, {}, "GET /a: it has no responses"),
        ({"/a": {"get": ROUTE | {"responses": {}}}}, {}, "GET /a: it has no responses"),
        (
            {"/a": {"get": ROUTE | {"responses": OK | {"default": OK["200"]}}}},
            {},
            "GET /a: the response 'default' has no status code",
        ),
        (
            {"/a": {"get": ROUTE | {"responses": {"200": {}}}}},
            {},
            "GET /a: the response '200' has no description",
        ),
        (
            {
                "/a": {
                    "post": ROUTE
                    | {"responses": OK, "requestBody": body_of({"items": {"pattern": "a"}})}
                }
            },
            {},
            "/a: 'pattern' is not supported",
        ),
        (
            {},
            {"components": {"schemas": {"Order": ORDER | {"additionalProperties": False}}}},
            "'additionalProperties' is not supported",
        ),
    ],
)
def test_a_warning_of_the_import_is_an_error_only_where_the_program_says_so(
    paths: Mapping[str, Any], more: Mapping[str, Any], warning: str
) -> None:
    body = document(paths, **more)
    openapi.parse(body)
    with pytest.raises(LocalError, match=f"^warnings found during the API's import: {warning}$"):
        openapi.parse(body, fail_on_warnings=True)


def test_what_the_gateway_imports_whole_is_no_warning() -> None:
    answer = {"200": {"description": "OK"} | body_of({"$ref": "#/components/schemas/Order"})}
    api = openapi.parse(
        document(
            {"/a": {"get": ROUTE | {"responses": answer}}},
            components={"schemas": {"Order": ORDER, "example": {"type": "string"}}},
        ),
        fail_on_warnings=True,
    )
    assert set(api.operations) == {("/a", "GET")}


def test_an_api_that_fails_on_warnings_is_not_brought_up_with_one(toy: Toy) -> None:
    api = "aws.apigateway.RestApi('api', body={body!r}, fail_on_warnings={strict})"
    body = document({"/a": {"get": ROUTE}}, components={})
    toy.program(api.format(body=body, strict=True))
    with pytest.raises(LocalError, match=r"^warnings found .*: GET /a: it has no responses$"):
        toy.up()
    toy.program(api.format(body=body, strict=False))
    toy.up()


PROGRAM = """
import pathlib

trust = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole",
    "Principal": {"Service": "lambda.amazonaws.com"}}]})
role = aws.iam.Role("role", assume_role_policy=trust)
function = aws.lambda_.Function(
    "echo", runtime="python3.13", handler="echo.run", role=role.arn,
    code=pulumi.AssetArchive({"echo.py": pulumi.StringAsset(
        "def run(event, _): return {'statusCode': 200, 'body': event['resource']}")}),
)
body = function.invoke_arn.apply(
    lambda arn: pathlib.Path(__file__).with_name("api.json").read_text().replace("arn:fn", arn))
api = aws.apigateway.RestApi("api", body=body)
deployment = aws.apigateway.Deployment("deployment", rest_api=api.id, triggers={"body": body})
stage = aws.apigateway.Stage("stage", rest_api=api.id, stage_name="live", deployment=deployment.id)
pulumi.export("apiUrl", stage.invoke_url)
"""


def test_a_changed_body_adds_changes_and_removes_routes_of_the_live_api(toy: Toy, aws: Aws) -> None:
    def answers(*paths: str) -> list[Any]:
        found = [web.request("GET", outputs["apiUrl"] + path) for path in paths]
        return [answer.body.decode() if answer.status == 200 else answer.status for answer in found]

    paths = {
        "/kept": {"get": ROUTE},
        "/gone/{id}": {"get": ROUTE},
        "/gone/{id}/deep": {"get": ROUTE},
    }
    toy.program(PROGRAM)
    responses = {
        "x-amazon-apigateway-gateway-responses": {
            "MISSING_AUTHENTICATION_TOKEN": {"statusCode": "404"}
        }
    }
    toy.write("api.json", document(paths, components={}, **responses))
    outputs = toy.up()
    assert answers("/kept", "/gone/1", "/gone/1/deep", "/new") == [
        "/kept",
        "/gone/{id}",
        "/gone/{id}/deep",
        404,
    ]
    toy.write(
        "api.json",
        document({"/kept": {"get": ROUTE}, "/new": {"get": ROUTE}}, components={}, **responses),
    )
    assert toy.up() == outputs
    assert (toy.did("updated"), toy.did("replaced")) == (["api", "stage"], ["deployment"])
    assert answers("/kept", "/gone/1", "/gone/1/deep", "/new") == ["/kept", 404, 404, "/new"]
    (api,) = aws.apigateway.get_rest_apis()["items"]
    resources = aws.apigateway.get_resources(restApiId=api["id"])["items"]
    assert sorted(resource["path"] for resource in resources) == ["/", "/kept", "/new"]

import hashlib
import json
from typing import Any

from local.registration import Recording
from tests.components.recorded import REST_API, document, given


def body(declared: Recording) -> dict[str, Any]:
    [api] = declared.of_type(REST_API)
    return document(api, "body")


def test_every_operation_reaches_the_stacks_own_function(declared: Recording) -> None:
    uris = {
        operation["x-amazon-apigateway-integration"]["uri"]
        for path in body(declared)["paths"].values()
        for method, operation in path.items()
        if method != "parameters"
    }
    assert uris == {"<Function.order-api-customers.invokeArn>"}


def test_tokens_are_checked_against_the_stacks_own_pool(declared: Recording) -> None:
    [scheme] = body(declared)["components"]["securitySchemes"].values()
    authorizer = scheme["x-amazon-apigateway-authorizer"]
    assert authorizer["type"] == "cognito_user_pools"
    assert authorizer["providerARNs"] == ["<UserPool.identity-pool.arn>"]


def test_nothing_is_left_to_fill_in(declared: Recording) -> None:
    assert "${" not in json.dumps(body(declared))


def test_a_changed_contract_is_deployed_and_an_unchanged_one_is_not(declared: Recording) -> None:
    [api] = declared.of_type(REST_API)
    [deployment] = declared.of_type("aws:apigateway/deployment:Deployment")
    digest = hashlib.sha256(given(api, "body").encode()).hexdigest()
    assert given(deployment, "triggers") == {"body": digest}


def test_the_api_admits_what_the_config_says_and_bursts_of_twice_as_many(
    declared: Recording,
) -> None:
    [limits] = declared.of_type("aws:apigateway/methodSettings:MethodSettings")
    assert given(limits, "methodPath") == "*/*"
    settings = given(limits, "settings")
    assert (settings["throttlingRateLimit"], settings["throttlingBurstLimit"]) == (100, 200)

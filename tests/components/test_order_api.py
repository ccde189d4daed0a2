import json
import re
from pathlib import Path
from typing import Any

import pytest

from components import order_api
from localcloud.recorder import record
from localcloud.registration import Recording
from tests.support.recorded_stacks import REST_API, document, given, recording


def body(declared: Recording) -> dict[str, Any]:
    [api] = declared.of_type(REST_API)
    return document(api, "body")


def test_every_operation_reaches_its_function_of_the_stack(declared: Recording) -> None:
    webhook = body(declared)["paths"].pop("/api/payments/webhook")["post"]
    others = [each for each in operations(body(declared)) if each != webhook]
    assert {called(each) for each in others} == {"<Function.order-api-customers.invokeArn>"}
    assert called(webhook) == "<Function.payment-webhook.invokeArn>"


def called(operation: dict[str, Any]) -> str:
    return operation["x-amazon-apigateway-integration"]["uri"]


def test_the_gateway_may_call_each_function_that_a_route_reaches(declared: Recording) -> None:
    allowed = {
        given(each, "function")
        for each in declared.of_type("aws:lambda/permission:Permission")
        if given(each, "sourceArn") == "<RestApi.order-api-rest.executionArn>/*"
    }
    reached = {called(each) for each in operations(body(declared))}
    assert {each.replace(".name>", ".invokeArn>") for each in allowed} == reached


def test_tokens_are_checked_against_the_stacks_own_pool(declared: Recording) -> None:
    scheme = body(declared)["components"]["securitySchemes"]["customer"]
    authorizer = scheme["x-amazon-apigateway-authorizer"]
    assert authorizer["type"] == "cognito_user_pools"
    assert authorizer["providerARNs"] == ["<UserPool.identity-pool.arn>"]


def operations(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [operation for item in document["paths"].values() for operation in item.values()]


def test_where_cloudfront_is_required_every_operation_asks_for_its_key_and_keeps_its_customer() -> (
    None
):
    found = recording("dev", requireCloudFront=True)
    required, open_to_all = body(found), body(recording("dev"))
    scheme = {"type": "apiKey", "name": "x-api-key", "in": "header"}
    assert required["components"]["securitySchemes"]["api_key"] == scheme
    assert required["x-amazon-apigateway-api-key-source"] == "HEADER"
    for operation, before in zip(operations(required), operations(open_to_all), strict=True):
        assert operation["security"] == [*before.get("security", []), {"api_key": []}]


@pytest.mark.parametrize("required", [False, True])
def test_the_distribution_alone_sends_the_key_of_the_stage_before_it_is_required(
    required: bool,
) -> None:
    found = recording("dev", requireCloudFront=required)
    [plan] = found.of_type("aws:apigateway/usagePlan:UsagePlan")
    [member] = found.of_type("aws:apigateway/usagePlanKey:UsagePlanKey")
    api = "<RestApi.order-api-rest.id>"
    assert given(plan, "apiStages") == [{"apiId": api, "stage": "live"}]
    assert given(member, "keyId") == "<ApiKey.order-api-key.id>"
    assert given(member, "usagePlanId") == "<UsagePlan.order-api-plan.id>"
    value = "<ApiKey.order-api-key.value>"
    holders = [each.name for each in found.resources if value in str(dict(each.inputs))]
    assert holders == ["storefront-delivery-distribution"]
    masked = [each.name for each in found.resources if value in str(dict(each.masked_inputs))]
    assert masked == []


def test_where_it_is_not_nobody_is_asked_for_a_key() -> None:
    assert "x-api-key" not in json.dumps(body(recording("dev")))


def test_nothing_is_left_to_fill_in(declared: Recording) -> None:
    assert "${" not in json.dumps(body(declared))


def trigger(found: Recording) -> Any:
    [deployment] = found.of_type("aws:apigateway/deployment:Deployment")
    return given(deployment, "triggers")


def declare() -> Recording:
    """The program as it stands, not as it stood for another test."""
    return record("dev", "placeholder", {"bundlePlatform": "host"})


def test_an_unchanged_api_is_not_deployed_anew() -> None:
    assert trigger(declare()) == trigger(declare())


def test_a_changed_route_is_deployed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = trigger(declare())
    contract = tmp_path / "openapi.yaml"
    contract.write_text(order_api.CONTRACT.read_text().replace("/receipt:", "/invoice:"))
    monkeypatch.setattr(order_api, "CONTRACT", contract)
    assert trigger(declare()) != before


@pytest.mark.parametrize("name", sorted(order_api.SETTINGS))
def test_every_setting_of_the_api_is_deployed(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before = trigger(declare())
    monkeypatch.delitem(order_api.SETTINGS, name)
    assert trigger(declare()) != before


def test_no_setting_of_the_api_is_left_out_of_what_is_deployed(declared: Recording) -> None:
    [api] = declared.of_type(REST_API)
    settings = {re.sub("_(.)", lambda m: m[1].upper(), name) for name in order_api.SETTINGS}
    about_the_import = {"putRestApiMode", "failOnWarnings"}
    assert set(api.inputs) == settings | {"body", "tags"} | about_the_import


def test_an_import_that_leaves_something_out_fails(declared: Recording) -> None:
    [api] = declared.of_type(REST_API)
    assert given(api, "failOnWarnings") is True


def test_the_api_admits_what_the_config_says_and_bursts_of_twice_as_many(
    declared: Recording,
) -> None:
    [limits] = declared.of_type("aws:apigateway/methodSettings:MethodSettings")
    assert given(limits, "methodPath") == "*/*"
    settings = given(limits, "settings")
    assert (settings["throttlingRateLimit"], settings["throttlingBurstLimit"]) == (100, 200)

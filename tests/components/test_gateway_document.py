"""What API Gateway is made from: all that it uses of the contract, and nothing else."""

import copy
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from schemathesis.specs.openapi import definitions

from components.gateway_document import gateway_document
from handlers.api.contract import document
from localcloud.errors import LocalError
from localcloud.provision import openapi

ROUTE = {"responses": {"200": {"description": "Here it is"}}}


def operations(given: dict[str, Any]) -> Iterator[tuple[tuple[str, str], dict[str, Any]]]:
    for path, item in given["paths"].items():
        for method, operation in item.items():
            if method != "parameters":
                yield (path, method), operation


@pytest.mark.parametrize("require_key", [False, True])
def test_the_import_has_nothing_to_warn_about(require_key: bool) -> None:
    openapi.parse(json.dumps(gateway_document(document(), require_key=require_key)), True)


@pytest.mark.parametrize("require_key", [False, True])
def test_it_is_a_valid_openapi_document(require_key: bool) -> None:
    sent = gateway_document(document(), require_key=require_key)
    definitions.OPENAPI_30_VALIDATOR.validate(sent)
    for (path, _method), operation in operations(sent):
        declared = [each["name"] for each in operation.get("parameters", [])]
        assert declared == re.findall(r"{(\w+)}", path)


def test_every_route_keeps_its_integration_and_who_may_call_it() -> None:
    sent = dict(operations(gateway_document(document(), require_key=False)))
    integration = "x-amazon-apigateway-integration"
    for route, operation in operations(document()):
        assert sent[route][integration] == operation[integration]
        assert sent[route].get("security") == operation.get("security")


def test_head_is_routed_and_guarded_wherever_get_is() -> None:
    contract = document()
    contract = contract | {"paths": contract["paths"] | {"/sent": {"post": ROUTE}}}
    for item in gateway_document(contract, require_key=True)["paths"].values():
        expected = {key: part for key, part in item.get("get", {}).items() if key != "operationId"}
        assert item.get("head", {}) == expected


def test_what_the_whole_document_asks_for_is_asked_for_by_each_operation() -> None:
    """Otherwise a route could be open on the gateway that the contract closes."""
    contract = document() | {
        "security": [{"customer": []}],
        "paths": {"/own": {"get": ROUTE, "post": ROUTE | {"security": []}}},
    }
    sent = gateway_document(contract, require_key=False)["paths"]["/own"]
    assert sent["get"]["security"] == [{"customer": []}]
    assert "security" not in sent["post"]


def test_authorizers_and_the_gateways_own_answers_are_the_contracts() -> None:
    contract, sent = document(), gateway_document(document(), require_key=False)
    assert sent["components"] == {"securitySchemes": contract["components"]["securitySchemes"]}
    answers = "x-amazon-apigateway-gateway-responses"
    assert sent[answers] == contract[answers]


def test_what_the_handlers_validate_is_not_sent() -> None:
    """So a change of it neither imports the API anew nor deploys it."""
    contract = copy.deepcopy(document())
    before = gateway_document(contract, require_key=False)
    contract["components"]["schemas"]["OrderRequest"]["properties"]["gift"] = {"type": "boolean"}
    contract["components"]["parameters"]["OrderId"]["schema"]["pattern"] = "^[a-z]$"
    contract["paths"]["/api/orders"]["get"]["parameters"][0]["schema"]["maximum"] = 100
    contract["paths"]["/api/orders"]["post"]["summary"] = "Order"
    assert gateway_document(contract, require_key=False) == before


def test_the_contract_is_left_as_it_was() -> None:
    contract = copy.deepcopy(document())
    gateway_document(contract, require_key=True)
    assert contract == document()


def test_the_whole_contract_would_be_refused() -> None:
    """The local cloud warns about what is left out, so that sending it again would show."""
    with pytest.raises(LocalError, match="'pattern' is not supported"):
        openapi.parse(json.dumps(document()), True)

"""Where an operation's parameters are found in the contract."""

import re
from typing import Any

import pytest

from handlers.api.contract import accepts, document, parameter_schemas
from tests.support.database import ORDER_ID

# https://spec.openapis.org/oas/v3.0.3#path-item-object
METHODS = ["get", "put", "post", "delete", "options", "head", "patch", "trace"]


def with_operation(method: str, own: list[Any]) -> dict[str, Any]:
    """A document with one operation, whose path declares `id` by reference."""
    path = {
        "parameters": [{"$ref": "#/components/parameters/Id"}],
        method: {"operationId": "wanted", "parameters": own},
    }
    declared = {"name": "id", "in": "path", "schema": {"type": "string"}}
    components = {"parameters": {"Id": declared}}
    return {"paths": {"/other": {}, "/things/{id}": path}, "components": components}


@pytest.mark.parametrize("method", METHODS)
def test_an_operation_of_any_method_has_its_paths_parameters(method: str) -> None:
    own = [{"name": "limit", "in": "query", "schema": {"type": "integer"}}]
    assert parameter_schemas(with_operation(method, own), "wanted") == {
        "id": {"type": "string"},
        "limit": {"type": "integer"},
    }


def test_an_operations_own_parameter_replaces_its_paths() -> None:
    own = [{"name": "id", "in": "path", "schema": {"type": "integer"}}]
    assert parameter_schemas(with_operation("get", own), "wanted") == {"id": {"type": "integer"}}


def test_every_parameter_in_a_path_of_the_contract_has_a_schema() -> None:
    for path, item in document()["paths"].items():
        for method in item.keys() & METHODS:
            schemas = parameter_schemas(document(), item[method]["operationId"])
            assert set(re.findall(r"\{(\w+)\}", path)) <= set(schemas), path


@pytest.mark.parametrize(
    ("value", "valid"),
    [
        (ORDER_ID, True),
        (f"{ORDER_ID}\n", False),
        (f"{ORDER_ID}A", False),
        (ORDER_ID.lower(), False),
        ("", False),
        (None, False),
        (7, False),
        ([ORDER_ID], False),
    ],
)
def test_an_order_id_is_what_the_contract_says(value: Any, valid: bool) -> None:
    assert accepts("getOrder", "orderId", value) is valid

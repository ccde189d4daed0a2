"""Requests made up from the contract, right ones and wrong ones: every answer is one it describes.

https://schemathesis.readthedocs.io. The same examples in every run; the unit tests say what each
answer must be, here is asked that none of them surprises a client that has read the document.
"""

import copy
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import CheckFunction
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from handlers.api.contract import document
from tests.support.live_system import Customer, LiveSystem

_EXAMPLES = 40
_CHECKS: list[CheckFunction] = [
    schemathesis.checks.not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
]


def _as_clients_read_it(part: Any) -> Any:
    """The contract without what is for API Gateway alone."""
    if isinstance(part, dict):
        return {
            name: _as_clients_read_it(value)
            for name, value in part.items()
            if not name.startswith("x-amazon-")
        }
    if isinstance(part, list):
        return [_as_clients_read_it(each) for each in part]
    return copy.copy(part)


contract = schemathesis.openapi.from_dict(_as_clients_read_it(document()))
# A query parameter that nobody knows is passed over, as everywhere on the web.
contract.config.generation.allow_extra_parameters = False


@pytest.fixture(scope="module")
def customer(shop: LiveSystem) -> Iterator[Customer]:
    customer = shop.customer()
    yield customer
    for placed in customer.request("GET", "/api/orders?limit=50").json()["orders"]:
        shop.settled(placed["orderId"])


@contract.parametrize()
@settings(
    max_examples=_EXAMPLES,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_every_answer_is_in_the_contract(case: schemathesis.Case, customer: Customer) -> None:
    answer = case.call(base_url=customer.api, headers={"Authorization": f"Bearer {customer.token}"})
    assert answer.status_code < 500
    case.validate_response(answer, checks=_CHECKS)

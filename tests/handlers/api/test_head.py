"""HEAD of what GET answers: https://www.rfc-editor.org/rfc/rfc9110#section-9.3.2"""

from typing import Any

import pytest

from handlers.api.contract import document
from tests.support.rest_client import RestClient

pytestmark = pytest.mark.usefixtures("products")
GET = [path for path, item in document()["paths"].items() if "get" in item]


@pytest.mark.parametrize("path", [*GET, "/api/products/never", "/api/orders?limit=0", "/api/gone"])
def test_it_is_answered_as_get_whoever_asks(
    anna: RestClient, ben: RestClient, anybody: RestClient, basket: dict[str, Any], path: str
) -> None:
    placed = anna.place(basket).body["orderId"]
    asked = path.replace("{orderId}", placed).replace("{productId}", "mug")
    for client in (anna, ben, anybody):
        assert client.request("HEAD", asked) == client.get(asked)


def test_it_places_no_order(anna: RestClient, basket: dict[str, Any]) -> None:
    anna.request("HEAD", "/api/orders", basket, Idempotency_Key="basket-1")
    assert anna.get("/api/orders").body["orders"] == []

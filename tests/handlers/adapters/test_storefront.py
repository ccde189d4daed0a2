from collections.abc import Iterator

import pytest
from aws_lambda_powertools.utilities.parameters.exceptions import GetParameterError

from handlers.adapters import storefront
from handlers.runtime.aws import client


@pytest.fixture(autouse=True)
def parameter(aws: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("STOREFRONT_PARAMETER", "/orders/test/storefront-url")
    storefront._provider.cache_clear()  # pyright: ignore[reportPrivateUsage]
    yield "/orders/test/storefront-url"
    storefront._provider.cache_clear()  # pyright: ignore[reportPrivateUsage]


def put(name: str, origin: str) -> None:
    client("ssm").put_parameter(Name=name, Value=origin, Type="String", Overwrite=True)


def test_an_orders_page_is_at_the_storefronts_address(parameter: str) -> None:
    put(parameter, "https://shop.example")
    assert storefront.order_page("ABC") == "https://shop.example/orders/ABC"


def test_the_address_is_read_once_for_many_orders(parameter: str) -> None:
    put(parameter, "https://shop.example")
    storefront.order_page("ABC")
    put(parameter, "https://other.example")
    assert storefront.order_page("DEF") == "https://shop.example/orders/DEF"


def test_a_storefront_without_an_address_is_a_fault() -> None:
    with pytest.raises(GetParameterError):
        storefront.order_page("ABC")

from decimal import Decimal
from itertools import product
from typing import Any

import pytest

from handlers.domain.product import product_of

MUG: dict[str, Any] = {
    "productId": "mug",
    "name": "Mug",
    "description": "",
    "price": 1400,
    "currency": "USD",
    "image": "/images/mug.svg",
    "available": 5,
    "taken": 0,
    "stocked": 5,
}


def test_a_product_is_read_as_it_is() -> None:
    assert product_of("mug", MUG) == MUG
    free = MUG | {"price": 0, "available": 0}
    assert product_of("mug", free) == free


@pytest.mark.parametrize(
    ("names", "values"),
    [
        (("productId",), ["pen", None, 1]),
        (("name", "description", "image"), [None, 1, ["Mug"], Decimal("1.5")]),
        (("price", "available", "taken", "stocked"), [None, True, "12", -1, Decimal("19.99")]),
        (("currency",), [None, "usd", "US", "DOLLAR", 840]),
    ],
)
def test_what_is_not_as_it_should_be_is_named(names: tuple[str, ...], values: list[Any]) -> None:
    for name, value in product(names, values):
        with pytest.raises(ValueError, match=rf"^missing or wrong: {name}$"):
            product_of("mug", MUG | {name: value})


@pytest.mark.parametrize("name", sorted(MUG))
def test_what_is_missing_is_named(name: str) -> None:
    with pytest.raises(ValueError, match=rf"^missing or wrong: {name}$"):
        product_of("mug", {key: value for key, value in MUG.items() if key != name})


def test_everything_that_is_wrong_is_told_at_once() -> None:
    with pytest.raises(ValueError, match=r"^missing or wrong: name, price, currency$"):
        product_of("mug", MUG | {"name": None, "price": "cheap", "currency": ""})

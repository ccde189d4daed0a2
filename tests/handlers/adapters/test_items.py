from decimal import Decimal
from typing import Any

import pytest

from handlers.adapters.items import decode, encode
from tests.support.database import an_order


def test_an_order_comes_back_from_the_table_as_it_went_in() -> None:
    order = an_order("RECEIVED", payment={"intentId": "pi_1"}, name="Łukasz 漢字", empty="")
    assert decode(encode(order)) == order


@pytest.mark.parametrize("amount", [0, 1, 1999, 2**53 + 1, 10**30])
def test_money_is_an_int_on_the_way_back_whatever_its_size(amount: int) -> None:
    back = decode({"total": {"N": str(amount)}})["total"]
    assert back == amount
    assert type(back) is int


def test_numbers_inside_lists_and_maps_are_ints_too() -> None:
    lines = {"lines": {"L": [{"M": {"quantity": {"N": "2"}}}]}}
    quantity = decode(lines)["lines"][0]["quantity"]
    assert type(quantity) is int


@pytest.mark.parametrize("number", ["19.99", "-0.5", "1E-9"])
def test_a_fraction_is_never_cut(number: str) -> None:
    decoded = decode({"price": {"N": number}, "prices": {"L": [{"N": number}]}})
    assert decoded == {"price": Decimal(number), "prices": [Decimal(number)]}


@pytest.mark.parametrize("value", [1.5, [{"amount": 0.1}], {"amount": float("nan")}])
def test_a_float_never_reaches_the_table(value: Any) -> None:
    with pytest.raises(TypeError, match="Float"):
        encode({"total": value})


def test_truth_and_absence_keep_their_type() -> None:
    item = {"flag": True, "nothing": None, "one": 1}
    typed = {"flag": {"BOOL": True}, "nothing": {"NULL": True}, "one": {"N": "1"}}
    assert encode(item) == typed
    back = decode(typed)
    assert back == item
    assert back["flag"] is True
    assert not isinstance(back["one"], Decimal)

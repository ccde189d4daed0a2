from typing import Any

import pytest

from handlers.domain.order import RejectionReason
from handlers.domain.pricing import Priced, Refused, price

CATALOGUE: dict[str, dict[str, Any]] = {
    "mug": {"name": "Enamel Mug", "price": 1400, "currency": "USD", "available": 5},
    "pen": {"name": "Pen", "price": 1, "currency": "USD", "available": 1000},
    "lamp": {"name": "Lamp", "price": 7999, "currency": "EUR", "available": 3},
}


def line(product_id: str, quantity: int = 1) -> dict[str, Any]:
    return {"productId": product_id, "quantity": quantity}


def usd(amount: int) -> dict[str, Any]:
    return {"amount": amount, "currency": "USD"}


def test_each_line_gets_todays_name_and_price_and_the_total_is_their_sum() -> None:
    priced = price([line("mug", 2), line("pen", 3)], CATALOGUE, usd(2803))
    assert priced == Priced(
        lines=[
            {"productId": "mug", "quantity": 2, "name": "Enamel Mug", "unitPrice": 1400},
            {"productId": "pen", "quantity": 3, "name": "Pen", "unitPrice": 1},
        ],
        total=2803,
    )


@pytest.mark.parametrize("expected", [2802, 2804, 0, -2803, 280_300])
def test_a_total_that_is_not_what_was_shown_is_refused_to_the_cent(expected: int) -> None:
    answer = price([line("mug", 2), line("pen", 3)], CATALOGUE, usd(expected))
    assert answer == Refused(RejectionReason.PRICE_CHANGED, "2803 USD")


def test_a_price_that_a_client_sends_in_a_line_does_not_count() -> None:
    cheap = line("mug") | {"unitPrice": 1, "name": "Gift"}
    assert price([cheap], CATALOGUE, usd(1)) == Refused(RejectionReason.PRICE_CHANGED, "1400 USD")


def test_the_same_number_in_another_currency_is_another_price() -> None:
    answer = price([line("mug")], CATALOGUE, {"amount": 1400, "currency": "JPY"})
    assert answer == Refused(RejectionReason.PRICE_CHANGED, "1400 USD")


def test_a_basket_of_two_currencies_has_no_total_to_agree_with() -> None:
    answer = price([line("mug"), line("lamp")], CATALOGUE, usd(9399))
    assert answer == Refused(RejectionReason.PRICE_CHANGED, "9399 EUR USD")


def test_every_unknown_product_is_named() -> None:
    answer = price([line("gone"), line("mug"), line("never")], CATALOGUE, usd(1400))
    assert answer == Refused(RejectionReason.UNKNOWN_PRODUCT, "gone, never")


def test_every_product_that_is_short_is_named() -> None:
    lines = [line("mug", 6), line("pen", 1000), line("mug", 7)]
    answer = price(lines, CATALOGUE, usd(13 * 1400 + 1000))
    assert answer == Refused(RejectionReason.OUT_OF_STOCK, "mug, mug")


def test_the_last_piece_can_be_bought() -> None:
    assert isinstance(price([line("mug", 5)], CATALOGUE, usd(7000)), Priced)


def test_a_changed_price_is_told_before_a_lack_of_stock() -> None:
    """The customer decides anew on the price; what is left in stock then is another matter."""
    answer = price([line("mug", 6)], CATALOGUE, usd(6 * 1300))
    assert answer == Refused(RejectionReason.PRICE_CHANGED, "8400 USD")


@pytest.mark.parametrize(
    ("unit_price", "quantity"), [(0, 1), (1, 49), (49, 1), (100_000_000, 1), (99_999_999_999, 1000)]
)
def test_a_total_that_can_not_be_paid_is_a_refusal_with_the_exact_amount(
    unit_price: int, quantity: int
) -> None:
    catalogue = {"thing": CATALOGUE["pen"] | {"price": unit_price}}
    total = unit_price * quantity
    answer = price([line("thing", quantity)], catalogue, usd(total))
    assert answer == Refused(RejectionReason.AMOUNT_NOT_ACCEPTED, f"{total} USD")


@pytest.mark.parametrize("total", [50, 99_999_999])
def test_the_least_and_the_most_that_can_be_paid_are_accepted(total: int) -> None:
    catalogue = {"thing": CATALOGUE["pen"] | {"price": total}}
    assert isinstance(price([line("thing")], catalogue, usd(total)), Priced)


def test_an_order_in_a_currency_that_the_shop_does_not_take_is_refused() -> None:
    catalogue = {"thing": CATALOGUE["pen"] | {"price": 5000, "currency": "KWD"}}
    answer = price([line("thing")], catalogue, {"amount": 5000, "currency": "KWD"})
    assert answer == Refused(RejectionReason.AMOUNT_NOT_ACCEPTED, "5000 KWD")

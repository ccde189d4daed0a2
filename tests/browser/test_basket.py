"""The basket holds what the customer meant, keystroke by keystroke, and never loses their place."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.keyboard import press, tab_to
from tests.browser.shopper import Shopper
from tests.shop import Shop


@pytest.mark.parametrize(
    ("keys", "quantity"),
    [
        ("Backspace 3", 3),
        ("Control+A Delete 1 2", 12),
        ("Control+A - 5", 1),
        ("Control+A 2 , 5", 2),
        ("Control+A 9 9", 30),
        ("ArrowUp ArrowUp", 3),
    ],
)
def test_the_quantity_that_is_typed_is_the_one_that_is_put_in_the_basket(
    shopper: Shopper, shop: Shop, keys: str, quantity: int
) -> None:
    page = shopper.page
    shopper.visit(f"/products/{shop.product(available=30)}")
    page.get_by_role("spinbutton").click()
    page.keyboard.press("End")
    for key in keys.split():
        page.keyboard.press(key)
    press(page, "Add to basket: ")
    expect(page.get_by_role("spinbutton")).to_have_value(str(quantity))
    expect(page.get_by_role("banner")).to_contain_text(re.compile(rf"Basket {quantity}\s*item"))


def test_a_quantity_typed_in_the_basket_is_saved_as_typed(shopper: Shopper, shop: Shop) -> None:
    page = shopper.page
    shopper.put_in_basket(shop.product(price=500), 2)
    shopper.visit("/basket")
    tab_to(page, "Quantity of ")
    page.keyboard.press("End")
    page.keyboard.press("Backspace")
    page.keyboard.press("4")
    shopper.sees("$20.00")
    page.reload()
    expect(page.get_by_role("spinbutton")).to_have_value("4")


def test_one_less_and_one_more_keep_the_focus_at_either_end(shopper: Shopper, shop: Shop) -> None:
    page = shopper.page
    shopper.put_in_basket(shop.product(available=2), 2)
    shopper.visit("/basket")
    for name in ("One less", "One more"):
        tab_to(page, name)
        for _ in range(2):
            page.keyboard.press("Enter")
        expect(shopper.button(name)).to_be_focused()

"""The basket holds what the customer meant, keystroke by keystroke, and never loses their place."""

import re

import pytest
from playwright.sync_api import expect

from tests.support.browser.backend_checks import change_product
from tests.support.browser.keyboard import assert_heading_is_focused, press, tab_to
from tests.support.browser.shopper import Shopper
from tests.support.live_system import LiveSystem


def visit_basket(shopper: Shopper) -> None:
    """Who presses Tab before the lines are there comes to the end of the page."""
    shopper.visit("/basket")
    expect(shopper.page.get_by_role("spinbutton").first).to_be_visible()


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
    shopper: Shopper, shop: LiveSystem, keys: str, quantity: int
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


def test_a_quantity_typed_in_the_basket_is_saved_as_typed(
    shopper: Shopper, shop: LiveSystem
) -> None:
    page = shopper.page
    shopper.put_in_basket(shop.product(price=500), 2)
    visit_basket(shopper)
    tab_to(page, "Quantity of ")
    page.keyboard.press("End")
    page.keyboard.press("Backspace")
    page.keyboard.press("4")
    shopper.sees("$20.00")
    page.reload()
    expect(page.get_by_role("spinbutton")).to_have_value("4")


def test_one_less_and_one_more_keep_the_focus_at_either_end(
    shopper: Shopper, shop: LiveSystem
) -> None:
    page = shopper.page
    shopper.put_in_basket(shop.product(available=2), 2)
    visit_basket(shopper)
    for name in ("One less", "One more"):
        tab_to(page, name)
        for _ in range(2):
            page.keyboard.press("Enter")
        expect(shopper.button(name)).to_be_focused()


@pytest.mark.parametrize("place", ["/basket", "/checkout"])
def test_what_changes_a_line_says_so_and_leaves_the_focus_at_the_lines(
    shopper: Shopper, shop: LiveSystem, place: str
) -> None:
    accept, take = (
        ("That's fine", "Take 2")
        if place == "/basket"
        else ("Accept the new price", "Take 2 instead of 3")
    )
    first, scarce, dearer = shop.product(), shop.product(), shop.product(price=1000)
    for product, quantity in ((first, 1), (scarce, 3), (dearer, 1)):
        shopper.put_in_basket(product, quantity)
    change_product(shop, first, available=0)
    change_product(shop, scarce, available=2)
    change_product(shop, dearer, price=1200)
    shopper.sign_in()
    shopper.comes_back_later(place)
    page = shopper.page
    expect(shopper.button(accept)).to_be_visible()
    line = page.get_by_role("main").get_by_role("listitem")
    said = page.locator(".toasts")

    press(page, f"Remove Thing {first}")
    expect(said).to_contain_text(f"Thing {first}: removed from your basket")
    expect(line.filter(has_text=f"Thing {scarce}")).to_be_focused()
    press(page, take)
    expect(said).to_contain_text(f"Thing {scarce}: 2 in your basket")
    expect(line.filter(has_text=f"Thing {scarce}")).to_be_focused()
    press(page, accept)
    expect(said).to_contain_text(f"Thing {dearer}: new price accepted")
    expect(line.filter(has_text=f"Thing {dearer}")).to_be_focused()


def test_who_removes_the_last_lines_is_led_to_those_left_and_then_to_the_heading(
    shopper: Shopper, shop: LiveSystem
) -> None:
    first, last = shop.product(), shop.product()
    shopper.put_in_basket(first)
    shopper.put_in_basket(last)
    visit_basket(shopper)
    press(shopper.page, f"Remove Thing {last}")
    expect(shopper.page.get_by_role("listitem").filter(has_text=first)).to_be_focused()
    press(shopper.page, f"Remove Thing {first}")
    assert_heading_is_focused(shopper.page, "Your basket")


def test_many_quick_adds_never_cover_the_page_with_what_they_say(shopper: Shopper) -> None:
    shopper.visit("/")
    buttons = shopper.button(re.compile("^Add to basket"))
    expect(buttons.nth(9)).to_be_visible()
    for _ in range(5):
        buttons.first.click()
    expect(shopper.page.locator(".toast")).to_have_count(1)
    for index in range(10):
        buttons.nth(index).click()
    assert shopper.page.locator(".toast").count() <= 3


def test_the_browser_keeps_what_the_footer_says_and_nothing_else(
    shopper: Shopper, shop: LiveSystem
) -> None:
    page = shopper.page
    shopper.visit("/")
    words = page.get_by_role("contentinfo")
    expect(words).to_contain_text("your basket, your sign-in and an order that is on its way")
    shopper.put_in_basket(shop.product())
    assert set(shopper.stored("localStorage")) == {"orders.basket"}
    shopper.sign_in()
    shopper.go_to_checkout()
    shopper.expects("503")
    page.route("**/api/orders", lambda route: route.fulfill(status=503))
    with page.expect_response("**/api/orders"):
        shopper.pay.click()
    assert set(shopper.stored("localStorage")) == {"orders.basket", "orders.attempts"}
    assert set(shopper.stored("sessionStorage")) == {"orders.session"}
    assert shopper.context.cookies(page.url) == []

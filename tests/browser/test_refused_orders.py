"""What stands in the way of an order is said in plain words, costs nothing, and has a way on."""

import pytest
from playwright.sync_api import expect

from tests.support.browser.backend_checks import (
    assert_ordered_once,
    assert_refused,
    change_product,
    orders_of,
)
from tests.support.browser.shopper import Shopper
from tests.support.invariants import assert_money_is_exact, assert_stock_is_exact
from tests.support.live_system import LiveSystem

REFUSED = "Order not completed"


def assert_confirmed_beside(shop: LiveSystem, shopper: Shopper, refused: str, total: int) -> None:
    """The one other order is confirmed, and charged with `total`."""
    shopper.reads_heading("Order confirmed")
    (order_id,) = {each["orderId"] for each in orders_of(shop, shopper)} - {refused}
    shop.settled(order_id)
    assert shop.ledger(order_id) == {"AUTHORIZE": total, "CAPTURE": total}
    assert_money_is_exact(shop, order_id)
    assert_money_is_exact(shop, refused)


@pytest.mark.parametrize(
    ("card", "words"),
    [
        ("Declined by the bank", "Your bank declined the payment"),
        ("Declined: not enough money", "there was not enough money available on the card"),
    ],
)
def test_a_declined_card_takes_no_money_and_another_card_pays_the_same_basket(
    shopper: Shopper, shop: LiveSystem, card: str, words: str
) -> None:
    product = shop.product(available=5, price=1500)
    shopper.put_in_basket(product, 2)
    shopper.sign_in()
    shopper.go_to_checkout()
    shopper.page.get_by_role("radio", name=card).check()
    shopper.pay.click()
    shopper.reads_heading(REFUSED)
    shopper.sees(words)
    shopper.sees("You have not been charged, and nothing is held on your card.")
    refused = assert_refused(shop, shopper, "PAYMENT_DECLINED")
    assert_stock_is_exact(shop, refused, product, initial=5)

    shopper.button("Try another card").click()
    expect(shopper.page.get_by_role("listitem").filter(has_text=product)).to_contain_text("2 ×")
    shopper.button("Pay $30.00").click()
    assert_confirmed_beside(shop, shopper, refused, total=3000)
    assert shop.available(product) == 3


def test_a_basket_that_waited_too_long_says_what_is_left_and_is_ordered_with_that(
    shopper: Shopper, shop: LiveSystem
) -> None:
    scarce, gone = shop.product(available=5, price=1000), shop.product(available=1)
    shopper.put_in_basket(scarce, 3)
    shopper.put_in_basket(gone)
    change_product(shop, scarce, available=2)
    change_product(shop, gone, available=0)
    shopper.comes_back_later("/basket")
    shopper.sees("It is sold out by now.")
    expect(shopper.page.get_by_role("link", name="Go to checkout")).to_have_count(0)
    shopper.button(f"Remove Thing {gone}").click()
    shopper.sees("Only 2 are left.")
    shopper.button("Take 2").click()
    shopper.page.get_by_role("link", name="Go to checkout").click()
    shopper.sign_in()
    shopper.button("Pay $20.00").click()
    shopper.reads_heading("Order confirmed")
    assert_ordered_once(shop, shopper, total=2000)


def test_what_sells_out_between_basket_and_payment_is_not_paid_and_the_rest_can_be_had(
    shopper: Shopper, shop: LiveSystem
) -> None:
    rest, gone = shop.product(price=700), shop.product(available=1)
    shopper.put_in_basket(rest)
    shopper.put_in_basket(gone)
    shopper.sign_in()
    shopper.go_to_checkout()
    change_product(shop, gone, available=0)
    shopper.pay.click()
    shopper.reads_heading(REFUSED)
    shopper.sees(f"We don't have enough of this left: Thing {gone}.")
    shopper.sees("You have not been charged, and nothing is held on your card.")
    refused = assert_refused(shop, shopper, "OUT_OF_STOCK")

    shopper.button("Put it back in the basket").click()
    shopper.sees("It is sold out by now.")
    shopper.button(f"Remove Thing {gone}").click()
    shopper.page.get_by_role("link", name="Go to checkout").click()
    shopper.button("Pay $7.00").click()
    assert_confirmed_beside(shop, shopper, refused, total=700)


@pytest.mark.parametrize("place", ["/basket", "/checkout"])
def test_a_price_that_changed_while_the_basket_waited_is_shown_accepted_and_paid(
    shopper: Shopper, shop: LiveSystem, place: str
) -> None:
    product = shop.product(price=1000)
    shopper.put_in_basket(product)
    shopper.sign_in()
    change_product(shop, product, price=1200)
    shopper.comes_back_later(place)
    shopper.sees("The price is now $12.00.")
    shopper.sees("It was $10.00 when you put it in")
    shopper.button("That's fine" if place == "/basket" else "Accept the new price").click()
    expect(shopper.page.get_by_text("The price is now")).to_have_count(0)
    if place == "/basket":
        shopper.go_to_checkout()
    shopper.button("Pay $12.00").click()
    shopper.reads_heading("Order confirmed")
    assert_ordered_once(shop, shopper, total=1200)


def test_a_price_that_changes_at_the_moment_of_paying_is_never_charged_unasked(
    shopper: Shopper, shop: LiveSystem
) -> None:
    product = shop.product(price=1000)
    shopper.put_in_basket(product)
    shopper.sign_in()
    shopper.go_to_checkout()
    change_product(shop, product, price=1200)
    shopper.button("Pay $10.00").click()
    shopper.reads_heading(REFUSED)
    shopper.sees("You agreed to $10.00; today it comes to $12.00.")
    refused = assert_refused(shop, shopper, "PRICE_CHANGED")

    shopper.button("See today's prices").click()
    shopper.reads_heading("Your basket")
    shopper.sees("$12.00")
    shopper.page.get_by_role("link", name="Go to checkout").click()
    shopper.button("Pay $12.00").click()
    assert_confirmed_beside(shop, shopper, refused, total=1200)

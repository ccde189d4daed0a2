"""The shop works in the oldest browsers that README.md names."""

from playwright.sync_api import expect

from tests.support.browser.backend_checks import assert_ordered_once
from tests.support.browser.oldest_browsers import LEFT, TAKE_AWAY
from tests.support.browser.shopper import Shopper
from tests.support.live_system import LiveSystem


def test_an_order_needs_nothing_that_the_oldest_browsers_lack(
    shopper: Shopper, shop: LiveSystem
) -> None:
    product = shop.product(price=1250)
    shopper.context.add_init_script(TAKE_AWAY)
    shopper.visit("/")
    assert shopper.page.evaluate(LEFT) == []
    shopper.page.get_by_role("main").get_by_role("link", name=f"Thing {product}").click()
    shopper.button("Add to basket").click()
    shopper.sign_in()
    shopper.go_to_checkout()
    shopper.button("Pay $12.50").click()
    shopper.reads_heading("Order confirmed")
    with shopper.page.expect_download():
        shopper.button("Download receipt").click()
    assert_ordered_once(shop, shopper, total=1250)
    shopper.visit("/orders")
    expect(shopper.page.get_by_role("main").get_by_text("$12.50")).to_be_visible()
    shopper.sign_out()

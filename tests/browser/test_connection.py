"""What a customer sees when the network or a part of the shop fails, and that it gets over it."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, Route, expect

from tests.browser.shopper import Shopper
from tests.shop import Shop

OFFLINE = "You are offline. Your basket is kept; we go on when you are back."


def failing(page: Page, url: str, times: int, fail: Callable[[Route], None]) -> None:
    """The first requests to the address fail; those that follow go through."""
    count = 0

    def handle(route: Route) -> None:
        nonlocal count
        count += 1
        if count <= times:
            fail(route)
        else:
            route.continue_()

    page.route(url, handle)


def test_a_banner_says_while_there_is_no_connection(shopper: Shopper) -> None:
    # Of pictures that were still on their way.
    shopper.expects("ERR_INTERNET_DISCONNECTED")
    shopper.visit("/")
    banner = shopper.page.get_by_role("status").filter(has_text=OFFLINE)
    shopper.context.set_offline(True)
    expect(banner).to_be_visible()
    shopper.context.set_offline(False)
    expect(banner).to_have_count(0)


def test_a_catalogue_that_fails_for_a_moment_comes_without_the_customer_doing_anything(
    shopper: Shopper,
) -> None:
    shopper.expects("503")
    failing(shopper.page, "**/api/products", 2, lambda route: route.fulfill(status=503))
    shopper.visit("/")
    expect(shopper.page.get_by_role("link", name="Linen apron")).to_be_visible()


def test_a_catalogue_that_stays_away_says_so_and_comes_at_the_next_try(shopper: Shopper) -> None:
    shopper.expects("403")
    failing(shopper.page, "**/api/products", 1, lambda route: route.fulfill(status=403))
    shopper.visit("/")
    expect(shopper.page.get_by_role("alert")).to_contain_text("The catalogue could not be loaded.")
    shopper.button("Try again").click()
    expect(shopper.page.get_by_role("link", name="Linen apron")).to_be_visible()
    expect(shopper.page.get_by_role("alert")).to_have_count(0)


def test_a_page_whose_code_was_replaced_by_a_new_deployment_is_loaded_again(
    shopper: Shopper,
) -> None:
    shopper.expects("404")
    failing(shopper.page, "**/assets/orders-page-*.js", 1, lambda route: route.fulfill(status=404))
    shopper.visit("/")
    shopper.page.get_by_role("link", name="My orders").click()
    shopper.reads_heading("My orders")


def test_a_page_whose_code_is_broken_is_not_loaded_for_ever(shopper: Shopper) -> None:
    shopper.expects("404|dynamically imported module")
    shopper.page.route("**/assets/orders-page-*.js", lambda route: route.fulfill(status=404))
    shopper.visit("/orders")
    shopper.sees("Your basket and your orders are safe.")
    assert len([url for url in shopper.called if url.endswith("/orders")]) == 2


def test_a_page_whose_code_can_not_be_had_says_so_and_is_there_when_it_can(
    shopper: Shopper, shop: Shop
) -> None:
    shopper.expects("ERR_INTERNET_DISCONNECTED|dynamically imported module")
    shopper.put_in_basket(shop.product())
    shopper.page.wait_for_load_state("networkidle")
    shopper.context.set_offline(True)
    shopper.page.get_by_role("link", name="My orders").click()
    shopper.sees("Your basket and your orders are safe.")
    shopper.context.set_offline(False)
    shopper.page.get_by_role("button", name="Load the page again").click()
    shopper.reads_heading("My orders")
    expect(shopper.page.get_by_role("link", name=re.compile("Basket"))).to_contain_text("1")


def test_settings_that_can_not_be_had_stop_the_sign_in_alone_and_only_for_so_long(
    shopper: Shopper,
) -> None:
    shopper.expects("503")
    shopper.page.route("**/config.json", lambda route: route.fulfill(status=503))
    shopper.visit("/orders")
    shopper.button("Sign in").click()
    shopper.sees("The sign-in can't be reached. Try again in a moment.")
    shopper.page.unroute("**/config.json")
    shopper.sign_in()
    shopper.sees("You have not ordered anything yet.")

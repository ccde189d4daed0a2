"""What a customer sees when the network or a part of the shop fails, and that it gets over it."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, Route, expect

from handlers.domain.shop import NAME
from tests.support.browser import states
from tests.support.browser.backend_checks import let_wait
from tests.support.browser.shopper import Shopper
from tests.support.live_system import LiveSystem

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
    shopper.reads_heading("Something went wrong")
    assert len([url for url in shopper.called if url.endswith("/orders")]) == 2


def test_a_page_whose_code_is_broken_can_be_left(shopper: Shopper) -> None:
    shopper.visit("/products/linen-apron")
    shopper.expects("404|dynamically imported module")
    shopper.page.route("**/assets/orders-page-*.js", lambda route: route.fulfill(status=404))
    shopper.visit("/orders")
    shopper.reads_heading("Something went wrong")
    expect(shopper.page).to_have_title(f"Something went wrong · {NAME}")
    shopper.page.go_back()
    shopper.reads_heading("Linen apron")
    shopper.page.go_forward()
    shopper.reads_heading("Something went wrong")
    shopper.page.get_by_role("link", name="Browse the shop").click()
    expect(shopper.page.get_by_role("link", name="Linen apron")).to_be_visible()


def opens_my_orders_offline(shopper: Shopper, product_id: str) -> None:
    """With the product in the basket, from its page."""
    shopper.expects("ERR_INTERNET_DISCONNECTED|no connection")
    shopper.put_in_basket(product_id)
    shopper.page.wait_for_load_state("networkidle")
    shopper.context.set_offline(True)
    shopper.page.get_by_role("link", name="My orders").click()
    shopper.reads_heading("You are offline")
    shopper.sees("Your basket and your orders are safe.")


def test_a_page_whose_code_can_not_be_had_offline_says_so_and_comes_when_it_can(
    shopper: Shopper, shop: LiveSystem
) -> None:
    opens_my_orders_offline(shopper, shop.product())
    shopper.context.set_offline(False)
    shopper.reads_heading("My orders")
    expect(shopper.page.get_by_role("link", name=re.compile("Basket"))).to_contain_text("1")


def test_a_page_whose_code_can_not_be_had_offline_can_be_left_and_asked_for_again(
    shopper: Shopper, shop: LiveSystem
) -> None:
    product_id = shop.product()
    opens_my_orders_offline(shopper, product_id)
    shopper.page.go_back()
    shopper.reads_heading(f"Thing {product_id}")
    shopper.context.set_offline(False)
    shopper.page.get_by_role("link", name="My orders").click()
    shopper.reads_heading("My orders")


def test_an_order_that_stands_still_says_so_by_the_shops_clock_and_not_by_the_browsers(
    shopper: Shopper, shop: LiveSystem
) -> None:
    shopper.visit("/")
    shopper.sign_in()
    shopper.page.add_init_script("const { now } = Date; Date.now = () => now() - 3_600_000;")
    states.order_in_progress(shopper, shop)
    late = shopper.page.get_by_text("This takes longer than usual.")
    expect(late).to_have_count(0)
    let_wait(shop, shopper.order_id())
    expect(late).to_be_visible()


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

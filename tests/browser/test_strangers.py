"""An order is shown to the customer whose it is, and to nobody else."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.support.browser.shopper import Shopper
from tests.support.live_system import Customer, LiveSystem

WHY = "Sign in to see your order."


def order_of(shop: LiveSystem, shopper: Shopper) -> tuple[str, str]:
    """The id of a confirmed order of the shopper's, and of its product."""
    product = shop.product(price=4242)
    order_id = Customer(shop.outputs, shopper.email).accepted({product: 1})
    shop.settled(order_id)
    return order_id, product


def test_a_second_customer_sees_nothing_of_the_first_ones_order(
    new_shopper: Callable[..., Shopper], shop: LiveSystem
) -> None:
    owner, stranger = new_shopper(), new_shopper()
    order_id, product = order_of(shop, owner)
    stranger.visit("/")
    stranger.sign_in()
    stranger.expects("404")
    stranger.visit(f"/orders/{order_id}")
    stranger.reads_heading("Order not found")
    stranger.sees("There is no such order of yours.")
    expect(stranger.page.get_by_role("main")).not_to_contain_text(product)
    expect(stranger.page.get_by_role("main")).not_to_contain_text("42.42")


def test_a_visitor_on_an_order_page_is_asked_to_sign_in_and_lands_there(
    shopper: Shopper, shop: LiveSystem
) -> None:
    order_id, product = order_of(shop, shopper)
    shopper.visit(f"/orders/{order_id}")
    shopper.sees(WHY)
    expect(shopper.page.get_by_role("main")).not_to_contain_text("42.42")
    shopper.sign_in()
    assert shopper.order_id() == order_id
    shopper.reads_heading("Order confirmed")
    shopper.sees(f"Thing {product}")


def test_nobody_finds_an_order_by_going_back_after_its_customer_has_signed_out(
    shopper: Shopper, shop: LiveSystem
) -> None:
    order_id, _ = order_of(shop, shopper)
    shopper.visit(f"/orders/{order_id}")
    shopper.sign_in()
    shopper.reads_heading("Order confirmed")
    shopper.sign_out()
    shopper.page.go_back()
    shopper.sees(WHY)
    expect(shopper.page.get_by_role("main")).not_to_contain_text("42.42")


def test_an_order_in_another_tab_is_gone_once_its_customer_has_signed_out(
    shopper: Shopper, shop: LiveSystem
) -> None:
    order_id, _ = order_of(shop, shopper)
    shopper.visit("/")
    shopper.sign_in()
    other = shopper.second_tab()
    other.visit(f"/orders/{order_id}")
    other.sign_in()
    other.reads_heading("Order confirmed")
    shopper.sign_out()
    other.sees(WHY)
    expect(other.page.get_by_role("main")).not_to_contain_text("42.42")


def test_who_signs_in_next_in_the_same_browser_sees_no_order_of_the_one_before(
    new_shopper: Callable[..., Shopper], shop: LiveSystem
) -> None:
    shopper, next_email = new_shopper(), "n" + new_shopper().email
    order_id, _ = order_of(shop, shopper)
    shopper.visit("/orders")
    shopper.sign_in()
    shopper.sees(order_id[:8])
    shopper.sign_out()
    shopper.page.get_by_role("link", name="My orders").click()
    shopper.sign_in(next_email)
    shopper.sees("You have not ordered anything yet.")
    expect(shopper.page.get_by_text(order_id[:8])).to_have_count(0)

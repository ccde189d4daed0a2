"""However often it is sent, what a customer ordered once is one order and one charge."""

import pytest
from playwright.sync_api import Route, expect

from tests.support.browser.backend_checks import assert_ordered_once
from tests.support.browser.ordering import TOTAL, Sends, at_checkout
from tests.support.browser.shopper import Shopper
from tests.support.live_system import LiveSystem

PAUSED = {"title": "Service Unavailable", "status": 503}


def is_confirmed(shopper: Shopper) -> None:
    shopper.reads_heading("Order confirmed")


def test_a_double_click_is_one_order(buyer: Shopper, shop: LiveSystem) -> None:
    sends = Sends(buyer.page, lambda route, _: route.continue_())
    buyer.pay.dblclick()
    buyer.page.keyboard.press("Enter")
    is_confirmed(buyer)
    assert len(sends.keys) == 1
    assert_ordered_once(shop, buyer, TOTAL)


@pytest.mark.parametrize("arrived", [False, True], ids=["lost", "arrived"])
def test_a_reload_before_the_answer_goes_on_with_the_same_order(
    buyer: Shopper, shop: LiveSystem, arrived: bool
) -> None:
    def leave_unanswered(route: Route, count: int) -> None:
        if count > 1:
            route.continue_()
        elif arrived:
            route.fetch()

    sends = Sends(buyer.page, leave_unanswered)
    # The page says that it sends a moment before it does.
    with buyer.page.expect_request("**/api/orders"):
        buyer.pay.click()
    buyer.page.reload()
    is_confirmed(buyer)
    assert len(set(sends.keys)) == 1
    assert_ordered_once(shop, buyer, TOTAL)


def test_back_after_the_order_leads_to_no_form_that_could_order_again(
    buyer: Shopper, shop: LiveSystem
) -> None:
    buyer.pay.click()
    is_confirmed(buyer)
    buyer.page.go_back()
    buyer.reads_heading("Your basket")
    buyer.sees("Your basket is empty.")
    buyer.page.go_forward()
    is_confirmed(buyer)
    assert_ordered_once(shop, buyer, TOTAL)


def test_a_shop_that_answers_503_twice_gets_one_order(buyer: Shopper, shop: LiveSystem) -> None:
    def fail_twice(route: Route, count: int) -> None:
        if count > 2:
            route.continue_()
        else:
            route.fulfill(status=503, json=PAUSED, content_type="application/problem+json")

    buyer.expects("503")
    sends = Sends(buyer.page, fail_twice)
    buyer.pay.click()
    buyer.sees("Still trying: your order can't be placed twice.")
    is_confirmed(buyer)
    assert len(sends.keys) == 3
    assert len(set(sends.keys)) == 1
    assert_ordered_once(shop, buyer, TOTAL)


def test_an_answer_lost_after_the_order_was_written_is_no_second_order(
    buyer: Shopper, shop: LiveSystem
) -> None:
    def lose_answer(route: Route, count: int) -> None:
        if count > 1:
            route.continue_()
            return
        assert route.fetch().status == 202
        route.abort("connectionreset")

    buyer.expects("ERR_CONNECTION_RESET")
    sends = Sends(buyer.page, lose_answer)
    buyer.pay.click()
    is_confirmed(buyer)
    assert len(sends.keys) == 2
    assert_ordered_once(shop, buyer, TOTAL)


def test_a_retry_that_something_on_the_way_refuses_is_no_verdict_on_the_order(
    buyer: Shopper, shop: LiveSystem
) -> None:
    def lose_answer_then_refuse(route: Route, count: int) -> None:
        if count == 1:
            assert route.fetch().status == 202
            route.abort("connectionreset")
        elif count == 2:
            route.fulfill(status=400, body="<html>", content_type="text/html")
        else:
            route.continue_()

    buyer.expects("ERR_CONNECTION_RESET|400")
    sends = Sends(buyer.page, lose_answer_then_refuse)
    buyer.pay.click()
    buyer.sees("We don't know yet whether your order has arrived.")
    buyer.page.get_by_role("link", name="My orders").click()
    buyer.reads_heading("My orders")
    buyer.page.get_by_role("link", name="See what became of it").click()
    is_confirmed(buyer)
    assert len(set(sends.keys)) == 1
    assert_ordered_once(shop, buyer, TOTAL)


def test_an_order_given_offline_is_placed_once_when_the_connection_is_back(
    buyer: Shopper, shop: LiveSystem
) -> None:
    # Of the code of the page that comes next.
    buyer.expects("ERR_INTERNET_DISCONNECTED")
    buyer.context.set_offline(True)
    buyer.pay.click()
    buyer.sees("You are offline; it goes on when you are back.")
    buyer.context.set_offline(False)
    is_confirmed(buyer)
    assert_ordered_once(shop, buyer, TOTAL)


def test_two_tabs_that_pay_the_same_basket_at_once_place_one_order(
    buyer: Shopper, shop: LiveSystem
) -> None:
    other = at_checkout(buyer.second_tab())
    for tab in (buyer, other):
        click = "button => setTimeout(() => button.isConnected && button.click(), 300)"
        tab.pay.evaluate(click)
    for tab in (buyer, other):
        expect(tab.pay).to_have_count(0)
    assert_ordered_once(shop, buyer, TOTAL)


def test_a_tab_left_at_the_checkout_goes_along_with_the_order_of_another(
    buyer: Shopper, shop: LiveSystem
) -> None:
    held: list[Route] = []
    released = False

    def hold(route: Route, _: int) -> None:
        if released:
            route.continue_()
        else:
            held.append(route)

    other = at_checkout(buyer.second_tab())
    first, second = Sends(buyer.page, hold), Sends(other.page, hold)
    buyer.pay.click()
    other.sees("We are finishing the order that you started.")
    released = True
    for route in held:
        route.continue_()
    is_confirmed(buyer)
    assert other.order_id() == buyer.order_id()
    assert set(first.keys) == set(second.keys)
    assert_ordered_once(shop, buyer, TOTAL)


def test_a_basket_that_was_ordered_is_empty_in_every_tab(buyer: Shopper, shop: LiveSystem) -> None:
    other = buyer.second_tab()
    other.visit("/basket")
    expect(other.page.get_by_role("link", name="Go to checkout")).to_be_visible()
    buyer.pay.click()
    is_confirmed(buyer)
    other.sees("Your basket is empty.")
    assert_ordered_once(shop, buyer, TOTAL)


def test_a_sign_in_that_ends_at_the_moment_of_paying_costs_one_more_sign_in_and_no_second_order(
    buyer: Shopper, shop: LiveSystem
) -> None:
    buyer.expects("400")
    buyer.change_session(expires_at=1, refresh_token="not one of ours")
    buyer.pay.click()
    buyer.sees("You have been signed out because it has been a while.")
    buyer.sign_in()
    is_confirmed(buyer)
    assert_ordered_once(shop, buyer, TOTAL)

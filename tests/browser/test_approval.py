"""A payment that the bank wants approved: it is approved from the order's page, or costs nothing."""

import re

import pytest
from playwright.sync_api import expect

from tests.support.browser.approval import (
    APPROVE,
    decide,
    go_to_the_bank,
    look,
)
from tests.support.browser.backend_checks import (
    assert_given_up,
    assert_ordered_once,
    assert_refused,
    orders_of,
)
from tests.support.browser.keyboard import assert_heading_is_focused, press
from tests.support.browser.layout import Held
from tests.support.browser.ordering import TOTAL, assert_order_again
from tests.support.browser.shopper import Shopper
from tests.support.invariants import assert_money_is_exact
from tests.support.live_system import LiveSystem
from tests.support.payment_events import losing_events


def second_tab(buyer: Shopper, order_id: str) -> Shopper:
    """On the order's page too."""
    other = buyer.second_tab()
    other.visit(f"/orders/{order_id}")
    other.sign_in()
    return other


def test_the_checkout_leads_to_the_approval_and_the_approval_to_a_confirmed_order(
    buyer: Shopper, shop: LiveSystem, order_id: str
) -> None:
    secret = shop.order(order_id)["clientSecret"]
    buyer.sees("Until then nothing is charged.")
    assert shop.ledger(order_id) == {}
    go_to_the_bank(buyer)
    buyer.sees("USD 39.98")
    decide(buyer, "Approve")
    buyer.reads_heading("Order confirmed")
    assert secret not in buyer.page.url
    assert secret not in str(buyer.stored("localStorage") | buyer.stored("sessionStorage"))
    assert_ordered_once(shop, buyer, TOTAL)


def test_an_approval_that_the_shop_is_not_told_of_is_said_and_found_by_the_next_look(
    buyer: Shopper, shop: LiveSystem, order_id: str
) -> None:
    go_to_the_bank(buyer)
    with losing_events(shop):
        decide(buyer, "Approve")
    buyer.sees("Your bank has your approval.")
    expect(buyer.button(APPROVE)).to_have_count(0)
    look(shop, order_id)
    buyer.reads_heading("Order confirmed")
    expect(buyer.page.get_by_text("Your bank has your approval.")).to_have_count(0)
    assert_ordered_once(shop, buyer, TOTAL)


def test_a_refused_approval_says_so_and_the_same_things_are_ordered_again(
    buyer: Shopper, shop: LiveSystem, order_id: str
) -> None:
    go_to_the_bank(buyer)
    decide(buyer, "Refuse")
    buyer.reads_heading("Order not completed")
    buyer.sees("Your bank declined the payment: the payment was not approved with the bank.")
    buyer.sees("You have not been charged, and nothing is held on your card.")
    assert assert_refused(shop, buyer, "PAYMENT_DECLINED") == order_id
    assert_order_again(buyer, "Try another card", "Checkout")


def test_who_comes_back_without_a_decision_can_go_again(
    buyer: Shopper, shop: LiveSystem, order_id: str
) -> None:
    go_to_the_bank(buyer)
    decide(buyer, "Close without deciding")
    buyer.sees("You have not approved the payment yet.")
    assert shop.order(order_id)["status"] == "AWAITING_PAYMENT"
    go_to_the_bank(buyer)
    decide(buyer, "Approve")
    buyer.reads_heading("Order confirmed")
    assert_ordered_once(shop, buyer, TOTAL)


@pytest.mark.usefixtures("order_id")
def test_who_finds_the_bank_out_of_order_goes_back_and_tries_again(
    buyer: Shopper, shop: LiveSystem
) -> None:
    pages = f"{shop.outputs['paymentSandboxUrl']}/bank/**"
    buyer.expects("503")
    buyer.page.route(pages, lambda route: route.fulfill(status=503, body="Out of order"))
    buyer.button(APPROVE).click()
    buyer.sees("Out of order")
    buyer.page.unroute(pages)
    buyer.page.go_back()
    go_to_the_bank(buyer)
    decide(buyer, "Approve")
    buyer.reads_heading("Order confirmed")
    assert_ordered_once(shop, buyer, TOTAL)


def test_another_card_is_asked_for_only_once_the_order_is_cancelled_and_orders_once_more(
    buyer: Shopper, shop: LiveSystem, order_id: str
) -> None:
    with shop.unstarted():
        buyer.button("Use another card").click()
        buyer.reads_heading("Cancelling your order")
        expect(buyer.page.get_by_role("link", name="Basket 0 items")).to_be_visible()
    shop.run(order_id)
    buyer.reads_heading("Checkout")
    expect(buyer.page.get_by_role("link", name="Basket 2 items")).to_be_visible()
    assert_given_up(shop, order_id, "CANCELLED")
    buyer.page.get_by_role("radio", name="Mastercard").check()
    buyer.pay.click()
    buyer.reads_heading("Order confirmed")
    (paid,) = {each["orderId"] for each in orders_of(shop, buyer)} - {order_id}
    assert shop.settled(paid)["status"] == "CONFIRMED"
    assert_money_is_exact(shop, paid)


def test_no_other_card_is_asked_for_when_the_order_was_confirmed_meanwhile(
    buyer: Shopper, shop: LiveSystem, order_id: str
) -> None:
    buyer.expects("409")
    other = second_tab(buyer, order_id)
    go_to_the_bank(other)
    held = Held(buyer.page, f"**/api/orders/{order_id}")
    decide(other, "Approve")
    other.reads_heading("Order confirmed")
    with buyer.page.expect_response("**/cancel"):
        buyer.button("Use another card").click()
    held.release()
    buyer.reads_heading("Order confirmed")
    buyer.sees("The order could not be cancelled.")
    buyer.sees("This order is confirmed and can't be cancelled any more.")
    expect(buyer.page.get_by_role("link", name="Basket 0 items")).to_be_visible()
    assert_ordered_once(shop, buyer, TOTAL)


def test_an_order_is_cancelled_by_keyboard_alone_and_only_when_that_is_confirmed(
    buyer: Shopper, shop: LiveSystem, order_id: str
) -> None:
    page = buyer.page
    press(page, "Cancel the order")
    expect(buyer.button("Yes, cancel it")).to_be_focused()
    press(page, "Keep the order")
    expect(buyer.button("Cancel the order")).to_be_focused()
    assert shop.order(order_id)["status"] == "AWAITING_PAYMENT"
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    assert_heading_is_focused(page, "Order cancelled")
    buyer.sees("You pay nothing.")
    assert_given_up(shop, order_id, "CANCELLED")
    assert_order_again(buyer, "Put it back in the basket", "Your basket")


def test_two_tabs_at_the_bank_decide_once_and_both_show_what_became_of_it(
    buyer: Shopper, shop: LiveSystem, order_id: str
) -> None:
    other = second_tab(buyer, order_id)
    go_to_the_bank(other)
    buyer.page.reload()
    go_to_the_bank(buyer)
    decide(buyer, "Approve")
    buyer.reads_heading("Order confirmed")
    decide(other, "Refuse")
    other.reads_heading("Order confirmed")
    assert_ordered_once(shop, buyer, TOTAL)


def test_a_page_that_was_left_for_the_bank_shows_in_any_tab_where_the_order_is(
    buyer: Shopper, order_id: str
) -> None:
    other = second_tab(buyer, order_id)
    go_to_the_bank(buyer)
    buyer.page.close()
    go_to_the_bank(other)
    decide(other, "Close without deciding")
    other.page.reload()
    expect(other.button(APPROVE)).to_be_visible()


@pytest.mark.usefixtures("order_id")
def test_a_customer_whom_the_bank_leads_back_signed_out_signs_in_and_goes_on(
    buyer: Shopper,
) -> None:
    """A banking app opens the way back in a tab of its own, which has no session."""
    go_to_the_bank(buyer)
    other = buyer.second_tab()
    other.visit(buyer.page.url)
    decide(other, "Close without deciding")
    other.sees("Sign in to see your order.")
    other.sign_in()
    go_to_the_bank(other)
    decide(other, "Approve")
    other.reads_heading("Order confirmed")


@pytest.mark.usefixtures("order_id")
def test_my_orders_say_which_one_waits_for_the_customer_and_lead_to_it(buyer: Shopper) -> None:
    buyer.visit("/orders")
    buyer.page.get_by_role("link", name=re.compile("Waiting for your approval")).click()
    expect(buyer.button(APPROVE)).to_be_visible()

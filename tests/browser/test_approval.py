"""A payment that the bank wants approved: it is approved from the order's page, or costs nothing."""

import re

import pytest
from playwright.sync_api import expect

from tests.support.browser.approval import BANK, INTENT, SECRET, Approval
from tests.support.browser.backend_checks import orders_of
from tests.support.browser.keyboard import assert_heading_is_focused, press
from tests.support.browser.shopper import Shopper
from tests.support.live_system import LiveSystem

APPROVE = "Approve the payment"
WAY = ("PAYMENT_AUTHORIZED", "INVENTORY_RESERVED", "CONFIRMED")


@pytest.fixture
def bank(shopper: Shopper) -> Approval:
    return Approval(shopper)


@pytest.fixture
def buyer(bank: Approval, buyer: Shopper) -> Shopper:
    """The bank is there before the page reads where it is."""
    return buyer


@pytest.fixture
def approval(bank: Approval, buyer: Shopper) -> Approval:
    """The buyer has ordered with a card that needs their approval, and is on the order's page."""
    buyer.page.get_by_role("radio", name="The bank asks for your approval first").check()
    buyer.pay.click()
    buyer.reads_heading("Approval needed")
    expect(buyer.button(APPROVE)).to_be_visible()
    return bank


def go_to_the_bank(buyer: Shopper, decision: str) -> None:
    """And decide there."""
    buyer.button(APPROVE).click()
    buyer.page.get_by_role("link", name=decision).click()


def assert_order_again(buyer: Shopper, button: str, heading: str) -> None:
    buyer.button(button).click()
    buyer.reads_heading(heading)
    expect(buyer.page.get_by_role("link", name="Basket 2 items")).to_be_visible()


def test_the_checkout_leads_to_the_approval_and_the_approval_to_a_confirmed_order(
    buyer: Shopper, shop: LiveSystem, approval: Approval
) -> None:
    buyer.sees("Until then nothing is charged.")
    assert "CAPTURE" not in shop.ledger(buyer.order_id())
    go_to_the_bank(buyer, "Approve")
    buyer.sees("Your bank has your approval.")
    assert approval.asked == [f"{BANK}/bank/{INTENT}?payment_intent_client_secret={SECRET}"]
    assert buyer.order_id()  # the address has no query any more
    assert SECRET not in str(buyer.stored("localStorage") | buyer.stored("sessionStorage"))
    approval.reaches(*WAY)
    buyer.reads_heading("Order confirmed")
    expect(buyer.page.get_by_text("Your bank has your approval.")).to_have_count(0)


def test_a_refused_approval_says_so_and_the_same_things_are_ordered_again(
    buyer: Shopper, approval: Approval
) -> None:
    go_to_the_bank(buyer, "Refuse")
    buyer.sees("The payment was not approved.")
    approval.reaches("REJECTING", "REJECTED", reason="PAYMENT_DECLINED")
    buyer.reads_heading("Order not completed")
    buyer.sees("You have not been charged, and nothing is held on your card.")
    assert_order_again(buyer, "Try another card", "Checkout")


def test_who_comes_back_without_a_decision_can_go_again(buyer: Shopper, approval: Approval) -> None:
    go_to_the_bank(buyer, "Close")
    buyer.sees("You have not approved the payment yet.")
    go_to_the_bank(buyer, "Approve")
    buyer.sees("Your bank has your approval.")
    assert len(approval.asked) == 2


def test_an_approval_that_comes_too_late_says_so_and_the_same_things_are_ordered_again(
    buyer: Shopper, approval: Approval
) -> None:
    approval.ends()
    buyer.sees("The time to approve the payment of $39.98 is over.")
    expect(buyer.button(APPROVE)).to_have_count(0)
    approval.reaches("REJECTING", "REJECTED", reason="PAYMENT_TIMEOUT")
    buyer.sees("that didn't happen in time")
    assert_order_again(buyer, "Order again", "Checkout")


def test_another_card_is_asked_for_only_once_the_order_is_cancelled_and_orders_once_more(
    buyer: Shopper, shop: LiveSystem, approval: Approval
) -> None:
    buyer.button("Use another card").click()
    buyer.reads_heading("Cancelling your order")
    expect(buyer.page.get_by_role("link", name="Basket 0 items")).to_be_visible()
    approval.reaches("CANCELLED")
    buyer.reads_heading("Checkout")
    expect(buyer.page.get_by_role("link", name="Basket 2 items")).to_be_visible()
    assert len(approval.cancelled) == 1
    buyer.page.get_by_role("radio", name="Mastercard").check()
    buyer.pay.click()
    buyer.reads_heading("Order confirmed")
    assert len(orders_of(shop, buyer)) == 2


def test_no_other_card_is_asked_for_when_the_order_was_confirmed_meanwhile(
    buyer: Shopper, approval: Approval
) -> None:
    buyer.expects("409")
    approval.refuses_to_cancel()
    approval.reaches(*WAY)
    buyer.button("Use another card").click()
    buyer.reads_heading("Order confirmed")
    buyer.sees("The order could not be cancelled.")
    expect(buyer.page.get_by_role("link", name="Basket 0 items")).to_be_visible()


def test_an_order_is_cancelled_by_keyboard_alone_and_only_when_that_is_confirmed(
    buyer: Shopper, approval: Approval
) -> None:
    page = buyer.page
    press(page, "Cancel the order")
    expect(buyer.button("Yes, cancel it")).to_be_focused()
    press(page, "Keep the order")
    expect(buyer.button("Cancel the order")).to_be_focused()
    assert approval.cancelled == []
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    assert_heading_is_focused(page, "Cancelling your order")
    approval.reaches("CANCELLED")
    buyer.reads_heading("Order cancelled")
    buyer.sees("You pay nothing.")
    assert_order_again(buyer, "Put it back in the basket", "Your basket")


def test_a_second_tab_and_a_page_that_is_opened_again_show_where_the_order_is(
    buyer: Shopper, approval: Approval
) -> None:
    order_page = buyer.page.url
    other = buyer.second_tab()
    other.visit(order_page)
    other.sign_in()
    expect(other.button(APPROVE)).to_be_visible()
    go_to_the_bank(other, "Close")
    other.page.close()
    buyer.page.reload()
    expect(buyer.button(APPROVE)).to_be_visible()
    approval.reaches("PAYMENT_AUTHORIZED")
    buyer.sees("Your bank holds")
    expect(buyer.button(APPROVE)).to_have_count(0)


@pytest.mark.usefixtures("approval")
def test_a_customer_who_was_signed_out_at_the_bank_signs_in_and_goes_on(buyer: Shopper) -> None:
    buyer.change_session(expires_at=0, refresh_token="revoked")
    buyer.expects("400")
    go_to_the_bank(buyer, "Close")
    buyer.sees("Sign in to see your order.")
    assert buyer.order_id()
    buyer.sign_in()
    expect(buyer.button(APPROVE)).to_be_visible()


@pytest.mark.usefixtures("approval")
def test_my_orders_say_which_one_waits_for_the_customer_and_lead_to_it(buyer: Shopper) -> None:
    buyer.visit("/orders")
    buyer.page.get_by_role("link", name=re.compile("Waiting for your approval")).click()
    expect(buyer.button(APPROVE)).to_be_visible()

"""A payment that waits: one mail leads to its approval, and after its time it costs nothing."""

import re
from collections.abc import Callable
from datetime import timedelta

from playwright.sync_api import expect

from handlers.adapters.items import Item
from tests.support.browser.approval import (
    APPROVE,
    decide,
    go_to_the_bank,
    let_pass,
    look,
    mails,
)
from tests.support.browser.backend_checks import assert_ordered_once, assert_refused
from tests.support.browser.ordering import TOTAL, assert_order_again
from tests.support.browser.shopper import Shopper
from tests.support.invariants import assert_stock_is_exact
from tests.support.live_system import LiveSystem
from tests.support.payment_events import losing_events

DAY = timedelta(hours=24)
ASKS = "Approve your payment"
REFUSES = "We could not complete your order"
CONFIRMS = "Your order is confirmed"


def assert_over(shop: LiveSystem, buyer: Shopper, reason: str) -> None:
    """The reconciler alone has ended the order: nothing is held, taken or left to look at."""
    order_id = assert_refused(shop, buyer, reason)
    order = shop.order(order_id)
    assert_stock_is_exact(shop, order_id, order["lines"][0]["productId"], initial=100)
    assert order["attention"] == {}
    assert not shop.listed("open", order_id)


def mailed(shop: LiveSystem, buyer: Shopper, subject: str) -> Callable[[Item], bool]:
    """For `until`: the mail is there."""
    return lambda _: mails(shop, buyer)[subject] > 0


def test_a_payment_that_is_never_approved_costs_nothing_and_is_told_of_once(
    buyer: Shopper, shop: LiveSystem, order_id: str
) -> None:
    look(shop, order_id)
    shop.until(order_id, mailed(shop, buyer, ASKS))
    let_pass(shop, order_id, DAY)
    buyer.sees("The time to approve the payment of $39.98 is over.")
    expect(buyer.button(APPROVE)).to_have_count(0)
    look(shop, order_id)
    buyer.reads_heading("Order not completed")
    buyer.sees("that didn't happen in time")
    buyer.sees("You pay nothing.")
    assert_over(shop, buyer, "PAYMENT_TIMEOUT")
    shop.until(order_id, mailed(shop, buyer, REFUSES))
    assert mails(shop, buyer) == {ASKS: 1, REFUSES: 1}
    assert_order_again(buyer, "Order again", "Checkout")


def test_a_refusal_that_the_shop_is_not_told_of_costs_nothing_and_is_told_of_once(
    buyer: Shopper, shop: LiveSystem, order_id: str
) -> None:
    go_to_the_bank(buyer)
    with losing_events(shop):
        decide(buyer, "Refuse")
    buyer.sees("The payment was not approved.")
    expect(buyer.button(APPROVE)).to_have_count(0)
    let_pass(shop, order_id, DAY)
    look(shop, order_id)
    buyer.reads_heading("Order not completed")
    buyer.sees("Your bank declined the payment: the payment was not approved with the bank.")
    buyer.sees("You have not been charged, and nothing is held on your card.")
    assert_over(shop, buyer, "PAYMENT_DECLINED")
    shop.until(order_id, mailed(shop, buyer, REFUSES))
    assert mails(shop, buyer) == {REFUSES: 1}
    assert_order_again(buyer, "Try another card", "Checkout")


def test_one_mail_however_many_looks_leads_to_the_page_where_the_payment_is_approved(
    buyer: Shopper, shop: LiveSystem, order_id: str, new_shopper: Callable[[], Shopper]
) -> None:
    """The mail is opened in a browser that has no session of the customer's."""
    buyer.page.close()
    assert mails(shop, buyer) == {}
    for _ in range(3):
        look(shop, order_id)
    shop.until(order_id, mailed(shop, buyer, ASKS))
    (mail,) = shop.mails(buyer.email)
    (link,) = re.findall(r"https?://\S+", mail["BodyText"])
    assert link == f"{shop.outputs['storefrontUrl']}/orders/{order_id}"

    reader = new_shopper()
    reader.visit(link)
    reader.sees("Sign in to see your order.")
    reader.sign_in(buyer.email)
    go_to_the_bank(reader)
    decide(reader, "Approve")
    reader.reads_heading("Order confirmed")
    assert_ordered_once(shop, buyer, TOTAL)
    shop.until(order_id, mailed(shop, buyer, CONFIRMS))
    assert mails(shop, buyer) == {ASKS: 1, CONFIRMS: 1}

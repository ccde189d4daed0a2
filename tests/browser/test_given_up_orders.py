"""What a customer has given up is not ordered behind their back."""

import re

from playwright.sync_api import Route, expect

from tests.support.browser.backend_checks import orders_of
from tests.support.browser.ordering import Sends, at_checkout
from tests.support.browser.ordering_states import MAKE_OLD
from tests.support.browser.shopper import Shopper
from tests.support.live_system import LiveSystem


def test_an_order_given_offline_and_left_is_placed_by_nobody(
    buyer: Shopper, shop: LiveSystem
) -> None:
    # Of the code of the page that comes next.
    buyer.expects("ERR_INTERNET_DISCONNECTED")
    buyer.context.set_offline(True)
    buyer.pay.click()
    buyer.sees("You are offline; it goes on when you are back.")
    buyer.page.close()
    buyer.context.set_offline(False)
    at_checkout(buyer.second_tab())
    assert orders_of(shop, buyer) == []


def test_an_order_that_was_forgotten_is_not_sent_when_the_connection_is_back(
    buyer: Shopper, shop: LiveSystem
) -> None:
    is_lost = True

    def lose(route: Route, _: int) -> None:
        if is_lost:
            route.abort("connectionreset")
        else:
            route.continue_()

    buyer.expects("ERR_CONNECTION_RESET|ERR_INTERNET_DISCONNECTED")
    sends = Sends(buyer.page, lose)
    with buyer.page.expect_request("**/api/orders"):
        buyer.pay.click()
    buyer.context.set_offline(True)
    buyer.sees("You are offline; it goes on when you are back.")
    buyer.page.get_by_role("banner").get_by_role("link", name=re.compile("Basket")).click()
    buyer.page.evaluate(MAKE_OLD)
    buyer.page.get_by_role("link", name="Go to checkout").click()
    buyer.button(re.compile("I don't want it any more")).click()
    expect(buyer.pay).to_be_visible()
    sent, is_lost = len(sends.keys), False
    buyer.context.set_offline(False)
    buyer.sees("That order was given up, so it was not sent again")
    assert len(sends.keys) == sent
    assert orders_of(shop, buyer) == []

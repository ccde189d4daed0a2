"""Every page in every state that a customer may find it in, for those who look at all of them.

A state is a function that brings a shopper there: from anywhere in the shop, with an empty basket.
"""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from handlers.domain.clock import timestamp
from tests.support.browser.approval import APPROVE, decide, go_to_the_bank
from tests.support.browser.backend_checks import let_wait
from tests.support.browser.ordering_states import (
    FORBIDDEN,
    basket,
    basket_empty,
    basket_with_reminder,
    basket_with_warnings,
    checkout,
    checkout_asking,
    checkout_resuming,
    checkout_sending,
    checkout_unanswered,
    checkout_with_faults,
    checkout_with_warnings,
)
from tests.support.browser.shopper import Shopper
from tests.support.live_system import Customer, LiveSystem
from tests.support.payment_events import losing_events

State = Callable[[Shopper, LiveSystem], None]
DECLINED = "pm_card_chargeDeclinedInsufficientFunds"
APPROVED_BY_THE_BANK = "pm_card_authenticationRequired"


def catalogue(shopper: Shopper, _: LiveSystem) -> None:
    shopper.visit("/")
    expect(shopper.page.get_by_role("link", name="Linen apron")).to_be_visible()


def catalogue_unavailable(shopper: Shopper, _: LiveSystem) -> None:
    shopper.expects(str(FORBIDDEN))
    shopper.page.route("**/api/products", lambda route: route.fulfill(status=FORBIDDEN))
    shopper.visit("/")
    shopper.sees("The catalogue could not be loaded.")


def catalogue_loading(shopper: Shopper, _: LiveSystem) -> None:
    shopper.page.route("**/api/products", lambda route: None)
    shopper.visit("/")
    expect(shopper.page.locator(".skeleton").first).to_be_visible()


def product(shopper: Shopper, _: LiveSystem) -> None:
    shopper.visit("/products/linen-apron")
    shopper.reads_heading("Linen apron")


def product_sold_out(shopper: Shopper, shop: LiveSystem) -> None:
    shopper.visit(f"/products/{shop.product(available=0)}")
    shopper.sees("Sold out")


def sign_in_first(shopper: Shopper, _: LiveSystem) -> None:
    shopper.visit("/orders")
    shopper.sees("Sign in to see your orders.")


def sign_in_not_finished(shopper: Shopper, _: LiveSystem) -> None:
    shopper.visit("/signed-in?code=stolen&state=forged")
    shopper.sees("This sign-in was not finished")


def login(shopper: Shopper, shop: LiveSystem) -> None:
    """The local cloud's stand-in for Cognito's page."""
    sign_in_first(shopper, shop)
    shopper.button("Sign in").click()
    expect(shopper.page.get_by_label("E-mail address")).to_be_visible()


def not_found(shopper: Shopper, _: LiveSystem) -> None:
    shopper.visit("/nothing")
    shopper.reads_heading("Page not found")


def crashed(shopper: Shopper, _: LiveSystem) -> None:
    """Its code can't be had, nor a newer one."""
    shopper.expects("404|dynamically imported module")
    shopper.page.route("**/assets/orders-page-*.js", lambda route: route.fulfill(status=404))
    shopper.visit("/orders")
    shopper.reads_heading("Something went wrong")


def orders_none(shopper: Shopper, _: LiveSystem) -> None:
    shopper.visit("/orders")
    shopper.sees("You have not ordered anything yet.")


def order_in_progress(shopper: Shopper, shop: LiveSystem) -> None:
    with shop.unstarted():
        _visit_order(shopper, shop)
    expect(shopper.page.locator("[aria-current=step]")).to_be_visible()


def order_late(shopper: Shopper, shop: LiveSystem) -> None:
    order_in_progress(shopper, shop)
    let_wait(shop, shopper.order_id())
    shopper.sees("This takes longer than usual.")


def order_awaiting_approval(shopper: Shopper, shop: LiveSystem) -> None:
    _visit_order(shopper, shop, card=APPROVED_BY_THE_BANK)
    shopper.reads_heading("Approval needed")
    expect(shopper.button(APPROVE)).to_be_visible()


def at_the_bank(shopper: Shopper, shop: LiveSystem) -> None:
    """The sandbox's page."""
    order_awaiting_approval(shopper, shop)
    go_to_the_bank(shopper)


def order_not_approved(shopper: Shopper, shop: LiveSystem) -> None:
    at_the_bank(shopper, shop)
    with losing_events(shop):
        decide(shopper, "Refuse")
    shopper.sees("The payment was not approved.")


def order_approved_too_late(shopper: Shopper, shop: LiveSystem) -> None:
    order_awaiting_approval(shopper, shop)
    shop.change(shopper.order_id(), approveBy=timestamp())
    shopper.sees("The time to approve the payment")


def order_cancel_asked(shopper: Shopper, shop: LiveSystem) -> None:
    order_awaiting_approval(shopper, shop)
    shopper.button("Cancel the order").click()
    shopper.sees("Cancel this order?")


def order_cancelling(shopper: Shopper, shop: LiveSystem) -> None:
    order_awaiting_approval(shopper, shop)
    with shop.unstarted():
        shopper.button("Use another card").click()
        shopper.sees("You can choose another card as soon as it is cancelled.")


def order_cancelled(shopper: Shopper, shop: LiveSystem) -> None:
    order_cancel_asked(shopper, shop)
    shopper.button("Yes, cancel it").click()
    shopper.reads_heading("Order cancelled")


def order_confirmed(shopper: Shopper, shop: LiveSystem) -> None:
    _visit_order(shopper, shop)
    expect(shopper.button("Download receipt")).to_be_visible()


def order_refused(shopper: Shopper, shop: LiveSystem) -> None:
    _visit_order(shopper, shop, card=DECLINED)
    expect(shopper.button("Try another card")).to_be_visible()
    expect(shopper.page.locator("[aria-current=step]")).to_have_count(0)


def order_not_found(shopper: Shopper, _: LiveSystem) -> None:
    shopper.expects("404")
    shopper.visit("/orders/ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    shopper.reads_heading("Order not found")


def orders(shopper: Shopper, _: LiveSystem) -> None:
    """The orders of the states before."""
    shopper.visit("/orders")
    expect(shopper.page.get_by_role("link", name=re.compile("Confirmed")).first).to_be_visible()


def _visit_order(shopper: Shopper, shop: LiveSystem, card: str = "pm_card_visa") -> None:
    lines = {"espresso-cups": 2, "chef-knife": 1}
    order_id = Customer(shop.outputs, shopper.email).accepted(lines, card=card)
    shopper.visit(f"/orders/{order_id}")


def _named(*states: State) -> dict[str, State]:
    return {state.__name__: state for state in states}


VISITORS = _named(
    catalogue,
    catalogue_unavailable,
    catalogue_loading,
    product,
    product_sold_out,
    basket_empty,
    basket,
    basket_with_warnings,
    sign_in_first,
    sign_in_not_finished,
    login,
    not_found,
    crashed,
)
# In this order: who has no orders yet comes first, the list of orders after all that order.
CUSTOMERS = _named(
    orders_none,
    checkout,
    checkout_with_warnings,
    checkout_with_faults,
    checkout_sending,
    checkout_resuming,
    checkout_unanswered,
    checkout_asking,
    basket_with_reminder,
    order_in_progress,
    order_late,
    order_awaiting_approval,
    at_the_bank,
    order_not_approved,
    order_approved_too_late,
    order_cancel_asked,
    order_cancelling,
    order_cancelled,
    order_confirmed,
    order_refused,
    order_not_found,
    orders,
)

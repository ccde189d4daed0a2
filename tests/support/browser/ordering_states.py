"""The states of a customer who has not ordered yet, or doesn't know whether they have."""

from playwright.sync_api import expect

from tests.support.browser.backend_checks import change_product
from tests.support.browser.shopper import Shopper
from tests.support.live_system import LiveSystem

FORBIDDEN = 403  # neither the shop's verdict nor a reason to try again
FAULTS = [
    {"path": "name", "message": "is too long"},
    {"path": "paymentMethod", "message": "is not known"},
    {"path": "lines[0].quantity", "message": "is more than can be had"},
]
MAKE_OLD = """() => {
  const attempts = JSON.parse(localStorage["orders.attempts"]);
  for (const each of Object.values(attempts)) each.sentAt = 1;
  localStorage["orders.attempts"] = JSON.stringify(attempts);
}"""


def basket_empty(shopper: Shopper, _: LiveSystem) -> None:
    shopper.visit("/basket")
    shopper.sees("Your basket is empty.")


def basket(shopper: Shopper, _: LiveSystem) -> None:
    _fill_basket(shopper)
    shopper.visit("/basket")
    expect(shopper.page.get_by_role("link", name="Go to checkout")).to_be_visible()


def basket_with_warnings(shopper: Shopper, shop: LiveSystem) -> None:
    _fill_basket_that_waited(shopper, shop)
    shopper.comes_back_later("/basket")
    shopper.sees("It is sold out by now.")


def checkout(shopper: Shopper, _: LiveSystem) -> None:
    _fill_basket(shopper)
    shopper.visit("/checkout")
    expect(shopper.page.get_by_role("radio").first).to_be_visible()


def checkout_with_warnings(shopper: Shopper, shop: LiveSystem) -> None:
    _fill_basket_that_waited(shopper, shop)
    shopper.comes_back_later("/checkout")
    shopper.sees("This is sold out.")


def checkout_with_faults(shopper: Shopper, shop: LiveSystem) -> None:
    problem = {"title": "Unprocessable Content", "status": 422, "errors": FAULTS}
    shopper.expects("422")
    checkout(shopper, shop)
    answer = {"json": problem, "content_type": "application/problem+json"}
    shopper.page.route("**/api/orders", lambda route: route.fulfill(status=422, **answer))
    shopper.pay.click()
    shopper.sees("The name is too long.")


def checkout_sending(shopper: Shopper, shop: LiveSystem) -> None:
    checkout(shopper, shop)
    shopper.page.route("**/api/orders", lambda route: None)
    # The page says so a moment before it sends.
    with shopper.page.expect_request("**/api/orders"):
        shopper.pay.click()
    shopper.sees("Sending your order")


def checkout_resuming(shopper: Shopper, shop: LiveSystem) -> None:
    checkout_sending(shopper, shop)
    shopper.page.reload()
    shopper.sees("We are finishing the order that you started.")
    shopper.sees("Sending your order")


def checkout_unanswered(shopper: Shopper, shop: LiveSystem) -> None:
    shopper.expects(str(FORBIDDEN))
    checkout_sending(shopper, shop)
    shopper.page.route("**/api/orders", lambda route: route.fulfill(status=FORBIDDEN))
    shopper.page.reload()
    shopper.sees("We don't know yet whether your order has arrived.")


def checkout_asking(shopper: Shopper, shop: LiveSystem) -> None:
    checkout_sending(shopper, shop)
    shopper.page.evaluate(MAKE_OLD)
    shopper.page.reload()
    shopper.sees("We don't know whether this order has arrived.")


def basket_with_reminder(shopper: Shopper, shop: LiveSystem) -> None:
    checkout_sending(shopper, shop)
    shopper.visit("/basket")
    shopper.sees("An order of yours is not finished yet.")


def _fill_basket(shopper: Shopper) -> None:
    _add(shopper, "Espresso cups", "Espresso cups", "Chef's knife")


def _fill_basket_that_waited(shopper: Shopper, shop: LiveSystem) -> None:
    scarce, gone, dearer = shop.product(), shop.product(), shop.product()
    _add(shopper, *(f"Thing {each}" for each in (scarce, scarce, scarce, gone, dearer)))
    change_product(shop, scarce, available=2)
    change_product(shop, gone, available=0)
    change_product(shop, dearer, price=2499)


def _add(shopper: Shopper, *names: str) -> None:
    shopper.visit("/")
    for name in names:
        shopper.button(f"Add to basket: {name}").click()

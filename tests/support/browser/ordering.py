"""A customer about to pay, and the watch over what their page sends."""

from collections.abc import Callable

from playwright.sync_api import Page, Route, expect

from tests.support.browser.shopper import Shopper

TOTAL = 3998


def at_checkout(tab: Shopper) -> Shopper:
    """A tab has a session of its own, and the basket in common."""
    tab.visit("/checkout")
    tab.sign_in()
    expect(tab.pay).to_be_visible()
    return tab


def assert_order_again(buyer: Shopper, button: str, heading: str) -> None:
    """The button leads to this page, with the order's two pieces in the basket."""
    buyer.button(button).click()
    buyer.reads_heading(heading)
    expect(buyer.page.get_by_role("link", name="Basket 2 items")).to_be_visible()


class Sends:
    """What a page sends to place an order. `handle` decides on each POST, by its number."""

    def __init__(self, page: Page, handle: Callable[[Route, int], None]):
        self.keys: list[str] = []
        self._handle = handle
        page.route("**/api/orders", self._on_route)

    def _on_route(self, route: Route) -> None:
        if route.request.method != "POST":
            route.continue_()
            return
        self.keys.append(route.request.headers["idempotency-key"])
        self._handle(route, len(self.keys))

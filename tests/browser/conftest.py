"""Debian's Chromium, driven through the storefront of the running local cloud."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.support.browser.approval import APPROVE
from tests.support.browser.chromium import chromium
from tests.support.browser.ordering import TOTAL
from tests.support.browser.shopper import Shopper
from tests.support.live_system import LiveSystem


# For a module, not for the session: Playwright's loop would be in the way of Pulumi's, which the
# tests of other folders run. So the cloud has to be there before the browser.
@pytest.fixture(scope="module")
def browser(outputs: dict[str, Any]) -> Iterator[Browser]:
    """One browser for a module's tests; each shopper has a profile of their own in it."""
    with chromium() as started:
        yield started


@pytest.fixture
def new_shopper(browser: Browser, outputs: dict[str, Any]) -> Iterator[Callable[..., Shopper]]:
    """Makes shoppers, with a viewport and a colour scheme if wanted."""
    shoppers: list[Shopper] = []

    def make(**options: Any) -> Shopper:
        context = browser.new_context(base_url=outputs["storefrontUrl"], **options)
        shoppers.append(Shopper(context))
        return shoppers[-1]

    yield make
    complaints = [each for shopper in shoppers for each in shopper.complaints()]
    for shopper in shoppers:
        shopper.context.close()
    assert complaints == []


@pytest.fixture
def shopper(new_shopper: Callable[..., Shopper]) -> Shopper:
    """Somebody with a fresh browser. The test fails if the browser complained about anything."""
    return new_shopper()


@pytest.fixture
def buyer(shopper: Shopper, shop: LiveSystem) -> Shopper:
    """Signed in, at the checkout, with two of something in the basket."""
    shopper.put_in_basket(shop.product(price=TOTAL // 2), 2)
    shopper.sign_in()
    shopper.go_to_checkout()
    return shopper


@pytest.fixture
def order_id(buyer: Shopper) -> str:
    """The buyer has ordered with a card whose bank asks them, and is on the order's page."""
    buyer.page.get_by_role("radio", name="The bank asks for your approval first").check()
    buyer.pay.click()
    buyer.reads_heading("Approval needed")
    expect(buyer.button(APPROVE)).to_be_visible()
    return buyer.order_id()

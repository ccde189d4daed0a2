"""A long word in a product's name breaks before it breaks the page."""

import pytest
from playwright.sync_api import expect

from tests.support.browser.backend_checks import change_product
from tests.support.browser.layout import NARROWEST, faults, set_text_size
from tests.support.browser.shopper import Shopper
from tests.support.live_system import Customer, LiveSystem

WORDS = ["Gemüseaufbewahrungsbehälter", "Donaudampfschifffahrtselektrizitätenhauptbetriebswerk"]


@pytest.mark.parametrize(("width", "text"), [(NARROWEST, 100), (2 * NARROWEST, 200), (1280, 200)])
def test_no_name_is_too_long_for_a_narrow_window_or_large_text(
    shopper: Shopper, shop: LiveSystem, width: int, text: int
) -> None:
    products = [shop.product(available=2) for _ in WORDS]
    for product, word in zip(products, WORDS, strict=True):
        change_product(shop, product, name=word)
        shopper.put_in_basket(product, 2)
    shopper.sign_in()
    # After this the basket has more of each than is left.
    order_id = Customer(shop.outputs, shopper.email).accepted(dict.fromkeys(products, 1))
    shop.settled(order_id)
    shopper.page.set_viewport_size({"width": width, "height": 800})
    set_text_size(shopper.page, text)
    found: dict[str, list[str]] = {}
    for path in (
        "/",
        f"/products/{products[1]}",
        "/basket",
        "/checkout",
        f"/orders/{order_id}",
    ):
        shopper.comes_back_later(path)
        expect(shopper.page.get_by_role("main").get_by_text(WORDS[1]).first).to_be_visible()
        found[path] = faults(shopper.page)
    assert not any(found.values()), found

"""The shop in a browser that is set to let no site keep anything: no cookie and no storage."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.support.browser.chromium import chromium_without_site_data
from tests.support.browser.shopper import Shopper

WHY = "Signing in needs site data, which your browser blocks."


@pytest.fixture(scope="module")
def wary(outputs: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shopper]:
    """Somebody who has blocked site data in the browser's own settings."""
    profile = tmp_path_factory.mktemp("profile")
    with chromium_without_site_data(profile, outputs["storefrontUrl"]) as context:
        shopper = Shopper(context)
        yield shopper
        assert shopper.complaints() == []


def test_a_basket_lasts_as_long_as_the_page(wary: Shopper) -> None:
    wary.visit("/")
    wary.page.get_by_role("button", name="Add to basket: Linen apron").click()
    wary.page.get_by_role("link", name=re.compile("Basket")).click()
    expect(wary.button("Remove Linen apron")).to_be_visible()
    with pytest.raises(Exception, match="denied"):
        wary.stored("localStorage")


def test_a_sign_in_says_what_it_needs(wary: Shopper) -> None:
    wary.visit("/orders")
    wary.button("Sign in").click()
    wary.sees(WHY)
    wary.visit("/")
    wary.page.get_by_role("button", name="Sign in").click()
    wary.sees(WHY)


def test_a_page_whose_code_is_broken_is_not_loaded_for_ever(wary: Shopper) -> None:
    wary.expects("404|dynamically imported module")
    wary.page.route("**/assets/orders-page-*.js", lambda route: route.fulfill(status=404))
    wary.called.clear()
    wary.visit("/orders")
    wary.sees("Your basket and your orders are safe.")
    assert len([url for url in wary.called if url.endswith("/orders")]) == 1

"""Every page has an address of its own that can be opened, reloaded and sent to somebody."""

import pytest

from handlers.domain.shop import NAME
from tests.support.browser.shopper import Shopper

ORDER = "/orders/ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@pytest.mark.parametrize(
    ("path", "heading"),
    [
        ("/", "Well-made things for every day"),
        ("/products/linen-apron", "Linen apron"),
        ("/basket", "Your basket"),
        ("/checkout", "Checkout"),
        ("/orders", "My orders"),
        (ORDER, "Your order"),
        ("/products/nothing", "Page not found"),
        ("/nothing", "Page not found"),
        ("/no/thing/at/all", "Page not found"),
    ],
)
def test_an_address_opens_its_page_and_a_reload_opens_it_again(
    shopper: Shopper, path: str, heading: str
) -> None:
    for load in (lambda: shopper.page.goto(path), shopper.page.reload):
        answer = load()
        assert answer is not None
        assert (answer.status, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
        shopper.reads_heading(heading)
        assert shopper.page.title() == f"{heading} · {NAME}"


@pytest.mark.parametrize("path", ["/nope.js", "/assets/index-00000000.js", "/images/nope.svg"])
def test_a_file_that_is_not_there_is_not_found(shopper: Shopper, path: str) -> None:
    assert shopper.page.request.get(path).status == 404

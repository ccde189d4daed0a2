"""Nothing jumps while a page comes, motion says that something is going on, paper shows the order."""

from typing import Any

import pytest
from playwright.sync_api import expect

from handlers.domain.shop import NAME
from tests.support.browser import ordering_states, states
from tests.support.browser.backend_checks import let_wait
from tests.support.browser.layout import Held, shifted, watch_shifts
from tests.support.browser.shopper import Shopper
from tests.support.live_system import Customer, LiveSystem

MOST_SHIFT = 0.01
APART = 6  # CSS pixels
WINDOWS = [(360, 740), (1280, 800)]


def order_of(shop: LiveSystem, shopper: Shopper, card: str = "pm_card_visa") -> str:
    lines = {"espresso-cups": 2, "chef-knife": 1}
    return Customer(shop.outputs, shopper.email).accepted(lines, card=card)


@pytest.mark.parametrize("window", WINDOWS, ids=["phone", "desktop"])
def test_nothing_jumps_while_a_slow_page_comes(
    shopper: Shopper, shop: LiveSystem, window: tuple[int, int]
) -> None:
    order_id = order_of(shop, shopper)
    shop.settled(order_id)
    ordering_states.basket(shopper, shop)
    shopper.sign_in()
    shopper.page.set_viewport_size({"width": window[0], "height": window[1]})
    watch_shifts(shopper.page)
    moved: dict[str, Any] = {}
    for path, text in {
        "/": "Linen apron",
        "/products/linen-apron": "Washed European linen",
        "/basket": "Go to checkout",
        "/checkout": "Pay $",
        "/orders": order_id[:8],
        f"/orders/{order_id}": "Download receipt",
    }.items():
        held = Held(shopper.page, "**/api/**")
        shopper.visit(path)
        expect(shopper.page.locator(".skeleton").first).to_be_visible()
        shopper.page.wait_for_timeout(100)
        held.release()
        shopper.sees(text)
        moved[path] = shifted(shopper.page)
    assert all(score <= MOST_SHIFT for score in moved.values()), moved


@pytest.mark.parametrize("window", WINDOWS, ids=["phone", "desktop"])
def test_nothing_jumps_while_an_order_goes_its_way(
    shopper: Shopper, shop: LiveSystem, window: tuple[int, int]
) -> None:
    shopper.visit("/")
    shopper.sign_in()
    shopper.page.set_viewport_size({"width": window[0], "height": window[1]})
    watch_shifts(shopper.page)
    with shop.unstarted():
        order_id = order_of(shop, shopper)
    shopper.visit(f"/orders/{order_id}")
    expect(shopper.page.locator("[aria-current=step]")).to_be_visible()
    let_wait(shop, order_id)
    shopper.sees("This takes longer than usual.")
    shop.run(order_id)
    expect(shopper.button("Download receipt")).to_be_visible()
    assert shifted(shopper.page) <= MOST_SHIFT


@pytest.mark.parametrize("window", WINDOWS, ids=["phone", "desktop"])
def test_nothing_jumps_when_an_order_comes_to_wait_for_approval(
    shopper: Shopper, shop: LiveSystem, window: tuple[int, int]
) -> None:
    shopper.visit("/")
    shopper.sign_in()
    shopper.page.set_viewport_size({"width": window[0], "height": window[1]})
    watch_shifts(shopper.page)
    with shop.unstarted():
        order_id = order_of(shop, shopper, card=states.APPROVED_BY_THE_BANK)
    shopper.visit(f"/orders/{order_id}")
    expect(shopper.page.locator("[aria-current=step]")).to_be_visible()
    shop.run(order_id)
    expect(shopper.button("Approve the payment")).to_be_visible()
    assert shifted(shopper.page) <= MOST_SHIFT


@pytest.mark.parametrize("state", [states.order_in_progress, states.order_awaiting_approval])
def test_the_steps_of_an_order_keep_apart_on_a_phone(
    shopper: Shopper, shop: LiveSystem, state: states.State
) -> None:
    shopper.visit("/")
    shopper.sign_in()
    shopper.page.set_viewport_size({"width": 360, "height": 740})
    state(shopper, shop)
    gaps = shopper.page.evaluate(
        """() => [...document.querySelectorAll(".step + .step")].map((step) => {
          const before = step.previousElementSibling.lastElementChild.getBoundingClientRect();
          return step.getBoundingClientRect().top - before.bottom;
        })"""
    )
    assert min(gaps) >= APART, gaps


def test_the_step_that_an_order_is_at_moves(shopper: Shopper, shop: LiveSystem) -> None:
    shopper.visit("/")
    shopper.sign_in()
    states.order_in_progress(shopper, shop)
    running = "each => each.getAnimations({ subtree: true }).length"
    assert shopper.page.locator("[aria-current=step]").evaluate(running) > 0


def test_a_printed_order_is_its_details_without_the_shop_around_it(
    shopper: Shopper, shop: LiveSystem
) -> None:
    shopper.visit("/")
    shopper.sign_in()
    states.order_confirmed(shopper, shop)
    page = shopper.page
    page.emulate_media(media="print", color_scheme="dark")
    for chrome in ("banner", "contentinfo", "button", "navigation"):
        expect(page.get_by_role(chrome).filter(visible=True)).to_have_count(0)
    order_id = shopper.order_id()
    for detail in (order_id, "Espresso cups, set of four", "2 × $34.00", "$129.00", "$197.00"):
        expect(page.get_by_text(detail).filter(visible=True).first).to_be_visible()
    expect(page.get_by_text(NAME).filter(visible=True).first).to_be_visible()
    paper, ink = page.evaluate(
        "() => [document.documentElement, document.querySelector('main dd')]"
        ".map((each, index) => getComputedStyle(each)[index ? 'color' : 'backgroundColor'])"
    )
    assert paper == "rgb(255, 255, 255)"
    assert sum(int(part) for part in ink[4:-1].split(",")[:3]) < 150

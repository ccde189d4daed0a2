"""What holds for every page in every state: it can be used by everybody, on any window, at any size."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from local.node import FRONTEND
from tests.support.browser.layout import NARROWEST, faults, set_text_size
from tests.support.browser.shopper import Shopper
from tests.support.browser.states import CUSTOMERS, VISITORS
from tests.support.live_system import LiveSystem

PHONE, DESKTOP = 360, 1280
AXE = FRONTEND / "node_modules" / "axe-core" / "axe.min.js"
RUN_AXE = """async () => {
  // Off unless asked for, though WCAG 2.2 has it at level AA.
  const options = { resultTypes: ["violations"], rules: { "target-size": { enabled: true } } };
  const { violations } = await axe.run(document, options);
  return violations.flatMap(({ id, nodes }) => nodes.map((node) =>
    `${id}: ${node.html.slice(0, 150)}: ${[...node.any, ...node.all, ...node.none][0]?.message}`));
}"""


@pytest.fixture(scope="module")
def visitor(browser: Browser, outputs: dict[str, Any]) -> Iterator[Shopper]:
    """Somebody who never signs in."""
    context = browser.new_context(base_url=outputs["storefrontUrl"])
    yield Shopper(context)
    context.close()


@pytest.fixture(scope="module")
def customer(browser: Browser, outputs: dict[str, Any]) -> Iterator[Shopper]:
    """Somebody who is signed in."""
    context = browser.new_context(base_url=outputs["storefrontUrl"])
    shopper = Shopper(context)
    shopper.visit("/")
    shopper.sign_in()
    yield shopper
    context.close()


@pytest.fixture(scope="module", params=[*VISITORS, *CUSTOMERS])
def page(
    request: pytest.FixtureRequest, visitor: Shopper, customer: Shopper, shop: LiveSystem
) -> Iterator[Shopper]:
    """Somebody who looks at the page in the state that the parameter names."""
    shopper = customer if request.param in CUSTOMERS else visitor
    shopper.starts_over()
    (VISITORS | CUSTOMERS)[request.param](shopper, shop)
    yield shopper
    assert shopper.complaints() == []


def test_axe_finds_no_barrier_in_light_or_dark_on_a_phone_or_a_desktop(page: Shopper) -> None:
    page.page.evaluate(AXE.read_text(encoding="utf-8"))
    found: dict[tuple[str, int], list[str]] = {}
    for scheme in ("light", "dark"):
        # A colour on its way from one scheme to the other would be judged halfway.
        page.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        for width in (PHONE, DESKTOP):
            page.page.set_viewport_size({"width": width, "height": 800})
            found[scheme, width] = page.page.evaluate(RUN_AXE)
    assert not any(found.values()), found


@pytest.mark.parametrize(
    ("width", "text"),
    [(NARROWEST, 100), (2 * NARROWEST, 200), (DESKTOP, 200)],
    ids=["narrow", "text-200-half", "text-200"],
)
def test_nothing_is_cut_off_or_covered_in_a_narrow_window_or_with_large_text(
    page: Shopper, width: int, text: int
) -> None:
    page.page.set_viewport_size({"width": width, "height": 800})
    set_text_size(page.page, text)
    found = faults(page.page)
    set_text_size(page.page, 100)
    assert found == []


def test_nothing_moves_for_who_wants_no_motion(page: Shopper) -> None:
    page.page.emulate_media(reduced_motion="reduce")
    running = (
        "() => document.getAnimations().filter(({ playState }) => playState === 'running').length"
    )
    assert page.page.evaluate(running) == 0

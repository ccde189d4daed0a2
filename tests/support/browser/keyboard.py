"""Goes through the pages by keyboard alone, and looks where the focus is."""

import re

from playwright.sync_api import Page, expect


def skip_to_content(page: Page) -> None:
    page.keyboard.press("Tab")
    link = page.get_by_role("link", name="Skip to content")
    expect(link).to_be_focused()
    expect(link).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()


def follow(page: Page, name: str, heading: str) -> None:
    """To the control, Enter, and the page that it leads to has the focus at its heading."""
    press(page, name)
    assert_heading_is_focused(page, heading)


def press(page: Page, name: str) -> None:
    """To the control, and Enter."""
    tab_to(page, name)
    page.keyboard.press("Enter")


def tab_to(page: Page, name: str, key: str = "Tab") -> None:
    """Presses Tab until the control of this name has the focus, which must be seen at each stop."""
    # The catalogue has two stops for each product, also for those of the other tests.
    for _ in range(500):
        page.keyboard.press(key)
        focused = page.locator(":focus")
        assert focused.count() == 1, f"the focus was lost on the way to {name!r}"
        visible = focused.evaluate(
            "each => getComputedStyle(each.closest('.card-choice') ?? each).outlineStyle"
        )
        assert visible != "none", f"no visible focus: {focused.aria_snapshot()}"
        if re.search(rf'"{re.escape(name)}', focused.aria_snapshot()):
            return
    raise AssertionError(f"Tab never comes to {name!r}")


def assert_heading_is_focused(page: Page, name: str) -> None:
    heading = page.get_by_role("heading", level=1, name=name)
    expect(heading).to_be_focused()

"""The build is for the browsers that README.md names."""

import re

from local.node import FRONTEND


def test_the_build_is_for_the_browsers_that_the_readme_names() -> None:
    readme = (FRONTEND.parent / "README.md").read_text(encoding="utf-8")
    (named,) = re.findall(r"The storefront runs in (.+), and later ones\.", readme)
    (built_for,) = re.findall(
        r"OLDEST_BROWSERS = \[(.+)\]", (FRONTEND / "vite.config.ts").read_text(encoding="utf-8")
    )
    versions = [part.rpartition(" ") for part in named.split(", ")]
    assert dict(re.findall(r'"([a-z]+)([\d.]+)"', built_for)) == {
        browser.lower(): version
        for browsers, _, version in versions
        for browser in browsers.split(" and ")
    }


def test_the_built_styles_have_no_syntax_that_the_oldest_browsers_lack() -> None:
    """Nesting, and colours for light and dark, came with Chrome 112 and 123."""
    styles = "".join(path.read_text() for path in (FRONTEND / "dist").rglob("*.css"))
    assert styles
    assert not re.search(r"&|light-dark\(|@scope|@starting-style", styles)

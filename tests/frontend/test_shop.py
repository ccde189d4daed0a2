"""The site, its mails and its receipts are of one shop: `handlers/domain/shop.json`."""

import pytest

from handlers.domain import shop
from local.node import FRONTEND

DIST = FRONTEND / "dist"
BACKGROUNDS = {shop.ACCENT: "#faf7f2", shop.ACCENT_ON_DARK: "#1e2125"}


def built(suffix: str) -> str:
    return "".join(path.read_text() for path in DIST.rglob(f"*{suffix}"))


def luminance(color: str) -> float:
    """https://www.w3.org/TR/WCAG22/#dfn-relative-luminance"""
    parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_the_site_has_the_shops_name_and_its_address() -> None:
    assert f"<title>{shop.NAME}</title>" in built(".html")
    assert shop.NAME in built(".js")
    assert shop.CONTACT in built(".js")


def test_the_site_has_the_shops_accent_in_light_and_dark() -> None:
    for color in (shop.ACCENT, shop.ACCENT_ON_DARK):
        assert color in built(".css")


@pytest.mark.parametrize("accent", BACKGROUNDS)
def test_the_accent_can_be_read_as_small_text_on_what_is_behind_it(accent: str) -> None:
    assert contrast(accent, BACKGROUNDS[accent]) >= 4.5

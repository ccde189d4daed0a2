"""Plots are readable in a light and in a dark page, and show what they are given."""

import re
from xml.etree import ElementTree

import pytest

from bench.plots import COLOURS, Bar, Dots, bars, dots

BARS = bars("Orders <a second>", [Bar("ours", 5, 0, limit=8), Bar("theirs", 10, 1)], "/s")
DOTS = dots("Times", [Dots("POST", [10, 20, 30]), Dots("mail", [100])], {"POST": 40}, "ms")
NAMESPACE = "{http://www.w3.org/2000/svg}"


def luminance(colour: str) -> float:
    """As WCAG defines it: https://www.w3.org/TR/WCAG21/#dfn-relative-luminance"""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def colours(svg: str, scheme: str) -> dict[str, str]:
    light, _, dark = svg.partition("prefers-color-scheme: dark")
    return dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", dark if scheme == "dark" else light))


@pytest.mark.parametrize("svg", [BARS, DOTS])
@pytest.mark.parametrize(("scheme", "page"), [("light", "#ffffff"), ("dark", "#0d1117")])
def test_text_and_marks_stand_out_from_the_page_of_either_scheme(
    svg: str, scheme: str, page: str
) -> None:
    """4.5 for text and 3 for graphics: WCAG 2.1, 1.4.3 and 1.4.11."""
    found = colours(svg, scheme)
    texts = {"ink", "faint"}
    graphics = {"limit", *(f"c{number}" for number in range(COLOURS))}
    assert all(contrast(found[name], page) >= 4.5 for name in texts)
    assert all(contrast(found[name], page) >= 3 for name in graphics)


@pytest.mark.parametrize("svg", [BARS, DOTS])
def test_every_colour_that_is_used_is_defined_for_both_schemes(svg: str) -> None:
    used = set(re.findall(r"var\(--(\w+)\)", svg))
    assert used <= set(colours(svg, "light"))
    assert used <= set(colours(svg, "dark"))


@pytest.mark.parametrize("svg", [BARS, DOTS])
def test_a_plot_is_whole_xml_with_a_name(svg: str) -> None:
    root = ElementTree.fromstring(svg)
    assert root.get("aria-label")
    assert root.get("role") == "img"


def test_a_bar_is_as_long_as_its_value_and_says_it() -> None:
    root = ElementTree.fromstring(BARS)
    short, long = [float(each.get("width", "0")) for each in root.iter(f"{NAMESPACE}rect")]
    assert long == pytest.approx(2 * short)
    assert {"5", "10"} <= {each.text for each in root.iter(f"{NAMESPACE}text")}


def test_every_measurement_is_a_dot() -> None:
    root = ElementTree.fromstring(DOTS)
    assert len(list(root.iter(f"{NAMESPACE}circle"))) == 4


def test_a_limit_is_marked_where_its_value_is() -> None:
    root = ElementTree.fromstring(DOTS)
    marks = {
        each.get("class"): float(each.get("x1", "0")) for each in root.iter(f"{NAMESPACE}line")
    }
    dots_at = [float(each.get("cx", "0")) for each in root.iter(f"{NAMESPACE}circle")]
    ten, thirty, hundred = dots_at[0], dots_at[2], dots_at[3]
    assert marks["limit"] == pytest.approx(thirty + (thirty - ten) / 2, abs=0.2)
    assert marks["limit"] < hundred

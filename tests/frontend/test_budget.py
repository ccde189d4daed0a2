"""What the built site makes a customer load, from Vite's manifest.

KB are 1,000 bytes as gzip packs them; CloudFront's Brotli sends less.
"""

import gzip
import json
from typing import Any

import pytest

from local.node import FRONTEND

DIST = FRONTEND / "dist"
INITIAL, ROUTE, ALL_SCRIPTS, STYLES = 95, 105, 120, 8
STRIPE = "stripe"
"""In the name of every chunk that only a stack with Stripe loads."""

Manifest = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def manifest() -> Manifest:
    return json.loads((DIST / ".vite" / "manifest.json").read_text())


def packed(files: set[str]) -> float:
    return sum(len(gzip.compress((DIST / file).read_bytes(), 9)) for file in files) / 1000


def scripts_of(manifest: Manifest, chunk: str) -> set[str]:
    """A chunk's file and those that it imports before it runs."""
    found = {manifest[chunk]["file"]}
    for imported in manifest[chunk].get("imports", []):
        found |= scripts_of(manifest, imported)
    return found


def test_the_first_page_loads_little_script(manifest: Manifest) -> None:
    assert packed(scripts_of(manifest, "index.html")) <= INITIAL


def test_no_route_loads_much_more(manifest: Manifest) -> None:
    routes = [chunk for chunk in manifest if chunk.endswith("-page.tsx")]
    assert len(routes) >= 4
    for route in routes:
        files = scripts_of(manifest, "index.html") | scripts_of(manifest, route)
        assert packed(files) <= ROUTE, route


def test_all_script_of_a_sandbox_stack_is_small(manifest: Manifest) -> None:
    files = {chunk["file"] for name, chunk in manifest.items() if STRIPE not in name}
    assert packed({file for file in files if file.endswith(".js")}) <= ALL_SCRIPTS


def test_all_styles_are_small() -> None:
    assert packed({str(file) for file in DIST.rglob("*.css")}) <= STYLES


def test_the_build_has_no_font_and_names_no_foreign_address_to_load() -> None:
    assert not [file for file in DIST.rglob("*") if file.suffix in {".woff", ".woff2", ".ttf"}]
    assert "//" not in (DIST / "index.html").read_text()


def test_the_build_has_no_trace_of_the_demo_sign_in() -> None:
    for file in DIST.rglob("*"):
        if file.suffix in {".js", ".html", ".css"}:
            text = file.read_text(encoding="utf-8").lower()
            for trace in ("example.com", "local cloud", "demo"):
                assert trace not in text, f"{trace} in {file.name}"

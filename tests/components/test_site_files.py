"""The site's files: a missing build, types, and what the router does with addresses."""

import asyncio
import json
import subprocess
from pathlib import Path
from typing import Any

import pulumi
import pytest
from google.protobuf import struct_pb2
from pulumi.runtime import rpc

from components.content_delivery import ROUTER
from components.site_files import SiteError, site_files
from localcloud import node

PAGE = "/index.html"
ADDRESSES = {
    "/": PAGE,
    "/orders": PAGE,
    "/orders/D5VMQX6LO6EQ4IHYKA4UUM62SQ": PAGE,
    "/orders/": PAGE,
    "/v1.2/orders": PAGE,
    "/favicon.svg": "/favicon.svg",
    "/assets/index-C76mOUoI.js": "/assets/index-C76mOUoI.js",
    "/nope.js": "/nope.js",
}


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A small build."""
    for name in ("index.html", "assets/app-1.js", "images/a.svg", ".vite/manifest.json"):
        path = tmp_path / "frontend" / "dist" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    return tmp_path / "frontend" / "dist"


def test_what_the_build_made_is_uploaded_and_what_it_made_for_itself_is_not(site: Path) -> None:
    found = {each.key: each for each in site_files(site)}
    assert list(found) == ["assets/app-1.js", "images/a.svg", "index.html"]
    types = [each.content_type.partition(";")[0] for each in found.values()]
    assert types == ["text/javascript", "image/svg+xml", "text/html"]
    asset = found["assets/app-1.js"].content
    assert isinstance(asset, pulumi.FileAsset)
    assert Path(asset.path).read_text() == "assets/app-1.js"


def test_a_file_of_a_type_that_nobody_has_said_is_refused_by_its_name(site: Path) -> None:
    (site / "images" / "a.tiff").write_bytes(b"")
    with pytest.raises(SiteError, match=r"^images/a\.tiff: .* no content type for '\.tiff'$"):
        site_files(site)


def test_an_update_without_a_build_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pulumi.runtime, "is_dry_run", lambda: False)
    with pytest.raises(SiteError) as told:
        site_files(tmp_path / "frontend" / "dist")
    assert str(told.value) == "frontend/dist is missing: run `make site`"


def test_a_preview_without_a_build_shows_the_page_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pulumi.runtime, "is_dry_run", lambda: True)
    monkeypatch.setattr(pulumi.log, "info", lambda _text: None)
    [page] = site_files(tmp_path / "frontend" / "dist")
    assert (page.key, page.content_type.partition(";")[0]) == ("index.html", "text/html")


def from_the_engine(asset: pulumi.Asset) -> Any:
    """The asset as the SDK reads it from the engine's answer, which has no empty fields."""
    sent = asyncio.run(rpc.serialize_property(asset, [], None))
    answer = struct_pb2.Struct()
    answer.update({name: value for name, value in sent.items() if value != ""})
    return rpc.deserialize_property(answer)


def test_every_file_of_a_preview_comes_back_from_the_engine(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pulumi.runtime, "is_dry_run", lambda: True)
    monkeypatch.setattr(pulumi.log, "info", lambda _text: None)
    without_a_build = site_files(tmp_path / "not" / "built")
    for file in [*without_a_build, *site_files(site)]:
        assert vars(from_the_engine(file.content)) == vars(file.content), file.key


def test_the_router_sends_the_sites_addresses_to_its_page_and_leaves_files_alone() -> None:
    """Run by Node, which knows more than CloudFront's runtime does."""
    asked = json.dumps(list(ADDRESSES))
    script = f"""{ROUTER.read_text(encoding="utf-8")}
    const asked = {asked};
    console.log(JSON.stringify(asked.map((uri) => handler({{ request: {{ uri }} }}).uri)));"""
    done = subprocess.run(
        [node.executable(), "-e", script], capture_output=True, text=True, check=True
    )
    assert dict(zip(ADDRESSES, json.loads(done.stdout), strict=True)) == ADDRESSES

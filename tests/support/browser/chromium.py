"""Starts the browser of the tests."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, sync_playwright

_FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's Chromium. Fails with one line that says what to install if there is none."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_executable(), args=_FLAGS)
        yield browser
        browser.close()


@contextmanager
def chromium_without_site_data(profile: Path, base_url: str) -> Iterator[BrowserContext]:
    """The same as a customer can set it: no site may keep anything in it."""
    blocked = {"profile": {"default_content_setting_values": {"cookies": 2}}}
    (profile / "Default").mkdir()
    (profile / "Default" / "Preferences").write_text(json.dumps(blocked))
    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            profile, executable_path=_executable(), args=_FLAGS, base_url=base_url
        )
        yield context
        context.close()


def _executable() -> str:
    find = Path(__file__).with_name("chromium.sh")
    found = subprocess.run([find], capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stderr
    return found.stdout.strip()

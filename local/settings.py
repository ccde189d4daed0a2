"""Where a local cloud lives, and what it and a preview set in a stack's config.

Account and region are fixed; port and state directory come from the environment: LOCAL_PORT (default 4566) and
LOCAL_STATE_DIR (default .local in the repository) let two run side by side.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from local.errors import LocalError

ROOT = Path(__file__).resolve().parents[1]
ACCOUNT = "000000000000"
REGION = "us-east-1"
LOCAL_CONFIG: Mapping[str, Any] = {
    "bundlePlatform": "host",
    "senderEmail": "orders@shop.localhost",
}
"""What the local cloud sets in every stack's config: it runs on this machine, and keeps the mail that is sent."""
PREVIEW_CONFIG: Mapping[str, Any] = {
    "bundlePlatform": "host",
    # Encrypted, as every secret is to a preview; only a stack with Stripe reads it.
    "stripeSecretKey": {"secure": ""},
}
"""What a preview sets in every stack's config: it builds no bundles and has no secrets."""


def port() -> int:
    """The emulator's port; the next one is the storefront's. LocalError if LOCAL_PORT is not such a port."""
    given = os.environ.get("LOCAL_PORT", "4566")
    if not given.isdecimal() or not 0 < int(given) < 65535:
        raise LocalError(f"LOCAL_PORT must be a port number, not '{given}'")
    return int(given)


def state_dir() -> Path:
    """The directory that holds everything of this local cloud."""
    return Path(os.environ.get("LOCAL_STATE_DIR") or ROOT / ".local").absolute()


def engine_dir() -> Path:
    """The directory of what Pulumi's own engine makes here, with an emulator of its own."""
    return state_dir() / "engine"


def overrides(port: int, stack: str) -> dict[str, Any]:
    """The config of a stack that differs on this machine, for an emulator on `port`."""
    user, _, domain = LOCAL_CONFIG["senderEmail"].partition("@")
    return {
        **LOCAL_CONFIG,
        "storefrontUrl": f"http://localhost:{edge_port(port)}",
        "signInUrl": f"http://127.0.0.1:{port}",
        # An account has an SES identity once, so two stacks can't both create the same.
        "senderEmail": f"{user}@{stack}.{domain}",
    }


def edge_port(port: int) -> int:
    """The port of the storefront's address, next to the emulator's own."""
    return port + 1

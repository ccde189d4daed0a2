"""The shop's own part of the local cloud's settings: where the program is, and the config that differs here."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from localcloud.project import Project
from localcloud.settings import edge_port

ROOT = Path(__file__).resolve().parents[1]
LOCAL_CONFIG: Mapping[str, Any] = {
    "bundlePlatform": "host",
    "senderEmail": "orders@shop.localhost",
}
"""What the local cloud sets in every stack's config: it runs on this machine, and keeps the mail that is sent."""
PREVIEW_CONFIG: Mapping[str, Any] = {
    "bundlePlatform": "host",
    # Encrypted, as every secret is to a preview; only a stack with Stripe reads them.
    "stripeSecretKey": {"secure": ""},
    "stripeReadKey": {"secure": ""},
    "stripeWebhookSecret": {"secure": ""},
}
"""What a preview sets in every stack's config: it builds no bundles and has no secrets."""


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


def hints(outputs: Mapping[str, Any]) -> list[str]:
    """What to do next, after `up`."""
    return [
        f"  shop   {outputs['storefrontUrl']}",
        f"  API    {outputs['storefrontUrl']}/api/products",
        "  order  make order",
        "  mail   .venv/bin/python -m local mail",
        "  stop   make down",
    ]


SHOP = Project(directory=ROOT, config=overrides, preview_config=PREVIEW_CONFIG, hints=hints)
"""The shop's program, as the local cloud takes it."""

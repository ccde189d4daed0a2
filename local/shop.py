"""The shop on the local cloud."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from local.settings import SHOP
from localcloud.instance import cloud


def up(
    stack: str = "dev", *, state_dir: Path, port: int, config: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Brings the shop's program up and returns its outputs; `config` overrides what differs on this machine."""
    given = {**SHOP.config(port, stack), **(config or {})}
    return cloud.up(stack, state_dir=state_dir, port=port, directory=SHOP.directory, config=given)

"""Where a local cloud lives: fixed account and region, port and state directory from the environment.

LOCAL_PORT (default 4566) and LOCAL_STATE_DIR (default .local in the working directory) let two run side by side.
"""

import os
from pathlib import Path

from localcloud.errors import LocalError

PACKAGE_PARENT = Path(__file__).resolve().parents[1]
"""The folder from which this package is imported, for the processes that it starts."""
ACCOUNT = "000000000000"
REGION = "us-east-1"


def port() -> int:
    """The emulator's port; the next one is the site's. LocalError if LOCAL_PORT is not such a port."""
    given = os.environ.get("LOCAL_PORT", "4566")
    if not given.isdecimal() or not 0 < int(given) < 65535:
        raise LocalError(f"LOCAL_PORT must be a port number, not '{given}'")
    return int(given)


def state_dir() -> Path:
    """The directory that holds everything of this local cloud."""
    return Path(os.environ.get("LOCAL_STATE_DIR") or ".local").absolute()


def engine_dir() -> Path:
    """The directory of what Pulumi's own engine makes here, with an emulator of its own."""
    return state_dir() / "engine"


def edge_port(port: int) -> int:
    """The port of the site's address, next to the emulator's own."""
    return port + 1

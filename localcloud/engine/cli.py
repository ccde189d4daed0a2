"""The Pulumi CLI: the one that is installed, or one built from its Go modules (`make engine`)."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from localcloud.errors import LocalError

VERSION = "3.274.1"
"""Of the CLI that `make engine` builds. A newer CLI runs programs with an older SDK."""
MISSING = (
    "the Pulumi CLI is missing: install it (https://www.pulumi.com/docs/iac/download-install/),"
    " or run `make engine`, which builds it where Go 1.26.6 or newer is"
)


def built() -> Path:
    """Where `make engine` puts the CLI: outside of the tree, so that every checkout has it."""
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(cache) / "localcloud" / f"pulumi-{VERSION}" / "pulumi"


def find() -> Path | None:
    """The CLI on the PATH, or the built one; None if there is neither."""
    installed = shutil.which("pulumi")
    if installed:
        return Path(installed)
    return built() if built().is_file() else None


def require() -> Path:
    """The CLI. Raises LocalError that says how to get one."""
    found = find()
    if found is None:
        raise LocalError(MISSING)
    return found


def said(binary: Path, environment: Mapping[str, str], directory: Path, *arguments: str) -> str:
    """What the CLI prints for a short command. Raises LocalError with its error if it fails."""
    done = subprocess.run(
        [binary, *arguments],
        cwd=directory,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise LocalError(f"pulumi {' '.join(arguments[:2])} failed: {done.stderr.strip()}")
    return done.stdout

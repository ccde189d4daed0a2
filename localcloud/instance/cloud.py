"""Brings the local cloud up: runs the program against the emulator until it is what the program declares.

Prints nothing itself; `down` and `outputs` are in running.py, which needs no Pulumi, and can be had from here too.
"""

import contextlib
import fcntl
import json
import uuid
from collections.abc import Callable, Generator, Mapping
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from localcloud import program, recorder
from localcloud.emulator import process
from localcloud.errors import LocalError, program_error
from localcloud.instance.running import down, outputs, outputs_file, state_file
from localcloud.provision.aws import Aws
from localcloud.provision.provisioner import Event, Provisioner
from localcloud.settings import REGION
from localcloud.state import State, UnusableState

__all__ = ["Event", "down", "outputs", "up"]

MARKER = "/local-cloud/instance"
Notice = Callable[[str], None]


def up(
    stack: str = "dev",
    *,
    state_dir: Path,
    port: int,
    directory: Path = Path(),
    config: Mapping[str, Any] | None = None,
    on_event: Callable[[Event], None] = lambda _event: None,
    on_notice: Notice = lambda _notice: None,
) -> dict[str, Any]:
    """Runs the program until the cloud is what it declares, and returns its outputs without the secret ones.

    Starts the emulator if needed; starts over if the state is unusable or belongs to another emulator. Repeatable: a
    failed run is taken up by the next. Also writes the outputs to `outputs.json` in the state directory.
    """
    directory = directory.resolve()
    loaded = program.load(stack, directory, config)
    with _locked(state_dir):
        endpoint, state = _running(state_dir, port, on_notice)
        prefix = f"{loaded.project}-{stack}"
        provisioner = Provisioner(Aws(endpoint), state, prefix, directory, on_event)
        try:
            recording = recorder.run(loaded, provisioner)
        except LocalError:
            raise
        except Exception as error:
            raise LocalError(program_error(error, directory)) from error
        provisioner.delete_undeclared()
        exports = {
            key: value
            for key, value in recording.exports.items()
            if key not in recording.secret_exports
        }
        found = {"endpointUrl": endpoint, "region": REGION} | exports
        outputs_file(state_dir).write_text(json.dumps(found, indent=2, sort_keys=True) + "\n")
    return found


def _running(state_dir: Path, port: int, on_notice: Notice) -> tuple[str, State]:
    """An emulator with the state that belongs to it: the present ones, or new ones."""
    running = process.find(state_dir)
    try:
        state = State.load(state_file(state_dir))
    except UnusableState as error:
        state, reason = None, str(error)
    else:
        reason = _mismatch(running, state, port)
        if running and state and not reason:
            return running.endpoint, state
    if reason:
        on_notice(f"starting over: {reason}")
    process.stop(state_dir)
    state_file(state_dir).unlink(missing_ok=True)
    outputs_file(state_dir).unlink(missing_ok=True)
    started = process.start(state_dir, port)
    state = State(state_file(state_dir), uuid.uuid4().hex[:12])
    Aws(started.endpoint).ssm.put_parameter(Name=MARKER, Value=state.instance, Type="String")
    state.save()
    return started.endpoint, state


def _mismatch(running: process.Process | None, state: State | None, port: int) -> str:
    """Why the emulator and the state cannot be used together; empty if they can, or if there is neither."""
    if running is None:
        return "the emulator is gone" if state else ""
    if state is None:
        return "the emulator has no state"
    if running.port != port:
        return f"the port changed from {running.port} to {port}"
    if not process.is_healthy(running):
        return "the emulator does not answer"
    if running.code != process.fingerprint():
        return "the emulator's patches or Python changed"
    try:
        marker = Aws(running.endpoint).ssm.get_parameter(Name=MARKER)["Parameter"]["Value"]
    except (ClientError, BotoCoreError):
        marker = ""
    return "" if marker == state.instance else "the state belongs to another emulator instance"


@contextlib.contextmanager
def _locked(state_dir: Path) -> Generator[None]:
    """Keeps two runs from changing one cloud at the same time."""
    state_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (state_dir / "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise LocalError(f"another `up` is running for {state_dir}") from None
        yield

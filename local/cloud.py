"""The local cloud as a whole: `up` runs the program against the emulator, `down` ends it. Prints nothing itself."""

import contextlib
import fcntl
import hashlib
import json
import sys
import uuid
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from local import emulator, program, recorder
from local.emulator import process
from local.errors import LocalError
from local.provision.aws import Aws
from local.provision.provisioner import Event, Provisioner
from local.settings import REGION, ROOT
from local.state import State, UnusableState

MARKER = "/local-cloud/instance"
Notice = Callable[[str], None]


def up(
    stack: str = "dev",
    *,
    state_dir: Path,
    port: int,
    directory: Path = ROOT,
    config: Mapping[str, Any] | None = None,
    on_event: Callable[[Event], None] = lambda _event: None,
    on_notice: Notice = lambda _notice: None,
) -> dict[str, Any]:
    """Runs the program until the cloud is what it declares, and returns its outputs without the secret ones.

    Starts the emulator if needed; starts over if the state is unusable or belongs to another emulator. Repeatable: a
    failed run is taken up by the next. Also writes the outputs to `outputs.json` in the state directory.
    """
    overrides = {"bundlePlatform": "host", "storefrontUrl": f"http://localhost:{port}"} | dict(config or {})
    loaded = program.load(stack, directory, overrides)
    with _locked(state_dir):
        endpoint, state = _running(state_dir, port, on_notice)
        prefix = f"{loaded.project}-{stack}"
        provisioner = Provisioner(Aws(endpoint), state, prefix, directory, on_event)
        recording = recorder.run(loaded, provisioner)
        provisioner.delete_undeclared()
        outputs = {"endpointUrl": endpoint, "region": REGION} | {
            key: value for key, value in recording.exports.items() if key not in recording.secret_exports
        }
        _outputs_file(state_dir).write_text(json.dumps(outputs, indent=2, sort_keys=True) + "\n")
    return outputs


def down(state_dir: Path) -> bool:
    """Stops the emulator and removes all state; False if it was not running."""
    was_running = process.stop(state_dir)
    for file in (_state_file(state_dir), _outputs_file(state_dir), *state_dir.glob("*.log"), state_dir / "lock"):
        file.unlink(missing_ok=True)
    with contextlib.suppress(OSError):
        state_dir.rmdir()
    return was_running


def outputs(state_dir: Path) -> dict[str, Any]:
    """The outputs of the running cloud; LocalError if it does not run."""
    running = process.find(state_dir)
    if running is None or not process.is_healthy(running):
        raise LocalError("the local cloud is not running: `make up` starts it")
    try:
        return json.loads(_outputs_file(state_dir).read_text())
    except (OSError, ValueError):
        raise LocalError("the local cloud is not complete: run `make up` again") from None


def _running(state_dir: Path, port: int, on_notice: Notice) -> tuple[str, State]:
    """An emulator with the state that belongs to it: the present ones, or new ones."""
    running = process.find(state_dir)
    try:
        state = State.load(_state_file(state_dir))
    except UnusableState as error:
        state, reason = None, str(error)
    else:
        reason = _mismatch(running, state, port)
        if running and state and not reason:
            return running.endpoint, state
    if reason:
        on_notice(f"starting over: {reason}")
    process.stop(state_dir)
    _state_file(state_dir).unlink(missing_ok=True)
    _outputs_file(state_dir).unlink(missing_ok=True)
    started = process.start(state_dir, port)
    state = State(_state_file(state_dir), f"{_fingerprint()}-{uuid.uuid4().hex[:12]}")
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
    if not state.instance.startswith(_fingerprint()):
        return "the emulator's patches or Python changed"
    try:
        marker = Aws(running.endpoint).ssm.get_parameter(Name=MARKER)["Parameter"]["Value"]
    except (ClientError, BotoCoreError):
        marker = ""
    return "" if marker == state.instance else "the state belongs to another emulator instance"


def _fingerprint() -> str:
    """Changes with the code and the interpreter that an emulator was started from."""
    digest = hashlib.sha256(sys.version.encode())
    for file in sorted(Path(emulator.__file__).parent.glob("*.py")):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


@contextlib.contextmanager
def _locked(state_dir: Path) -> Iterator[None]:
    """Keeps two runs from changing one cloud at the same time."""
    state_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (state_dir / "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise LocalError(f"another `up` is running for {state_dir}") from None
        yield


def _state_file(state_dir: Path) -> Path:
    return state_dir / "state.json"


def _outputs_file(state_dir: Path) -> Path:
    return state_dir / "outputs.json"

"""Starts, checks and stops the emulator's process in the background. Knows nothing of what is made inside it.

Everything the process writes is in the state directory: its log, and a temporary directory of its own that goes when
it stops (MiniStack leaves its workers' directories behind).
"""

import contextlib
import hashlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from localcloud import node, web
from localcloud.errors import LocalError
from localcloud.settings import PACKAGE_PARENT, REGION, edge_port

MODULE = "localcloud.emulator"
START_DEADLINE = 30.0  # seconds until the health check must have succeeded
STOP_DEADLINE = 5.0  # seconds from SIGTERM to SIGKILL
# Functions see the environment of the process, so nothing else may be in it. The last two: concurrency.py.
INHERITED = ("LANG", "TZ", "LOCAL_FUNCTION_CONCURRENCY", "LOCAL_TOTAL_CONCURRENCY")


@dataclass(frozen=True)
class Process:
    """A running emulator of ours."""

    pid: int
    port: int
    code: str = ""
    """The fingerprint of what it was started from."""

    @property
    def endpoint(self) -> str:
        """Base URL, without a trailing slash."""
        return f"http://127.0.0.1:{self.port}"


def find(state_dir: Path) -> Process | None:
    """The emulator that was started for this state directory, if it still runs; a pid used by others is not it."""
    try:
        noted = json.loads(_pid_file(state_dir).read_text())
        process = Process(int(noted["pid"]), int(noted["port"]), str(noted["code"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return process if _is_ours(process.pid, state_dir) else None


def start(state_dir: Path, port: int) -> Process:
    """Starts it and waits until it is healthy; LocalError if the port is taken or it does not come up in time."""
    for each in (port, edge_port(port)):
        _require_free(each)
    state_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    _remove_temporary(state_dir)
    _temporary(state_dir).mkdir(mode=0o700)
    with _log_file(state_dir).open("wb") as log:
        child = subprocess.Popen(
            [sys.executable, "-m", MODULE, "--state-dir", str(state_dir.resolve())],
            cwd=PACKAGE_PARENT,
            env=_environment(state_dir, port),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    process = Process(child.pid, port, fingerprint())
    _pid_file(state_dir).write_text(json.dumps(vars(process)))
    try:
        _wait_until_healthy(child, process, state_dir)
    except BaseException:
        stop(state_dir)
        raise
    return process


def stop(state_dir: Path) -> bool:
    """Stops it and its workers, and removes what it wrote except the log; False if it was not running."""
    process = find(state_dir)
    if process:
        _signal_group(process.pid, signal.SIGTERM)
        deadline = time.monotonic() + STOP_DEADLINE
        while _is_ours(process.pid, state_dir) and time.monotonic() < deadline:
            time.sleep(0.02)
        _signal_group(process.pid, signal.SIGKILL)
        _reap(process.pid)
    _pid_file(state_dir).unlink(missing_ok=True)
    _remove_temporary(state_dir)
    return process is not None


def fingerprint() -> str:
    """Changes with the patches and the interpreter that an emulator is started from."""
    digest = hashlib.sha256(sys.version.encode())
    for file in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


def is_healthy(process: Process) -> bool:
    """Whether it answers its health check, within two seconds."""
    try:
        health = web.request("GET", f"{process.endpoint}/_ministack/health", timeout=2)
    except LocalError:
        return False
    return health.status == 200


def _wait_until_healthy(child: subprocess.Popen[bytes], process: Process, state_dir: Path) -> None:
    deadline = time.monotonic() + START_DEADLINE
    while not is_healthy(process):
        if child.poll() is not None:
            raise LocalError(f"the emulator did not start: {_last_line(_log_file(state_dir))}")
        if time.monotonic() > deadline:
            raise LocalError(
                f"the emulator is not healthy after {START_DEADLINE:.0f} s: see {_log_file(state_dir)}"
            )
        time.sleep(0.03)


def _environment(state_dir: Path, port: int) -> dict[str, str]:
    inherited = {key: os.environ[key] for key in INHERITED if key in os.environ}
    temporary = str(_temporary(state_dir).resolve())
    # CloudFront's functions run on Node.
    path = f"{node.executable().parent}{os.pathsep}{os.environ.get('PATH', '')}"
    return inherited | {
        "PATH": path,
        "HOME": temporary,
        "TMPDIR": temporary,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AUTH": "true",
        "GATEWAY_PORT": str(port),
        "LOCAL_EDGE_PORT": str(edge_port(port)),
        "MINISTACK_HOST": "localhost",
        "MINISTACK_REGION": REGION,
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        "LOG_LEVEL": "WARNING",
        # MiniStack removes containers that another MiniStack left behind; this one must not see Docker at all.
        "DOCKER_HOST": f"unix://{temporary}/no-docker.sock",
    }


def _require_free(port: int) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise LocalError(
                f"port {port} is in use by another program: stop it, or set LOCAL_PORT"
            ) from None


def _is_ours(pid: int, state_dir: Path) -> bool:
    return _command_line(pid).endswith(f"-m {MODULE} --state-dir {state_dir.resolve()}")


def _command_line(pid: int) -> str:
    """A process's command line; empty if it does not exist or has ended."""
    if Path("/proc/self/cmdline").exists():
        try:
            return Path(f"/proc/{pid}/cmdline").read_text().rstrip("\0").replace("\0", " ")
        except OSError:
            return ""
    command = ["ps", "-o", "command=", "-p", str(pid)]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()


def _signal_group(pid: int, number: signal.Signals) -> None:
    try:
        os.killpg(pid, number)
    except (ProcessLookupError, PermissionError):
        return


def _reap(pid: int) -> None:
    """Collects the exit status if the process is a child of this one, as it is in tests."""
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, 0)


def _last_line(path: Path) -> str:
    lines = path.read_text(errors="replace").split("\n")
    return next((line.strip() for line in reversed(lines) if line.strip()), "its log is empty")


def _remove_temporary(state_dir: Path) -> None:
    shutil.rmtree(_temporary(state_dir), ignore_errors=True)


def _temporary(state_dir: Path) -> Path:
    return state_dir / "tmp"


def _log_file(state_dir: Path) -> Path:
    return state_dir / "emulator.log"


def _pid_file(state_dir: Path) -> Path:
    return state_dir / "emulator.json"

"""Failing well: each failure is one line on stderr and exit code 1, and the next `up` recovers."""

import json
import os
import signal
import socket
from pathlib import Path

import pytest

from localcloud import settings
from localcloud.__main__ import main
from localcloud.emulator import anchors, lambda_worker, process
from localcloud.errors import LocalError
from localcloud.instance import cloud
from localcloud.ports import free_port
from localcloud.state import State, UnusableState
from localcloud.tests.support.toy import Toy

QUEUE = 'aws.sqs.Queue("queue")\npulumi.export("queue", "made")'


@pytest.fixture
def command(lone_toy: Toy, monkeypatch: pytest.MonkeyPatch) -> Toy:
    """A toy that the commands find through the environment."""
    monkeypatch.setenv("LOCAL_STATE_DIR", str(lone_toy.state_dir))
    monkeypatch.setenv("LOCAL_PORT", str(lone_toy.port))
    return lone_toy


def fails(capsys: pytest.CaptureFixture[str], *argv: str) -> str:
    """The only line that the command writes to stderr; it must fail."""
    assert main(list(argv)) == 1
    (line,) = capsys.readouterr().err.splitlines()
    return line


def test_without_up_there_are_no_outputs(command: Toy, capsys: pytest.CaptureFixture[str]) -> None:
    assert command
    assert fails(capsys, "outputs") == "outputs: the local cloud is not running: `up` starts it"


def test_down_without_up_is_no_failure(command: Toy, capsys: pytest.CaptureFixture[str]) -> None:
    assert command
    assert main(["down"]) == 0
    assert capsys.readouterr().out == "the local cloud was not running\n"


def test_a_port_that_somebody_else_uses(command: Toy, capsys: pytest.CaptureFixture[str]) -> None:
    for port in (command.port, command.port + 1):
        with socket.create_server(("127.0.0.1", port)):
            expected = f"port {port} is in use by another program: stop it, or set LOCAL_PORT"
            assert fails(capsys, "up") == f"up: {expected}"
    command.program(QUEUE)
    assert command.up()["queue"] == "made"


def test_a_port_that_is_none(
    command: Toy, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert command
    monkeypatch.setenv("LOCAL_PORT", "http")
    assert fails(capsys, "up") == "up: LOCAL_PORT must be a port number, not 'http'"


def test_an_emulator_that_dies_in_mid_flight_is_replaced_by_the_next_up(command: Toy) -> None:
    command.program(QUEUE)
    command.up()
    command.program(
        "import os, signal\n"
        f"pid = json.load(open({str(command.state_dir / 'emulator.json')!r}))['pid']\n"
        "os.kill(pid, signal.SIGKILL)\n"
        'aws.sqs.Queue("other")'
    )
    with pytest.raises(
        LocalError, match=r"the emulator stopped answering .*: run `up` again"
    ) as raised:
        command.up()
    assert "\n" not in str(raised.value)
    command.program(QUEUE)
    command.up()
    assert command.notices == ["starting over: the emulator is gone"]
    assert command.did("created") == ["queue"]


def test_a_corrupt_state_file_starts_over(command: Toy) -> None:
    command.program(QUEUE)
    command.up()
    (command.state_dir / "state.json").write_text("{")
    command.up()
    (notice,) = command.notices
    assert notice.startswith(f"starting over: {command.state_dir / 'state.json'} cannot be read")
    assert command.did("created") == ["queue"]


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", '{"version": 99}', '{"version": 1, "instance": "x", "resources": {"u": {}}}'],
)
def test_what_is_no_state_file_is_told_apart(tmp_path: Path, text: str) -> None:
    (tmp_path / "state.json").write_text(text)
    with pytest.raises(UnusableState) as raised:
        State.load(tmp_path / "state.json")
    assert "\n" not in str(raised.value)


def test_the_state_of_another_emulator_starts_over(command: Toy) -> None:
    command.program(QUEUE)
    command.up()
    file = command.state_dir / "state.json"
    state = json.loads(file.read_text())
    file.write_text(json.dumps(state | {"instance": state["instance"] + "-another"}))
    command.up()
    assert command.notices == ["starting over: the state belongs to another emulator instance"]
    assert command.did("created") == ["queue"]


def test_a_lost_state_file_starts_over(command: Toy) -> None:
    command.program(QUEUE)
    command.up()
    (command.state_dir / "state.json").unlink()
    command.up()
    assert command.notices == ["starting over: the emulator has no state"]


def test_another_port_moves_the_cloud(command: Toy) -> None:
    command.program(QUEUE)
    command.up()
    before = command.port
    command.port = free_port()
    command.up()
    assert command.notices == [f"starting over: the port changed from {before} to {command.port}"]
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", before)) != 0


def test_a_pid_file_that_names_a_process_of_others_is_not_believed(command: Toy) -> None:
    command.program(QUEUE)
    command.up()
    file = command.state_dir / "emulator.json"
    ours = json.loads(file.read_text())["pid"]
    file.write_text(json.dumps({"pid": os.getpid(), "port": command.port, "code": ""}))
    assert process.find(command.state_dir) is None
    assert process.stop(command.state_dir) is False
    os.killpg(ours, signal.SIGKILL)
    os.waitpid(ours, 0)


def test_down_leaves_nothing_behind(command: Toy) -> None:
    command.program(QUEUE)
    command.up()
    pid = json.loads((command.state_dir / "emulator.json").read_text())["pid"]
    assert cloud.down(command.state_dir) is True
    assert not command.state_dir.exists()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_two_runs_at_once_are_refused(command: Toy) -> None:
    where = f"state_dir=pathlib.Path({str(command.state_dir)!r}), port={command.port}"
    command.program(f"import pathlib\nfrom localcloud.instance import cloud\ncloud.up({where})")
    with pytest.raises(LocalError, match="another `up` is running for"):
        command.up()


def test_an_error_of_the_program_says_what_and_where(command: Toy) -> None:
    command.program("import wrong")
    command.write("wrong.py", "x = {}\n\n\nprint(x['missing'])\n")
    with pytest.raises(LocalError) as raised:
        command.up()
    assert str(raised.value) == "the program failed: KeyError: 'missing' (wrong.py:4)"


def test_an_error_that_the_program_defines_speaks_for_itself(command: Toy) -> None:
    command.program(
        'import config\nraise config.SettingsError("config of stack dev:\\n  a is wrong\\n  b is too")'
    )
    command.write("config.py", "class SettingsError(ValueError): pass\n")
    with pytest.raises(LocalError) as raised:
        command.up()
    assert str(raised.value) == "config of stack dev:\n  a is wrong\n  b is too"


def test_the_state_directory_is_private(command: Toy) -> None:
    command.program(QUEUE)
    command.up()
    assert command.state_dir.stat().st_mode & 0o077 == 0
    assert (command.state_dir / "state.json").stat().st_mode & 0o077 == 0
    assert settings.state_dir() == command.state_dir


def test_a_patch_whose_place_changed_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(anchors, "VERSION", "0.0")
    with pytest.raises(
        anchors.PatchError, match=r"ministack 1\.5\.33 is installed, the patches are for 0\.0"
    ):
        anchors.check_version()
    monkeypatch.setattr(lambda_worker, "ORIGINAL", "no such text")
    with pytest.raises(anchors.PatchError, match="0 places instead of one contain: no such text"):
        lambda_worker.apply()
    with pytest.raises(anchors.PatchError, match=r"process\.find has \(state_dir\), not \(x y\)"):
        anchors.has_parameters(process, "find", "x y")


def test_an_emulator_that_does_not_start_shows_its_last_words(
    command: Toy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "MODULE", "localcloud.no_such_module")
    with pytest.raises(
        LocalError, match=r"the emulator did not start: .*No module named localcloud.no_such_module"
    ):
        process.start(command.state_dir, command.port)
    assert process.find(command.state_dir) is None

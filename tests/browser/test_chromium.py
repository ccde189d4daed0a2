"""Where the browser comes from."""

import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("chromium.sh")


def a_command(folder: Path, name: str, does: str) -> None:
    file = folder / name
    file.write_text(f"#!/bin/sh\n{does}\n")
    file.chmod(0o755)


def run(folder: Path) -> subprocess.CompletedProcess[str]:
    """The script, on a machine that has nothing but the commands in `folder`."""
    return subprocess.run(
        ["/bin/sh", SCRIPT], env={"PATH": str(folder)}, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(("who", "apt"), [("1000", "exit 0"), ("0", "exit 100")])
def test_without_a_browser_and_a_way_to_install_one_a_line_says_what_to_do(
    tmp_path: Path, who: str, apt: str
) -> None:
    a_command(tmp_path, "id", f"echo {who}")
    a_command(tmp_path, "apt-get", apt)
    found = run(tmp_path)
    assert found.returncode == 1
    assert found.stdout == ""
    assert "sudo apt install chromium" in found.stderr.splitlines()[-1]


def test_root_gets_debians(tmp_path: Path) -> None:
    a_command(tmp_path, "id", "echo 0")
    a_command(
        tmp_path, "apt-get", f': > "{tmp_path}/chromium"; /bin/chmod 755 "{tmp_path}/chromium"'
    )
    found = run(tmp_path)
    assert found.returncode == 0, found.stderr
    assert found.stdout.strip() == f"{tmp_path}/chromium"


def test_one_that_is_there_is_taken(tmp_path: Path) -> None:
    a_command(tmp_path, "chromium-browser", "exit 0")
    assert run(tmp_path).stdout.strip() == f"{tmp_path}/chromium-browser"

"""The package as others get it: from its wheel, in an environment of its own, with a program that is not the shop's."""

import json
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from localcloud import web
from localcloud.ports import free_port
from localcloud.settings import PACKAGE_PARENT

PACKAGE = PACKAGE_PARENT / "localcloud"
NO_CODE = {"examples", "tests"}


def run(*command: str | Path, cwd: Path, **environment: str) -> str:
    known = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    done = subprocess.run(
        command, cwd=cwd, env=known | environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment that has nothing but the wheel and what it depends on."""
    folder = tmp_path_factory.mktemp("wheel")
    uv = Path(sys.executable).with_name("uv")
    # From a copy: a build leaves files beside the sources.
    source = folder / "localcloud"
    shutil.copytree(PACKAGE, source, ignore=shutil.ignore_patterns("__pycache__"))
    run(uv, "build", "--quiet", "--wheel", "--out-dir", folder, cwd=source)
    [wheel] = folder.glob("*.whl")
    run(uv, "venv", "--quiet", "--python", sys.executable, folder / "venv", cwd=folder)
    installed = folder / "venv" / "bin" / "python"
    pins = run(uv, "pip", "freeze", "--python", sys.executable, cwd=folder)
    (folder / "pins.txt").write_text(pins)
    command = [uv, "pip", "install", "--quiet", "--python", installed, "-c", folder / "pins.txt"]
    run(*command, wheel, cwd=folder)
    return installed


def test_a_program_that_is_not_the_shops_runs_from_the_wheel(python: Path, tmp_path: Path) -> None:
    program = tmp_path / "guestbook"
    shutil.copytree(PACKAGE / "examples" / "guestbook", program)
    where = {"LOCAL_PORT": str(free_port()), "LOCAL_STATE_DIR": str(tmp_path / "state")}
    localcloud = [python, "-m", "localcloud"]
    try:
        told = run(*localcloud, "up", cwd=program, **where)
        url = json.loads(run(*localcloud, "outputs", cwd=program, **where))["url"]
        assert f"  url  {url}" in told
        said = [web.request("GET", f"{url}ada").json() for _ in range(2)]
        assert said == ["Hello, ada: visit 1", "Hello, ada: visit 2"]
        assert "unchanged" in run(*localcloud, "up", cwd=program, **where)
        assert "Table visits" in run(*localcloud, "preview", cwd=program, **where)
    finally:
        run(*localcloud, "down", cwd=program, **where)


def test_the_wheel_has_every_package_of_the_folder() -> None:
    packages = tomllib.loads((PACKAGE / "pyproject.toml").read_text())["tool"]["setuptools"][
        "packages"
    ]
    folders = {path.parent for path in PACKAGE.rglob("*.py")}
    found = {
        ".".join(("localcloud", *folder.relative_to(PACKAGE).parts))
        for folder in folders
        if not NO_CODE & set(folder.relative_to(PACKAGE).parts)
    }
    assert set(packages) == found

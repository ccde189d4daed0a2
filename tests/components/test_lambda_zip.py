"""The zip of a function: the same inputs give the same bytes, and Lambda takes it as it is."""

import os
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from components import lambda_zip
from components.lambda_zip import BundleError

_HANDLER = "handlers.workflow.example.lambda_handler"
Build = Callable[[str], Path]


@pytest.fixture(scope="module")
def libraries(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A build folder in which the libraries are installed once."""
    return tmp_path_factory.mktemp("build")


@pytest.fixture
def build(libraries: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Build]:
    """Builds the zip of a handler with this source, from a file of its own each time."""
    monkeypatch.setattr(lambda_zip, "_BUILD", libraries)
    # Whatever Python runs the tests stands for the functions': no other need be installed.
    monkeypatch.setattr(lambda_zip, "PYTHON", f"{sys.version_info[0]}.{sys.version_info[1]}")
    lambda_zip._python.cache_clear()
    count = iter(range(100))

    def from_source(text: str) -> Path:
        file = tmp_path / f"source-{next(count)}.py"
        file.write_text(text)
        return lambda_zip.build(_HANDLER, {"handlers/workflow/example.py": file}, "base")

    yield from_source
    lambda_zip._python.cache_clear()


def test_two_builds_from_nothing_are_the_same_bytes(
    build: Build, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = build("ANSWER = 42\n").read_bytes()
    monkeypatch.setattr(lambda_zip, "_BUILD", tmp_path / "another")
    for name, value in {
        "PYTHONHASHSEED": "7",
        "PYTHONOPTIMIZE": "1",
        "PYTHONPYCACHEPREFIX": str(tmp_path / "elsewhere"),
        "UV_COMPILE_BYTECODE": "1",
    }.items():
        monkeypatch.setenv(name, value)

    assert build("ANSWER = 42\n").read_bytes() == first


def test_file_times_change_nothing(build: Build, tmp_path: Path) -> None:
    first = build("ANSWER = 42\n")
    os.utime(tmp_path / "source-0.py", (0, 0))

    assert build("ANSWER = 42\n") == first


def test_one_character_makes_another_zip(build: Build) -> None:
    assert build("ANSWER = 42\n") != build("ANSWER = 43\n")


def test_everything_is_compiled_and_taken_from_its_byte_code(build: Build, tmp_path: Path) -> None:
    with zipfile.ZipFile(build("ANSWER = 42\n")) as archive:
        names = archive.namelist()
        archive.extractall(tmp_path / "task")
    sources = {name for name in names if name.endswith(".py")}
    compiled = {name.replace("__pycache__/", "") for name in names if name.endswith(".pyc")}
    assert {
        name.replace(".py", f".{sys.implementation.cache_tag}.pyc") for name in sources
    } == compiled

    # Only what is compiled can still answer 42.
    (tmp_path / "task/handlers/workflow/example.py").write_text("ANSWER = 'from the source'\n")
    command = "from handlers.workflow.example import ANSWER; print(ANSWER)"
    python = lambda_zip._python()
    found = subprocess.run(
        [python, "-c", command], cwd=tmp_path / "task", capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == "42"


def test_the_libraries_come_without_scripts_records_and_what_the_runtime_has(
    build: Build, libraries: Path
) -> None:
    build("")
    (installed,) = [path for path in libraries.iterdir() if path.is_dir()]
    assert not (installed / "bin").exists()
    assert not list(installed.glob("*.dist-info/RECORD"))
    assert not list(installed.glob("boto*"))


def test_without_the_functions_python_the_error_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lambda_zip._python.cache_clear()
    monkeypatch.setattr(lambda_zip, "PYTHON", "3.99")
    with pytest.raises(BundleError, match=r"install Python 3\.99"):
        lambda_zip._python()
    lambda_zip._python.cache_clear()


def test_code_that_does_not_compile_is_told_with_its_line(build: Build) -> None:
    with pytest.raises(BundleError, match="SyntaxError"):
        build("def broken(:\n")


def test_more_than_lambda_takes_is_refused_with_both_sizes(
    build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lambda_zip, "_MAX_ZIP_BYTES", 1 << 20)
    with pytest.raises(BundleError, match=r"2 MB zipped and \d+ MB unzipped"):
        build("TOO = 'much'\n")

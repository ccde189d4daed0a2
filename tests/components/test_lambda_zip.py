"""The code of a function: the same inputs give the same files, and Lambda takes them as they are."""

import hashlib
import os
import shutil
import subprocess
import sys
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pulumi
import pytest

from components import lambda_zip
from components.bundle import bundle
from components.lambda_zip import BundleError

_HANDLER = "handlers.workflow.example.lambda_handler"
_MAIL = "handlers.events.send_email.lambda_handler"
_ARCHIVES = {".jar", ".tar", ".tgz", ".zip"}
Build = Callable[[str], Path]


@pytest.fixture(scope="module")
def libraries(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A build folder in which the libraries are installed once."""
    return tmp_path_factory.mktemp("build")


@pytest.fixture
def build(libraries: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Build]:
    """Builds the folder of a handler with this source, from a file of its own each time."""
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


def contents(folder: Path) -> dict[str, bytes]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def fingerprint(archive: pulumi.Archive) -> str:
    """What Pulumi's engine tells archives apart by: the bytes of an archive file; of a folder a
    tar of its files, without their modes and times, in the order of their names.

    https://github.com/pulumi/pulumi/blob/master/sdk/go/common/resource/archive/archive.go
    """
    assert isinstance(archive, pulumi.FileArchive)
    path = Path(archive.path)
    if path.suffix in _ARCHIVES:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    digest = hashlib.sha256()
    for name, content in sorted(contents(path).items()):
        digest.update(f"{name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


def test_two_builds_from_nothing_are_the_same_bytes(
    build: Build, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = contents(build("ANSWER = 42\n"))
    monkeypatch.setattr(lambda_zip, "_BUILD", tmp_path / "another")
    for name, value in {
        "PYTHONHASHSEED": "7",
        "PYTHONOPTIMIZE": "1",
        "PYTHONPYCACHEPREFIX": str(tmp_path / "elsewhere"),
        "UV_COMPILE_BYTECODE": "1",
    }.items():
        monkeypatch.setenv(name, value)

    assert contents(build("ANSWER = 42\n")) == first


@pytest.mark.usefixtures("build")
def test_code_is_the_same_to_pulumi_whichever_zlib_a_machine_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = fingerprint(bundle(_MAIL, "mail", "lambda"))
    monkeypatch.setattr(lambda_zip, "_BUILD", tmp_path / "another")
    # Another level stands for another zlib: both give other bytes.
    real = zlib.compressobj
    monkeypatch.setattr(zlib, "compressobj", lambda _level, *given: real(1, *given))

    assert fingerprint(bundle(_MAIL, "mail", "lambda")) == first


def test_one_byte_of_a_source_makes_other_code_to_pulumi(build: Build) -> None:
    first, second = (pulumi.FileArchive(str(build(f"ANSWER = {n}\n"))) for n in (42, 43))
    assert fingerprint(first) != fingerprint(second)


def test_file_times_change_nothing(build: Build, tmp_path: Path) -> None:
    first = build("ANSWER = 42\n")
    os.utime(tmp_path / "source-0.py", (0, 0))

    assert build("ANSWER = 42\n") == first


def test_everything_is_compiled_and_taken_from_its_byte_code(build: Build, tmp_path: Path) -> None:
    task = shutil.copytree(build("ANSWER = 42\n"), tmp_path / "task")
    names = set(contents(task))
    sources = {name for name in names if name.endswith(".py")}
    compiled = {name.replace("__pycache__/", "") for name in names if name.endswith(".pyc")}
    assert {
        name.replace(".py", f".{sys.implementation.cache_tag}.pyc") for name in sources
    } == compiled

    # Only what is compiled can still answer 42.
    (task / "handlers/workflow/example.py").write_text("ANSWER = 'from the source'\n")
    command = "from handlers.workflow.example import ANSWER; print(ANSWER)"
    python = lambda_zip._python()
    found = subprocess.run(
        [python, "-c", command], cwd=task, capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == "42"


def test_the_libraries_come_without_scripts_records_and_what_the_runtime_has(
    build: Build, libraries: Path
) -> None:
    build("")
    (installed,) = libraries.glob("base-*")
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

"""Builds the folder that becomes the zip of one function: the same inputs give the same files.

The libraries are pinned by hash and are wheels for the functions' platform. Everything is
compiled for the functions' Python: Lambda's file system is read-only, so what is not compiled
here is compiled again at every cold start, and that takes longer than all the rest of it.

Pulumi makes the zip. It tells folders apart by the names and contents of their files, but zips by
their bytes, and the same files have other bytes where Python has another zlib: every function
would be updated from another machine.
https://github.com/pulumi/pulumi/blob/master/sdk/go/common/resource/archive/archive.go (EnsureHash)
Files in that zip have no modes; unpacked, everybody may read them:
https://github.com/pulumi/pulumi/issues/5010
"""

import hashlib
import io
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pulumi

PYTHON = "3.13"  # as in the functions' runtime
_ROOT = Path(__file__).parent.parent
_BUILD = _ROOT / ".build"
_PLATFORM = "aarch64-manylinux_2_28"  # Amazon Linux 2023 on arm64
_LEVEL = 5  # Go's, https://github.com/golang/go/blob/master/src/archive/zip/register.go
# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
_MAX_ZIP_BYTES = 50 * 1024 * 1024
_MAX_UNZIPPED_BYTES = 250 * 1024 * 1024
_UNWANTED = ("*.dist-info/INSTALLER", "*.dist-info/RECORD", "*.dist-info/REQUESTED")
_UNWANTED_FOLDERS = ("bin", "*/tests", "*/test")


class BundleError(pulumi.RunError):
    """The code can't be built; the message says what to do."""


def build(handler: str, sources: Mapping[str, Path], group: str) -> Path:
    """The folder of `handler`: `sources` (name in it -> file) and the libraries of `group`.

    Built once for the same contents; file times don't matter. Raises BundleError.
    """
    libraries = _libraries(group)
    digest = hashlib.sha256(f"{libraries.name}\0".encode())
    for name, path in sorted(sources.items()):
        digest.update(f"{name}\0".encode() + path.read_bytes() + b"\0")
    target = _BUILD / f"{handler}-{digest.hexdigest()[:16]}"
    if not target.exists():
        with tempfile.TemporaryDirectory(dir=_BUILD) as folder:
            fresh = Path(folder) / handler
            for name, path in sources.items():
                (fresh / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, fresh / name)
            _compile(fresh)
            # Links, because the same libraries are in many folders.
            shutil.copytree(libraries, fresh, copy_function=os.link, dirs_exist_ok=True)
            _require_room(fresh)
            fresh.rename(target)
    return target


def zipped_size(folder: Path) -> int:
    """About how many bytes the folder's zip has: Go's deflate makes a few percent more of it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as archive:
        for path in _files(folder):
            archive.writestr(path.relative_to(folder).as_posix(), path.read_bytes())
    return len(buffer.getvalue())


def lock_file(group: str) -> Path:
    """What pins the libraries of `group`, by hash."""
    return _ROOT / "handlers" / "requirements" / f"{group}.txt"


def _libraries(group: str) -> Path:
    """The group's libraries, installed, pruned and compiled once per content of its lock."""
    lock = lock_file(group)
    # What is done to the libraries is in this file.
    digest = hashlib.sha256(Path(__file__).read_bytes() + lock.read_bytes())
    target = _BUILD / f"{group}-{digest.hexdigest()[:16]}"
    if not target.exists():
        _BUILD.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(dir=_BUILD) as folder:
            fresh = Path(folder) / group
            _install(lock, fresh)
            _prune(fresh)
            _compile(fresh)
            fresh.rename(target)
    return target


def _install(lock: Path, target: Path) -> None:
    command = [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--no-deps"]
    command += ["--require-hashes", "--only-binary", ":all:", "--python-version", PYTHON]
    command += ["--python-platform", _PLATFORM, "--target", str(target)]
    result = subprocess.run(
        [*command, "--requirement", str(lock)], capture_output=True, text=True, check=False
    )
    if result.returncode:
        raise BundleError(f"the libraries of {lock.name} don't install: {result.stderr.strip()}")


def _prune(libraries: Path) -> None:
    for pattern in _UNWANTED:
        for path in libraries.glob(pattern):
            path.unlink()
    for pattern in _UNWANTED_FOLDERS:
        for path in libraries.glob(pattern):
            shutil.rmtree(path)


def _compile(folder: Path) -> None:
    """Byte-code that is taken as it is: a zip has no file times that could be compared.

    https://docs.python.org/3/library/py_compile.html#py_compile.PycInvalidationMode
    """
    # -I: what the environment says to Python, such as PYTHONOPTIMIZE, would change the result.
    command = [
        _python(),
        "-I",
        "-m",
        "compileall",
        "-q",
        "-f",
        "-s",
        str(folder),
        "-p",
        "/var/task",
    ]
    command += ["--invalidation-mode", "unchecked-hash", str(folder)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode:
        raise BundleError(f"{folder.name} doesn't compile: {result.stdout.strip()}")


@cache
def _python() -> str:
    """A Python of the functions' version: this one, or one that is installed beside it."""
    for candidate in (sys.executable, f"python{PYTHON}"):
        asked = [candidate, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]
        try:
            found = subprocess.run(asked, capture_output=True, text=True, check=False).stdout
        except OSError:
            continue
        if found.strip() == PYTHON:
            return candidate
    raise BundleError(
        f"the functions' code is compiled with Python {PYTHON}, and there is none: install "
        f"Python {PYTHON} (python{PYTHON} on the PATH) and run this again"
    )


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def _require_room(folder: Path) -> None:
    zipped = zipped_size(folder)
    unzipped = sum(path.stat().st_size for path in _files(folder))
    if zipped > _MAX_ZIP_BYTES or unzipped > _MAX_UNZIPPED_BYTES:
        raise BundleError(
            f"the code has {zipped >> 20} MB zipped and {unzipped >> 20} MB unzipped; Lambda takes "
            f"{_MAX_ZIP_BYTES >> 20} and {_MAX_UNZIPPED_BYTES >> 20}: move libraries to another group"
        )

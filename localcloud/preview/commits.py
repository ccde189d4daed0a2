"""Snapshots of the tree at a git ref: the commit's files in a folder of their own, run by this tree's `local/`."""

import contextlib
import io
import json
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from localcloud.errors import LocalError
from localcloud.preview.snapshot import Snapshot
from localcloud.settings import PACKAGE_PARENT

LONGEST_RUN = 60  # seconds
MODULE = "localcloud.preview.snapshot"


@dataclass(frozen=True)
class Commit:
    """`ref` is what the user said, `sha` the commit that it names."""

    ref: str
    sha: str

    def __str__(self) -> str:
        return f"{self.ref} ({self.sha[:7]})"


def find(ref: str, directory: Path) -> Commit:
    """The commit that `ref` names in the repository of `directory`; LocalError if there is none."""
    try:
        _git(directory, "rev-parse", "--git-dir")
    except subprocess.CalledProcessError:
        raise LocalError(f"{directory} is no git checkout, so there is no '{ref}'") from None
    except FileNotFoundError:
        raise LocalError("comparing with another commit needs git, which is not there") from None
    try:
        name = ["--end-of-options", f"{ref}^{{commit}}"]
        sha = _git(directory, "rev-parse", "--verify", "--quiet", *name).decode().strip()
    except subprocess.CalledProcessError:
        raise LocalError(f"git knows no commit '{ref}' (is it fetched?)") from None
    if not sha.isalnum():  # git takes ^HEAD for "all but HEAD"
        raise LocalError(f"'{ref}' names no single commit")
    return Commit(ref, sha)


@contextlib.contextmanager
def running(
    commit: Commit, stack: str, directory: Path, config: Mapping[str, Any]
) -> Generator[Callable[[], Snapshot]]:
    """Starts the program of `commit`; what is yielded waits for its snapshot (LocalError if it can't run).

    Whatever happens, the process has ended and its folder is gone afterwards.
    """
    with tempfile.TemporaryDirectory(prefix="preview-") as folder:
        tree, target = Path(folder).resolve() / "tree", Path(folder) / "snapshot.json"
        _export(commit, directory, tree)
        process = subprocess.Popen(
            [sys.executable, "-m", MODULE, stack, str(tree), str(target), json.dumps(dict(config))],
            cwd=PACKAGE_PARENT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )

        def snapshot() -> Snapshot:
            try:
                _, stderr = process.communicate(timeout=LONGEST_RUN)
            except subprocess.TimeoutExpired:
                raise LocalError(f"{commit}: the program runs for {LONGEST_RUN} s") from None
            if process.returncode:
                said = stderr.decode(errors="replace").strip().splitlines()
                raise LocalError(f"{commit}: {said[-1] if said else 'the program ended early'}")
            return Snapshot.from_json(target.read_text())

        with process:
            try:
                yield snapshot
            finally:
                process.kill()


def _export(commit: Commit, directory: Path, target: Path) -> None:
    try:
        archive = _git(directory, "archive", "--format=tar", commit.sha)
        with tarfile.open(fileobj=io.BytesIO(archive)) as files:
            files.extractall(target, filter="data")
    except (subprocess.CalledProcessError, tarfile.TarError) as error:
        raise LocalError(f"{commit}: its files can't be read: {error}") from None


def _git(directory: Path, *arguments: str) -> bytes:
    command = ["git", "-C", str(directory), *arguments]
    return subprocess.run(command, capture_output=True, check=True).stdout

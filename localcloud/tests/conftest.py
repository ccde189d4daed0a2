"""One emulator for all tests that need a real one: each toy's `up` removes what the last one made."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from localcloud.instance import cloud
from localcloud.ports import free_port
from localcloud.provision.aws import Aws
from localcloud.tests.support.history import Edited
from localcloud.tests.support.toy import (
    FUNCTION_BOUND,
    PROGRAMS,
    SECRET_OF_THE_SHELL,
    TOTAL_BOUND,
    Toy,
)


@pytest.fixture(scope="session")
def shared_cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, int]]:
    """State directory and port of the emulator that most tests share; its concurrency bounds are small."""
    state_dir = tmp_path_factory.mktemp("cloud") / "state"
    os.environ["LOCAL_FUNCTION_CONCURRENCY"] = str(FUNCTION_BOUND)
    os.environ["LOCAL_TOTAL_CONCURRENCY"] = str(TOTAL_BOUND)
    os.environ["SECRET_OF_THE_SHELL"] = SECRET_OF_THE_SHELL
    yield state_dir, free_port()
    for name in ("LOCAL_FUNCTION_CONCURRENCY", "LOCAL_TOTAL_CONCURRENCY", "SECRET_OF_THE_SHELL"):
        os.environ.pop(name, None)
    cloud.down(state_dir)


@pytest.fixture
def toy(tmp_path: Path, shared_cloud: tuple[Path, int]) -> Toy:
    """A toy on the shared emulator; it starts with the first `up`."""
    found = Toy(tmp_path, *shared_cloud)
    found.clear()
    return found


@pytest.fixture(scope="module")
def module_toy(tmp_path_factory: pytest.TempPathFactory, shared_cloud: tuple[Path, int]) -> Toy:
    """A toy for a whole module."""
    found = Toy(tmp_path_factory.mktemp("toy"), *shared_cloud)
    found.clear()
    return found


@pytest.fixture
def lone_toy(tmp_path: Path) -> Iterator[Toy]:
    """A toy with an emulator of its own, for tests that break it."""
    toy = Toy(tmp_path / "program", tmp_path / "state", free_port())
    yield toy
    cloud.down(toy.state_dir)


@pytest.fixture
def aws(shared_cloud: tuple[Path, int]) -> Aws:
    """The shared emulator's account."""
    return Aws(f"http://127.0.0.1:{shared_cloud[1]}")


@pytest.fixture
def project(tmp_path: Path) -> Edited:
    history = Edited(tmp_path / "project")
    shutil.copytree(PROGRAMS / "preview", history.directory, dirs_exist_ok=True)
    history.keep()
    return history

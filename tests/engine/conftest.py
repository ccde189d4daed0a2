"""Pulumi's own CLI, as for the local cloud's own tests of the engine, and the program on it."""

from collections.abc import Iterator
from functools import partial

import pytest

from local.settings import ROOT, overrides
from localcloud.engine.workspace import Workspace
from localcloud.instance import running
from localcloud.ports import free_port
from localcloud.tests.engine.conftest import pytest_runtest_setup
from localcloud.tests.support.engine_project import Project

__all__ = ["pytest_runtest_setup"]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """The program of this repository, on an emulator of its own with nothing on it."""
    directory = tmp_path_factory.mktemp("engine") / "state"
    port = free_port()
    project = Project(Workspace(directory, port, ROOT, partial(overrides, port)))
    project.space.prepare()
    yield project
    running.down_engine(directory)

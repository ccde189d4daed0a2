"""Pulumi's own CLI for the tests of this folder. Where it can be neither found nor built, they say so in one line."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from localcloud.engine import build, cli
from localcloud.engine.workspace import Workspace
from localcloud.instance import running
from localcloud.ports import free_port
from localcloud.tests.support.engine_project import Project

MISSING = "tests/engine did not run: there is no Pulumi CLI, and no Go 1.26.6 to build it"


def pytest_runtest_setup(item: pytest.Item) -> None:
    if cli.find() is None and build.can_build():
        build.build()
    if cli.find() is None:
        if os.environ.get("CI"):
            pytest.fail(MISSING, pytrace=False)
        pytest.skip(MISSING)


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """A small project on an emulator that a module's tests share."""
    directory = tmp_path_factory.mktemp("engine")
    yield from _project(directory / "state", directory / "program")


@pytest.fixture
def lone_toy(tmp_path: Path) -> Iterator[Project]:
    """A small project with an emulator of its own, for tests that break it."""
    yield from _project(tmp_path / "state", tmp_path / "program")


def _project(state: Path, program: Path) -> Iterator[Project]:
    program.mkdir()
    project = Project(Workspace(state, free_port(), program, lambda _stack: {}))
    project.write("Pulumi.yaml", "name: orders\nruntime: python\n")
    project.write("Pulumi.dev.yaml", "config:\n  aws:region: us-east-1\n")
    yield project
    running.down_engine(state)

"""The stand-in for Python's language host, where the CLI brings none."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import grpc
import pytest
from pulumi.runtime.proto import language_pb2, language_pb2_grpc

from localcloud.settings import PACKAGE_PARENT


@pytest.fixture(scope="module")
def host() -> Iterator[Any]:
    """A client of the host's process."""
    command = [sys.executable, "-m", "localcloud.engine.language_host", "127.0.0.1:1"]
    with subprocess.Popen(command, cwd=PACKAGE_PARENT, stdout=subprocess.PIPE) as process:
        assert process.stdout
        port = int(process.stdout.readline())
        with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
            yield language_pb2_grpc.LanguageRuntimeStub(channel)
        process.terminate()
        assert process.wait(10) == 0


def test_a_plugin_runs_and_its_output_and_exit_code_are_streamed(host: Any, tmp_path: Path) -> None:
    program = "import os, sys\nprint(sys.argv[1], os.environ['SHOP'])\nsys.exit(3)\n"
    (tmp_path / "__main__.py").write_text(program)
    request = language_pb2.RunPluginRequest(
        pwd=str(tmp_path),
        args=["127.0.0.1:1"],
        env=["SHOP=ours"],
        info=language_pb2.ProgramInfo(program_directory=str(tmp_path)),
        kind="resource",
    )
    said = list(host.RunPlugin(request))
    assert b"".join(each.stdout for each in said) == b"127.0.0.1:1 ours\n"
    assert said[-1].exitcode == 3


def test_nothing_is_installed_for_a_plugin(host: Any, tmp_path: Path) -> None:
    request = language_pb2.InstallDependenciesRequest(
        info=language_pb2.ProgramInfo(program_directory=str(tmp_path))
    )
    assert list(host.InstallDependencies(request)) == []
    assert list(tmp_path.iterdir()) == []

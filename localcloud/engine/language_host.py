"""A Python language host for the Pulumi engine, for CLIs that were built without the official one.

The SDK's own LanguageServer runs the program; this adds what a CLI asks beside it. It runs in the
environment that it was started from: no virtual environment is looked for, and nothing is installed.
Protocol: https://github.com/pulumi/pulumi/blob/master/proto/pulumi/language.proto
"""

import os
import runpy
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import grpc
from pulumi.automation._server import LanguageServer
from pulumi.runtime.proto import language_pb2, language_pb2_grpc, plugin_pb2

from localcloud.engine import plugin


class LanguageHost(LanguageServer):
    """Serves one CLI; `engine` is the address that the CLI gave."""

    def __init__(self, engine: str) -> None:
        super().__init__(self._run_program)
        self._engine = engine
        self._directory = Path()

    def Run(self, request: Any, context: Any) -> Any:
        self._directory = Path(request.info.program_directory or request.pwd)
        if not request.args:
            request.args.append(self._engine)
        return super().Run(request, context)  # pyright: ignore[reportUnknownMemberType]

    def GetPluginInfo(self, request: Any, context: Any) -> Any:
        return plugin_pb2.PluginInfo(version="0.0.1")

    def InstallDependencies(self, request: Any, context: Any) -> Iterator[Any]:
        """Installs nothing: what a program needs is in this environment."""
        yield from ()

    def RunPlugin(self, request: Any, context: Any) -> Iterator[Any]:
        """Runs a Python plugin, such as a policy pack, and streams its output until it ends."""
        folder = request.info.program_directory or request.pwd
        analyzer = request.kind == "analyzer"
        target = ["-m", "pulumi.policy"] if analyzer else [folder]
        process = subprocess.Popen(
            [sys.executable, "-u", *target, *request.args, *([folder] if analyzer else [])],
            cwd=request.pwd or folder,
            env=os.environ | dict(each.split("=", 1) for each in request.env),
            stdout=subprocess.PIPE,
        )
        context.add_callback(process.kill)
        assert process.stdout is not None
        for line in process.stdout:
            yield language_pb2.RunPluginResponse(stdout=line)
        yield language_pb2.RunPluginResponse(exitcode=process.wait())

    def _run_program(self) -> None:
        os.chdir(self._directory)
        sys.path.insert(0, str(self._directory))
        runpy.run_path(str(self._directory / "__main__.py"), run_name="__main__")


def main() -> None:
    """Serves the CLI whose address is the last argument."""
    host = LanguageHost([each for each in sys.argv[1:] if not each.startswith("-")][-1])

    def register(server: grpc.Server) -> None:
        language_pb2_grpc.add_LanguageRuntimeServicer_to_server(host, server)

    plugin.serve(register)


if __name__ == "__main__":
    plugin.run(main)

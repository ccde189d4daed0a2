"""Executes a Pulumi program in process the CLI's way, without the CLI: `record` for a preview, `run` for a backend.

Each run has a thread, an event loop and a context of its own, so that runs in one process cannot see each other.
"""

import asyncio
import contextlib
import contextvars
import os
import runpy
import sys
import threading
from collections.abc import Generator, Mapping
from pathlib import Path
from typing import Any

from google.protobuf import empty_pb2
from pulumi.runtime import config as pulumi_config
from pulumi.runtime import settings
from pulumi.runtime.mocks import MockEngine, MockSettings
from pulumi.runtime.stack import run_in_stack

from localcloud.program import Program, load
from localcloud.recorder.backends import PlaceholderPreview, UnknownPreview
from localcloud.recorder.monitor import Recorder
from localcloud.registration import Backend, Mode, Recording


def record(
    stack: str = "dev",
    mode: Mode = "placeholder",
    config: Mapping[str, Any] | None = None,
    directory: Path = Path(),
) -> Recording:
    """A preview without credentials, network or state. `config` overrides the stack's values.

    Mode "unknown" leaves computed outputs unknown, as the engine's first preview does; "placeholder" makes them
    readable stand-ins such as `<Function.process-payment.arn>`.
    """
    program = load(stack, directory, config)
    preview = UnknownPreview if mode == "unknown" else PlaceholderPreview
    return run(program, preview(program.config["aws:region"]))


def run(program: Program, backend: Backend) -> Recording:
    """Executes the program; raises what the program or the backend raised first."""
    recorder = Recorder(backend)
    raised: list[BaseException] = []

    def in_thread() -> None:
        try:
            contextvars.Context().run(_execute, program, recorder)
        except BaseException as error:
            raised.append(error)

    thread = threading.Thread(target=in_thread, name="pulumi-program", daemon=True)
    with _importable(program.directory):
        thread.start()
        thread.join()
    if recorder.failure or raised:
        raise recorder.failure or raised[0]
    return recorder.recording()


def _execute(program: Program, recorder: Recorder) -> None:
    settings.configure(
        MockSettings(
            monitor=recorder,
            monitor_features=set(recorder.GetDeploymentInfo(empty_pb2.Empty()).supportedFeatures),
            engine=MockEngine(None),
            project=program.project,
            stack=program.stack,
            organization="organization",
            root_directory=str(program.directory),
            dry_run=recorder.backend.dry_run,
            legacy_apply_enabled=False,
            callbacks=None,
            outputs=set(),
            lock=threading.Lock(),
        )
    )
    pulumi_config.set_all_config(dict(program.config), sorted(program.secret_keys))
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    # A failed registration fails every output that depends on it; the first failure is reported by run().
    loop.set_exception_handler(lambda _loop, _context: None)
    try:
        loop.run_until_complete(run_in_stack(lambda: _run_main(program.main)))
    finally:
        _close(loop)


def _run_main(main: Path) -> None:
    runpy.run_path(str(main), run_name="__main__")


def _close(loop: asyncio.AbstractEventLoop) -> None:
    pending = asyncio.all_tasks(loop)
    for task in pending:
        task.cancel()
    loop.run_until_complete(asyncio.gather(*pending, return_exceptions=True))
    loop.run_until_complete(loop.shutdown_default_executor())
    loop.close()
    asyncio.set_event_loop(None)


@contextlib.contextmanager
def _importable(directory: Path) -> Generator[None]:
    """Puts the program's directory first on sys.path.

    Unless this process imports from there anyway, modules of the same names are set aside meanwhile.
    """
    foreign = str(directory) not in map(os.path.abspath, sys.path)
    aside = {name: sys.modules.pop(name) for name in _modules_below(directory)} if foreign else {}
    sys.path.insert(0, str(directory))
    try:
        yield
    finally:
        sys.path.remove(str(directory))
        if foreign:
            for name in _modules_below(directory):
                del sys.modules[name]
            sys.modules.update(aside)


def _modules_below(directory: Path) -> list[str]:
    """The loaded modules whose names the directory has too, but for those that are running this."""
    names = {path.stem for path in directory.iterdir()} - {"localcloud", "tests", "__main__"}
    return [name for name in sys.modules if name.partition(".")[0] in names]

"""Patch: threads are used again. MiniStack starts one for each request that can come back to it, each invocation, each
execution and each task.
"""

import contextlib
import contextvars
import sys
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from ministack.core import concurrency, lambda_runtime
from ministack.services import stepfunctions

from localcloud.emulator import anchors
from localcloud.emulator.stand_in import StandIn

# It starts a thread whenever none is idle: a call that waits for another one never waits for its thread.
POOL = ThreadPoolExecutor(max_workers=sys.maxsize, thread_name_prefix="reused")


def apply() -> None:
    """Replaces `Thread` in three modules; threads that look for themselves, or stay, are left alone."""
    anchors.source_contains(
        concurrency, "threading.Thread(target=_run, daemon=True, name=thread_name).start()"
    )
    anchors.source_contains(
        concurrency, "thread = threading.Thread(target=_run, daemon=True, name=thread_name)"
    )
    anchors.source_contains(
        lambda_runtime, "reader = threading.Thread(target=_read_response, daemon=True)"
    )
    anchors.source_contains(
        stepfunctions,
        "threading.Thread(\n        target=ctx_snapshot.run,\n        args=(_run_execution",
    )
    always = StandIn(threading, Thread=Reused)
    concurrency.threading = stepfunctions.threading = always
    lambda_runtime.threading = StandIn(threading, Thread=_reader_or_thread)


def _reader_or_thread(target: Callable[..., Any], **how: Any) -> Any:
    kind: Any = Reused if target.__name__ == "_read_response" else threading.Thread
    return kind(target=target, **how)


class Reused:
    """As much of `threading.Thread` as these modules use, on a thread that may have been there before."""

    def __init__(
        self,
        target: Callable[..., Any],
        args: Iterable[Any] = (),
        daemon: bool = True,
        name: str = "",
    ) -> None:
        self._target, self._args, self.daemon, self.name = target, args, daemon, name
        self._run: Future[None] | None = None

    def start(self) -> None:
        """Runs the target in a context of its own, as in a new thread."""
        self._run = POOL.submit(contextvars.Context().run, self._call)

    def join(self, timeout: float | None = None) -> None:
        """Waits for its end."""
        if self._run:
            with contextlib.suppress(TimeoutError):
                self._run.exception(timeout)

    def is_alive(self) -> bool:
        """Whether it runs."""
        return self._run is not None and not self._run.done()

    def _call(self) -> None:
        try:
            self._target(*self._args)
        except SystemExit:
            return
        except BaseException as error:
            about = threading.ExceptHookArgs(
                (type(error), error, error.__traceback__, threading.current_thread())
            )
            threading.excepthook(about)

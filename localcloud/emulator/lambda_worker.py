"""Patch: a handler's error keeps its class name and stack trace, and its worker lives on.

MiniStack reports every error as `Runtime.HandlerError` without a stack trace, so a Step Functions Catch or Retry by
class name never matches, and it kills the worker. AWS reports the class name and keeps the environment:
https://docs.aws.amazon.com/lambda/latest/dg/python-exceptions.html

Patch: a marker ends each invocation's log output. MiniStack waits 50 ms for log lines that may not come.
"""

# The patches reach into what MiniStack keeps to itself; anchors.py checks that it is there.
# pyright: reportPrivateUsage=false

import queue
import time
from collections.abc import Callable
from typing import Any

from ministack.core import lambda_runtime
from ministack.services import lambda_svc

from localcloud.emulator import anchors
from localcloud.json_values import is_object

MARKER = "\x1eend-of-invocation"
LOG_WAIT = 1.0  # seconds; reached only if a handler closed its stderr
HANDLER_ERROR = "__handler_error__"

ORIGINAL = """            _real_stdout.write(json.dumps({"status": "error", "error": str(e), \
"trace": traceback.format_exc()}) + "\\n")
        _real_stdout.flush()"""
PATCHED = """            _frames = traceback.format_list(traceback.extract_tb(e.__traceback__)[1:])
            _error = {"errorMessage": str(e), "errorType": type(e).__name__,
                      "requestId": context.aws_request_id, "stackTrace": _frames}
            _at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
            sys.stderr.write(json.dumps({"timestamp": _at, "level": "ERROR", **_error}) + "\\n")
            _real_stdout.write(json.dumps({"status": "ok", "result": {"@ERROR@": _error}}) + "\\n")
        try:
            sys.stderr.write("@MARKER@\\n")
            sys.stderr.flush()
        except Exception:
            pass
        _real_stdout.flush()"""


def apply() -> None:
    """Changes the worker's script, its log reader and the reading of its answer."""
    patched = PATCHED.replace("@ERROR@", HANDLER_ERROR).replace("@MARKER@", MARKER)
    script = lambda_runtime._PYTHON_WORKER_SCRIPT
    lambda_runtime._PYTHON_WORKER_SCRIPT = anchors.replace_once(script, ORIGINAL, patched)
    anchors.has_parameters(
        lambda_runtime.Worker, "_drain_stderr_bounded", "self first_line_wait idle_confirm hard_cap"
    )
    anchors.has_parameters(lambda_svc, "_execute_function_warm", "func event request_id")
    _read_logs_to_the_marker()
    _unwrap_handler_errors()


def _read_logs_to_the_marker() -> None:
    original = lambda_runtime.Worker._drain_stderr_bounded

    def drain(self: Any, *args: Any, **kwargs: Any) -> str:
        died = self._proc is None
        if died or not str(self.config.get("Runtime", "")).startswith("python"):
            return original(self, *args, **kwargs)
        return _until_marker(self._stderr_queue)

    lambda_runtime.Worker._drain_stderr_bounded = drain


def _until_marker(lines: "queue.Queue[str]") -> str:
    found: list[str] = []
    deadline = time.monotonic() + LOG_WAIT
    while (left := deadline - time.monotonic()) > 0:
        try:
            line = lines.get(timeout=left)
        except queue.Empty:
            break
        if line.endswith(MARKER):
            found += [line.removesuffix(MARKER)] if line != MARKER else []
            break
        found.append(line)
    return "\n".join(found)


def _unwrap_handler_errors() -> None:
    original: Callable[..., Any] = lambda_svc._execute_function_warm

    def execute(func: Any, event: Any, request_id: str) -> dict[str, Any]:
        result: dict[str, Any] = original(func, event, request_id)
        body = result.get("body")
        if is_object(body) and HANDLER_ERROR in body:
            return {"body": body[HANDLER_ERROR], "error": True, "log": result.get("log", "")}
        return result

    lambda_svc._execute_function_warm = execute

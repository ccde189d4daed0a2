"""The emulator's process: applies the patches to the pinned MiniStack and serves it. Started by process.py only.

`--state-dir` is not read: it is in the command line so that process.py can tell its own process from another.
"""

import os
import sys
from typing import Any, cast

from ministack import app

from localcloud.emulator import (
    anchors,
    async_invokes,
    concurrency,
    edge,
    guard,
    json_copies,
    lambda_worker,
    login_page,
    mail_events,
    metrics,
    missing_objects,
    parsed_once,
    permissions,
    reused_threads,
    schedules,
    server,
    sign_in_time,
    step_functions,
    updates,
)

# The guard comes last, and so before everything else that a request reaches.
PATCHES = (
    parsed_once,
    json_copies,
    reused_threads,
    lambda_worker,
    concurrency,
    async_invokes,
    schedules,
    sign_in_time,
    step_functions,
    metrics,
    permissions,
    mail_events,
    missing_objects,
    updates,
    login_page,
    edge,
    guard,
)


def main() -> None:
    """Serves until SIGTERM; exits with one line when MiniStack is not what the patches were written for."""
    # MiniStack has read its own log level; the functions inherit what is left, and their logger obeys that name too.
    os.environ.pop("LOG_LEVEL", None)
    try:
        anchors.check_version()
        for patch in PATCHES:
            patch.apply()
    except anchors.PatchError as error:
        sys.exit(f"cannot patch the emulator: {error}")
    server.serve(cast(Any, app.app), (int(os.environ["GATEWAY_PORT"]), edge.port()))


if __name__ == "__main__":
    main()

"""The server in front of MiniStack: uvicorn, whose parser and event loop are in C.

With MiniStack's own, Hypercorn, an order takes a fifth more of the emulator's processor time. Its `main` is passed
over: what else it does is the limit on open files.
"""

import contextlib
import resource
import socket
from collections.abc import Sequence
from typing import Any, cast

import uvicorn

from localcloud.emulator.guard import Application

HOST = "127.0.0.1"
IDLE = 75  # seconds until an idle connection is closed; MiniStack's own value
GRACE = 1  # seconds that requests have to end after SIGTERM


def serve(application: Application, ports: Sequence[int]) -> None:
    """Serve the application on these ports until SIGTERM."""
    _allow_many_connections()
    sockets = [socket.create_server((HOST, port)) for port in ports]
    uvicorn.Server(config(application)).run(sockets=sockets)


def config(application: Application) -> uvicorn.Config:
    """Return how it serves the application."""
    return uvicorn.Config(
        cast(Any, application),
        interface="asgi3",
        loop="uvloop",
        http="httptools",
        ws="wsproto",
        lifespan="on",
        # MiniStack sets up the log.
        log_config=None,
        access_log=False,
        # MiniStack answers with the headers that AWS has, Date among them, and reads who forwarded a request itself.
        server_header=False,
        date_header=False,
        proxy_headers=False,
        # MiniStack keeps a request's account in a context variable. Without this a request inherits that of the one
        # before it on its connection: unsigned, it would work in another's account.
        reset_contextvars=True,
        timeout_keep_alive=IDLE,
        timeout_graceful_shutdown=GRACE,
    )


def _allow_many_connections() -> None:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    # macOS calls its limit infinite and takes no such value.
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))

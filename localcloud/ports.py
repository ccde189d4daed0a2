"""Ports for local clouds that are started side by side."""

import contextlib
import random
import socket


def free_port() -> int:
    """Find a free port whose successor, the site's port, is free too.

    Not one of those that the system gives to outgoing connections: such a one may be gone when the
    emulator starts again.
    """
    while True:
        port = random.randrange(20_000, 32_000, 2)
        with socket.socket() as probe, socket.socket() as following, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            following.bind(("127.0.0.1", port + 1))
            return port

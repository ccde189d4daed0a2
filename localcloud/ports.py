"""Ports for local clouds that are started side by side."""

import contextlib
import random
import socket


def free_port() -> int:
    """A port that nobody uses, as nobody does the next one: the site's.

    Not one of those that the system gives to outgoing connections: such a one may be gone when the
    emulator starts again.
    """
    while True:
        port = random.randrange(20_000, 32_000, 2)
        with socket.socket() as probe, socket.socket() as following, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            following.bind(("127.0.0.1", port + 1))
            return port

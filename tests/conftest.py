"""The local cloud that the workflow and e2e tests share: the whole program, for real, once."""

import contextlib
import random
import socket
from collections.abc import Iterator
from typing import Any

import pytest

from local import cloud, running
from tests.shop import Shop


def free_port() -> int:
    """A port that nobody uses, as nobody does the next one: the storefront's.

    Not one of those that the system gives to outgoing connections: such a one may be gone when the
    emulator starts again.
    """
    while True:
        port = random.randrange(20_000, 32_000, 2)
        with socket.socket() as probe, socket.socket() as following, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            following.bind(("127.0.0.1", port + 1))
            return port


@pytest.fixture(scope="session")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """The outputs of the `dev` stack on a local cloud of its own."""
    state_dir = tmp_path_factory.mktemp("cloud")
    try:
        yield cloud.up("dev", state_dir=state_dir, port=free_port())
    finally:
        running.down(state_dir)


@pytest.fixture(scope="session")
def shop(outputs: dict[str, Any]) -> Shop:
    """The running system."""
    return Shop(outputs)

"""The payment gateway's adapter, pointed at a payment sandbox on this machine."""

from collections.abc import Iterator

import pytest

from handlers.adapters.stripe_gateway import StripeGateway
from tests.support.sandbox_server import SandboxServer, running_sandbox


@pytest.fixture
def sandbox(aws: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[SandboxServer]:
    with running_sandbox(monkeypatch) as server:
        yield server


@pytest.fixture
def gateway(sandbox: SandboxServer) -> StripeGateway:
    return StripeGateway()

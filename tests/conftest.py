"""The local cloud that the workflow and e2e tests share: the whole program, for real, once."""

from collections.abc import Iterator
from typing import Any

import pytest

from components.bundle import contents
from handlers.api import contract
from local import shop as local_shop
from localcloud.instance import running
from localcloud.ports import free_port
from tests.support.live_system import LiveSystem

# In-process tests read the contract from the file that goes into the bundle.
contract.DOCUMENT = contents("handlers.api.contract")["handlers/api/openapi.json"]


def pytest_addoption(parser: pytest.Parser) -> None:
    what = "kill runs of the workflow by every plan, not by a sample of the plans with two kills"
    parser.addoption("--every-kill", action="store_true", help=what)


@pytest.fixture
def every_kill(request: pytest.FixtureRequest) -> bool:
    """Whether every way to kill a run is asked for."""
    return bool(request.config.getoption("--every-kill"))


@pytest.fixture(scope="session")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """The outputs of the `dev` stack on a local cloud of its own.

    Without the schedule: tests look at orders that are due and have not been driven yet.
    """
    state_dir = tmp_path_factory.mktemp("cloud")
    config = {"reconcilerSchedule": "DISABLED"}
    try:
        yield local_shop.up("dev", state_dir=state_dir, port=free_port(), config=config)
    finally:
        running.down(state_dir)


@pytest.fixture(scope="session")
def shop(outputs: dict[str, Any]) -> LiveSystem:
    """The running system."""
    return LiveSystem(outputs)

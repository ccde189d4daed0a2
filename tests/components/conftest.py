import pytest

from localcloud.registration import Recording
from tests.support.recorded_stacks import STACKS, recording


@pytest.fixture(scope="session", params=STACKS)
def stack(request: pytest.FixtureRequest) -> str:
    """Each stack of the repository in turn."""
    return request.param


@pytest.fixture(scope="session")
def declared(stack: str) -> Recording:
    """Everything that the stack declares."""
    return recording(stack)

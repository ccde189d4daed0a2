"""The boto3 clients: one of each service per function environment, and how their errors read."""

from collections.abc import Callable
from functools import cache
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

# Below every function's own timeout, so that a stuck call becomes an error that the handler sees.
_CONFIG = Config(
    connect_timeout=1,
    read_timeout=2,
    retries={"mode": "standard", "total_max_attempts": 2},
)
_make: Callable[..., Any] = boto3.client  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]


@cache
def client(service: str) -> Any:
    """The client of `service`, made once: creating one costs more than most calls."""
    return configured(service, _CONFIG)


def configured(service: str, config: Config) -> Any:
    """A new client of `service` with timeouts, retries or signatures of its own."""
    return _make(service, config=config)


def code(error: ClientError) -> str:
    """The service's own name of what went wrong, e.g. ConditionalCheckFailedException."""
    return error.response.get("Error", {}).get("Code", "")

"""The cached boto3 clients: one of each service per function environment."""

from functools import cache
from typing import Any

import boto3
from botocore.config import Config

# Below every function's own timeout, so that a stuck call becomes an error that the handler sees.
_CONFIG = Config(
    connect_timeout=1,
    read_timeout=2,
    retries={"mode": "standard", "total_max_attempts": 2},
)


@cache
def client(service: str) -> Any:
    """The client of `service`, made once: creating one costs more than most calls."""
    return boto3.client(service, config=_CONFIG)  # pyright: ignore[reportCallIssue, reportArgumentType]

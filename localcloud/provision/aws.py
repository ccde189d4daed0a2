"""Cached boto3 clients for the emulator. Any secret is accepted for the key `test`, which is the account's root."""

import threading
from collections.abc import Callable
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from localcloud.settings import ACCOUNT, REGION

CONFIG = Config(
    proxies={},  # everything is on this machine
    connect_timeout=2,
    read_timeout=30,
    retries={"total_max_attempts": 2},
    max_pool_connections=32,
    inject_host_prefix=False,
    signature_version="v4",
    s3={"addressing_style": "path"},
)
# What the code of an error contains, whatever its case, that says that something doesn't exist.
NOT_FOUND = ("notfound", "nosuch", "nonexistent", "doesnotexist")
# One session, because it keeps the service descriptions that it has read; making a client is not thread-safe.
SESSION = boto3.Session("test", "test", region_name=REGION)
LOCK = threading.Lock()
# boto3-stubs knows the type of a client only with a package of its own for each service.
_make: Callable[..., Any] = SESSION.client  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]


class Aws:
    """The emulated account; safe to use from several threads."""

    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint
        self._clients: dict[str, Any] = {}

    def __getattr__(self, service: str) -> Any:
        """The client of a service, by its boto3 name as an identifier: `aws.cognito_idp`, `aws.lambda_`."""
        with LOCK:
            if service not in self._clients:
                name = service.rstrip("_").replace("_", "-")
                self._clients[service] = _make(name, endpoint_url=self.endpoint, config=CONFIG)
            return self._clients[service]


def arn(service: str, resource: str, region: str = REGION, account: str = ACCOUNT) -> str:
    """An ARN in the emulated account."""
    return f"arn:aws:{service}:{region}:{account}:{resource}"


def is_not_found(error: ClientError | BotoCoreError) -> bool:
    """Whether the error says that what was asked for does not exist."""
    if not isinstance(error, ClientError):
        return False
    code = error.response.get("Error", {}).get("Code", "").lower()
    return any(word in code for word in NOT_FOUND)

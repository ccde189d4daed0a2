"""The payment service's secret key: the whole secret string, kept in Secrets Manager.

Whoever signs requests with it and whoever checks it read it here. A rotated key is noticed
after five minutes, or when the old one is refused.
"""

from functools import cache
from typing import Any

from aws_lambda_powertools.utilities.parameters import SecretsProvider

from handlers.runtime.aws import client

_MAX_AGE_SECONDS = 300


def payment_secret(arn: str, *, fresh: bool = False) -> str:
    """Return the key, `fresh` from Secrets Manager or as it was at most five minutes ago.

    Raises powertools' GetParameterError when it can't be read.
    """
    value: Any = _provider().get(arn, max_age=_MAX_AGE_SECONDS, force_fetch=fresh)  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    return str(value)


@cache
def _provider() -> SecretsProvider:
    return SecretsProvider(boto3_client=client("secretsmanager"))

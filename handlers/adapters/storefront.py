"""The storefront's address, kept in Parameter Store; an environment reads it once in five minutes."""

from functools import cache
from typing import Any

from aws_lambda_powertools.utilities.parameters import SSMProvider

from handlers.runtime.aws import client
from handlers.runtime.settings import StorefrontSettings, load

_MAX_AGE_SECONDS = 300


def order_page(order_id: str) -> str:
    """Return the URL of the order's page.

    Raises powertools' GetParameterError when the address can't be read.
    """
    name = load(StorefrontSettings).storefront_parameter
    origin: Any = _provider().get(name, max_age=_MAX_AGE_SECONDS)  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    return f"{origin}/orders/{order_id}"


@cache
def _provider() -> SSMProvider:
    return SSMProvider(boto3_client=client("ssm"))

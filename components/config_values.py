"""The form that a config value must have. Where a key is optional, an empty value is right too."""

import json
import re
from pathlib import Path

_TABLE = Path(__file__).parents[1] / "handlers" / "domain" / "currencies.json"

CURRENCIES: tuple[str, ...] = tuple(json.loads(_TABLE.read_text(encoding="utf-8")))
"""The ISO 4217 codes of the currencies that the shop can be paid in."""


def is_address(value: str) -> bool:
    """An e-mail address as SES takes it, in ASCII, or nothing."""
    name, at, domain = value.partition("@")
    given = bool(name and at and "." in domain) and not any(each.isspace() for each in value)
    return (given and value.isascii()) or not value


def is_currency(value: str) -> bool:
    """A code of `CURRENCIES`."""
    return value in CURRENCIES


def is_domain(value: str) -> bool:
    """A host name in lower case, or nothing."""
    return not value or bool(re.fullmatch(r"([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}", value))


def is_zone(value: str) -> bool:
    """The id of a Route 53 zone, or nothing."""
    return not value or bool(re.fullmatch(r"Z[A-Z0-9]+", value))


def is_origin(value: str) -> bool:
    """Scheme and host, perhaps a port, or nothing. Without TLS only on this machine."""
    return not value or bool(
        re.fullmatch(r"(https://[a-z0-9.-]+|http://(localhost|127\.0\.0\.1))(:\d+)?", value)
    )

"""Ids that begin with the time of creation, so that their order is the order of creation.

`<prefix>_` and 24 hexadecimal digits: 14 are the microseconds since 1970, 10 are random.
"""

import secrets
import time

_RANDOM_DIGITS = 10
_MICROSECONDS = 1_000_000
_LAST = 16**24 - 1


def new(prefix: str) -> str:
    """Return an id that nothing else has."""
    return f"{prefix}_{time.time_ns() // 1000:014x}{secrets.token_hex(_RANDOM_DIGITS // 2)}"


def created(id: str) -> int:
    """Return when the id was made, in seconds since 1970."""
    return (number(id) >> 4 * _RANDOM_DIGITS) // _MICROSECONDS


def number(id: str) -> int:
    """Return the id's digits as a number."""
    return int(id.partition("_")[2], 16)


def first_of(second: int) -> int:
    """Return the least number that an id made in this second, or later, can have."""
    return second * _MICROSECONDS << 4 * _RANDOM_DIGITS


def at(prefix: str, number: int) -> str:
    """Return the id with these digits, or the nearest that there can be."""
    return f"{prefix}_{min(max(number, 0), _LAST):024x}"

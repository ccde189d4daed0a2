"""Median and spread of repeated measurements."""

import statistics
from collections.abc import Sequence


def median(values: Sequence[float]) -> float:
    """The middle value."""
    return statistics.median(values)


def quartiles(values: Sequence[float]) -> tuple[float, float]:
    """Between them lies the middle half of the values."""
    first, _, third = statistics.quantiles(values, n=4, method="inclusive")
    return first, third


def between(values: Sequence[float], unit: str) -> str:
    """The middle half and the extremes, for people."""
    first, third = quartiles(values)
    return f"{first:.0f} to {third:.0f} {unit}, at most {max(values):.0f}"

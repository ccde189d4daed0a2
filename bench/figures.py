"""A measured figure with its target, and a section of them for the report."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Figure:
    """One row of the table. `holds` is None where there is no target to hold.

    `otherwise` says why a figure can miss, and what would reach it.
    """

    name: str
    measured: str
    target: str = ""
    holds: bool | None = None
    otherwise: str = ""

    @property
    def verdict(self) -> str:
        if self.holds is None:
            return ""
        return "ok" if self.holds else "MISS"


@dataclass(frozen=True)
class Section:
    """A part of the report: figures, Markdown, and plots by file name."""

    title: str
    figures: Sequence[Figure] = ()
    text: str = ""
    plots: Mapping[str, str] = field(default_factory=dict)


def at_most(
    name: str, value: float, limit: float, unit: str, otherwise: str = "", aim: float | None = None
) -> Figure:
    """A figure that must not be above `limit`, and better not above `aim`."""
    target = f"≤ {said(limit, unit)}" + ("" if aim is None else f", aim {said(aim, unit)}")
    return Figure(name, said(value, unit), target, value <= limit, otherwise)


def at_least(name: str, value: float, limit: float, unit: str, otherwise: str = "") -> Figure:
    """A figure that must not be below `limit`."""
    return Figure(name, said(value, unit), f"≥ {said(limit, unit)}", value >= limit, otherwise)


def exactly(name: str, measured: str, target: str, otherwise: str = "") -> Figure:
    """A figure that must be what it is said to be, word for word."""
    return Figure(name, measured, target, measured == target, otherwise)


def told(name: str, value: float, unit: str) -> Figure:
    """A figure that has no target."""
    return Figure(name, said(value, unit))


def said(value: float, unit: str) -> str:
    """A number as people read it: three digits, whole from a hundred on. `x` needs no space."""
    number = f"{value:.0f}" if abs(value) >= 100 or value == int(value) else f"{value:.3g}"
    if unit == "x":
        return f"{value:.2f}×"
    return f"{number} {unit}".rstrip()


def table(columns: Sequence[str], rows: Sequence[Sequence[str]], numbers: bool = True) -> str:
    """A Markdown table; the second and later columns are aligned to the right if they are numbers."""
    lines = [
        f"| {' | '.join(columns)} |",
        f"|---|{('---:|' if numbers else '---|') * (len(columns) - 1)}",
        *(f"| {' | '.join(row)} |" for row in rows),
    ]
    return "\n".join(lines)

"""docs/performance.md: the table of all figures, and a part for each section."""

import os
import platform
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from bench.figures import Figure, Section, table
from local.settings import ROOT

PAGE = ROOT / "docs" / "performance.md"
COMMAND = "make bench"


def write(sections: Sequence[Section], seconds: float, page: Path = PAGE) -> None:
    """Write the page, and the sections' plots beside it."""
    plots = page.with_suffix("")
    plots.mkdir(parents=True, exist_ok=True)
    for section in sections:
        for name, svg in section.plots.items():
            (plots / name).write_text(svg, encoding="utf-8")
    page.write_text(markdown(sections, machine(), date.today().isoformat(), seconds), "utf-8")


def machine() -> str:
    """What the figures depend on; nothing that names the machine."""
    return (
        f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()}, "
        f"Python {platform.python_version()}"
    )


def markdown(sections: Sequence[Section], where: str, when: str, seconds: float) -> str:
    """The whole page."""
    figures = [figure for section in sections for figure in section.figures]
    parts = [
        _HEAD.format(when=when, where=where, minutes=f"{seconds / 60:.1f}", command=COMMAND),
        table(_COLUMNS, rows(figures)),
        _misses(figures),
        *(_part(section) for section in sections),
        _NOISE,
    ]
    return "\n\n".join(part.strip() for part in parts if part) + "\n"


def rows(figures: Sequence[Figure]) -> list[list[str]]:
    """The table's rows: figure, target, measured, and ok or MISS."""
    return [
        [
            each.name,
            each.target,
            each.measured,
            f"**{each.verdict}**" if each.holds is False else each.verdict,
        ]
        for each in figures
    ]


def summary(figures: Sequence[Figure]) -> str:
    """The same table for a terminal."""
    width = max(len(each.name) for each in figures)
    lines = [
        f"{each.name:<{width}}  {each.measured:>14}  {each.target:>10}  {each.verdict}".rstrip()
        for each in figures
    ]
    return "\n".join(lines)


def _misses(figures: Sequence[Figure]) -> str:
    """What misses, with those together that have the same reason."""
    missed: dict[str, list[str]] = {}
    for each in figures:
        if each.holds is False:
            said = f"**{each.name}**: {each.measured}, wanted {each.target}."
            missed.setdefault(each.otherwise, []).append(said)
    if not missed:
        return "Every target is held."
    lines = [f"- {' '.join(said)} {why}".rstrip() for why, said in missed.items()]
    return "\n".join(["## What misses, and what would reach it", "", *lines])


def _part(section: Section) -> str:
    images = [f"![{section.title}](performance/{name})" for name in section.plots]
    return "\n\n".join([f"## {section.title}", *images, section.text.strip()])


_COLUMNS = ("figure", "target", "measured", "")
_HEAD = """\
# Performance

What an order takes, and what it costs. `{command}` measures it on a local cloud of its
own, beside a yardstick, and writes this page: on {when}, {where}, in
{minutes} minutes.

The yardstick is the plain original design on the same emulator in the same run: six functions in a row
as a STANDARD workflow, without compensation, ledger, idempotency, payment gateway, API or mail
([bench/yardstick_stack.py](../bench/yardstick_stack.py)). Its order had one product;
here it has lines. Times are of this machine and of an emulator: good for a comparison, no forecast of AWS.
Counts, sizes and capacity are those that AWS would see.
"""
_NOISE = """\
## How far to trust it

The emulator is one Python process, and the functions' processes share its cores; whatever else the
machine does is in every time. So the figures are medians, what is compared runs by turns in alternating
order, and each part above has its spread. Ratios move less than times do."""

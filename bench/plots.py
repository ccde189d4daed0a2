"""Small SVG charts for the report. Their colours follow the reader's light or dark scheme."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

_WIDTH, _LEFT, _RIGHT = 760, 210, 70
_TOP, _ROW = 46, 30
_STYLE = """\
:root { --ink: #1f2328; --faint: #59636e; --grid: #d1d9e0; --limit: #c1341b;
  --c0: #0b6e99; --c1: #a26a00; --c2: #4b7f2c; --c3: #9c4687; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6edf3; --faint: #9aa5b1; --grid: #3a434d; --limit: #ff8f7a;
    --c0: #58b4dd; --c1: #e0a93b; --c2: #8cc56a; --c3: #dd8fc9; }
}
text { font: 13px system-ui, -apple-system, 'Segoe UI', sans-serif; fill: var(--ink); }
.title { font-weight: 600; } .faint { fill: var(--faint); font-size: 12px; }
.grid { stroke: var(--grid); } .limit { stroke: var(--limit); stroke-width: 3; stroke-dasharray: 4 3; }
.median { stroke: var(--ink); stroke-width: 2; }
"""
COLOURS = 4


@dataclass(frozen=True)
class Dots:
    """A row of single measurements."""

    name: str
    values: Sequence[float]


@dataclass(frozen=True)
class Bar:
    """One bar; `series` chooses its colour, `limit` is marked beside it."""

    name: str
    value: float
    series: int = 0
    limit: float | None = None


def dots(title: str, rows: Sequence[Dots], limits: Mapping[str, float], unit: str) -> str:
    """Every measurement as a dot, the median as a line, the limits of some rows dashed."""
    most = max([value for row in rows for value in row.values] + list(limits.values()))
    scale = _Scale(most)
    parts: list[str] = []
    for number, row in enumerate(rows):
        middle = _TOP + number * _ROW + _ROW / 2
        parts.append(_label(row.name, middle))
        for place, value in enumerate(row.values):
            height = middle + (place * 7 % 11 - 5)  # apart, so that equal ones can be seen
            parts.append(
                f'<circle cx="{scale(value):.1f}" cy="{height:.1f}" r="3" '
                f'style="fill:var(--c{number % COLOURS});fill-opacity:.65"/>'
            )
        ordered = sorted(row.values)
        parts.append(_mark("median", scale(ordered[len(ordered) // 2]), middle))
        if row.name in limits:
            parts.append(_mark("limit", scale(limits[row.name]), middle))
    return _svg(title, scale, len(rows), parts, unit)


def bars(title: str, rows: Sequence[Bar], unit: str) -> str:
    """A bar for each value, with the value at its end."""
    scale = _Scale(max(max(row.value, row.limit or 0) for row in rows))
    parts: list[str] = []
    for number, row in enumerate(rows):
        middle = _TOP + number * _ROW + _ROW / 2
        parts += [
            _label(row.name, middle),
            _rectangle(scale(0), scale(row.value), middle, row.series),
        ]
        if row.limit is not None:
            parts.append(_mark("limit", scale(row.limit), middle))
        end = max(scale(row.value), scale(row.limit or 0)) + 6
        parts.append(f'<text x="{end:.1f}" y="{middle + 4:.1f}">{row.value:.3g}</text>')
    return _svg(title, scale, len(rows), parts, unit)


class _Scale:
    """From a value to where it is drawn; its axis ends at a round number."""

    def __init__(self, most: float):
        rough = most / 5
        power = 10 ** math.floor(math.log10(rough))
        self.step = next(each * power for each in (1, 2, 5, 10) if each * power >= rough)
        self.end = math.ceil(most / self.step) * self.step

    def __call__(self, value: float) -> float:
        return _LEFT + (_WIDTH - _LEFT - _RIGHT) * value / self.end

    def ticks(self) -> list[float]:
        return [number * self.step for number in range(round(self.end / self.step) + 1)]


def _label(name: str, middle: float) -> str:
    return f'<text x="{_LEFT - 10}" y="{middle + 4:.1f}" text-anchor="end">{escape(name)}</text>'


def _rectangle(start: float, end: float, middle: float, series: int) -> str:
    return (
        f'<rect x="{start:.1f}" y="{middle - 9:.1f}" width="{end - start:.1f}" height="18" '
        f'style="fill:var(--c{series})"/>'
    )


def _mark(kind: str, x: float, middle: float) -> str:
    return f'<line class="{kind}" x1="{x:.1f}" x2="{x:.1f}" y1="{middle - 13:.1f}" y2="{middle + 13:.1f}"/>'


def _svg(title: str, scale: _Scale, rows: int, parts: Sequence[str], unit: str) -> str:
    bottom = _TOP + rows * _ROW
    height = bottom + 30
    axis = [
        f'<line class="grid" x1="{scale(tick):.1f}" x2="{scale(tick):.1f}" y1="{_TOP - 6}" y2="{bottom}"/>'
        f'<text class="faint" x="{scale(tick):.1f}" y="{bottom + 18}" text-anchor="middle">{tick:g}</text>'
        for tick in scale.ticks()
    ]
    axis.append(
        f'<text class="faint" x="{_WIDTH - 8}" y="{bottom + 18}" text-anchor="end">{escape(unit)}</text>'
    )
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" '
        f'height="{height}" role="img" aria-label="{escape(title)}">\n<style>{_STYLE}</style>'
    )
    name = f'<text class="title" x="20" y="24">{escape(title)}</text>'
    return "\n".join([head, name, *axis, *parts, "</svg>"]) + "\n"

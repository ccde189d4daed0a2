"""Draws a receipt as an A4 PDF: the same receipt, the same bytes, in any process.

Only looks are decided here; what is said comes from `domain/receipt.py`. Lengths are in points.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import NamedTuple

from reportlab.lib.colors import Color, HexColor
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from handlers.adapters.receipt_fonts import Run, typeset
from handlers.domain import shop
from handlers.domain.money import format_money
from handlers.domain.receipt import Receipt, ReceiptLine

_WIDTH, _HEIGHT = A4
_LEFT, _RIGHT = 56.0, _WIDTH - 56.0
_QUANTITY, _UNIT_PRICE = 350.0, 445.0  # where these columns end; amounts end at _RIGHT
_NAME_WIDTH = 260.0
_DETAILS_COLUMN = 310.0
_FIRST_TOP, _NEXT_TOP = _HEIGHT - 236, _HEIGHT - 124  # of the table
_BOTTOM = 128.0  # of the table; the total and the footer are below

_LEADING, _PADDING = 13.5, 9.0


class _Style(NamedTuple):
    size: float
    color: Color


_ACCENT = HexColor(shop.ACCENT)
_INK = HexColor("#1c1f1e")
_HAIRLINE = HexColor("#dfe4e1")

_SHOP, _TITLE = _Style(19, _ACCENT), _Style(19, _INK)
_BODY = _Style(10, _INK)
_LABEL = _Style(8.5, HexColor("#5b6560"))
_SUM = _Style(13, _ACCENT)


@dataclass(frozen=True)
class _Row:
    name: list[Run]
    line: ReceiptLine

    @property
    def height(self) -> float:
        return len(self.name) * _LEADING + _PADDING


def draw(receipt: Receipt) -> bytes:
    """The PDF. Letters that no font here has become `?`; it never fails for a text."""
    buffer = BytesIO()
    canvas = Canvas(buffer, pagesize=A4, invariant=1, pageCompression=1, lang="en")
    canvas.setTitle(f"Receipt {receipt.order_id}")
    canvas.setSubject("Proof of payment")
    canvas.setAuthor(shop.NAME)
    canvas.setCreator(shop.NAME)
    rows = [_Row(_wrap(typeset(line.name), _NAME_WIDTH, 2), line) for line in receipt.lines]
    pages = _paginate(rows)
    for number, page in enumerate(pages, start=1):
        _masthead(canvas)
        if number == 1:
            _details(canvas, receipt)
        bottom = _table(canvas, page, _FIRST_TOP if number == 1 else _NEXT_TOP, receipt.currency)
        if number == len(pages):
            _total(canvas, receipt, bottom)
        _footer(canvas, f"Order {receipt.order_id}, page {number} of {len(pages)}")
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _paginate(rows: Iterable[_Row]) -> list[list[_Row]]:
    pages: list[list[_Row]] = [[]]
    space = _FIRST_TOP - _BOTTOM
    for row in rows:
        if row.height > space:
            pages.append([])
            space = _NEXT_TOP - _BOTTOM
        pages[-1].append(row)
        space -= row.height
    return pages


def _wrap(run: Run, width: float, most: int) -> list[Run]:
    """`run` on at most `most` lines of `width`, broken at spaces if any, cut with an ellipsis."""
    lines: list[Run] = []
    while run.width(_BODY.size) > width and len(lines) < most - 1:
        end = _fitting(run, width)
        space = run.text.rfind(" ", 0, end + 1)
        end = space if space > 0 else end
        lines.append(run.cut(0, end))
        run = run.cut(end, len(run.text))
    if run.width(_BODY.size) > width:
        dots = Run("…", run.font).width(_BODY.size)
        run = Run(run.cut(0, _fitting(run, width - dots)).text + "…", run.font)
    return [*lines, run]


def _fitting(run: Run, width: float) -> int:
    """How many of its letters fit into `width`; at least one."""
    end = 1
    while end < len(run.text) and Run(run.text[: end + 1], run.font).width(_BODY.size) <= width:
        end += 1
    return end


def _masthead(canvas: Canvas) -> None:
    baseline = _HEIGHT - 74
    _text(canvas, _LEFT, baseline, typeset(shop.NAME, bold=True), _SHOP)
    _text(canvas, _RIGHT, baseline, typeset("Receipt"), _TITLE, right=True)
    canvas.setFillColor(_ACCENT)
    canvas.rect(_LEFT, baseline - 16, _RIGHT - _LEFT, 1.5, stroke=0, fill=1)


def _details(canvas: Canvas, receipt: Receipt) -> None:
    fields = [("Order", receipt.order_id), ("Ordered", _date(receipt.ordered_at))]
    if receipt.customer:
        fields.append(("Customer", receipt.customer))
    fields.append(("Paid by card", _date(receipt.paid_at)))
    for index, (label, value) in enumerate(fields):
        x = _DETAILS_COLUMN if index % 2 else _LEFT
        y = _HEIGHT - 120 - (index // 2) * 42
        _text(canvas, x, y, typeset(label), _LABEL)
        [run] = _wrap(typeset(value), _DETAILS_COLUMN - _LEFT - 16, 1)
        _text(canvas, x, y - 15, run, _BODY)


def _table(canvas: Canvas, rows: list[_Row], top: float, currency: str) -> float:
    """Draw the lines from `top` down. Answers where they end."""
    _text(canvas, _LEFT, top + 8, typeset("Item"), _LABEL)
    for x, label in ((_QUANTITY, "Quantity"), (_UNIT_PRICE, "Unit price"), (_RIGHT, "Amount")):
        _text(canvas, x, top + 8, typeset(label), _LABEL, right=True)
    _rule(canvas, top)
    y = top
    for row in rows:
        baseline = y - _LEADING - 1
        for index, part in enumerate(row.name):
            _text(canvas, _LEFT, baseline - index * _LEADING, part, _BODY)
        for x, figure in (
            (_QUANTITY, f"{row.line.quantity:,}"),
            (_UNIT_PRICE, format_money(row.line.unit_price, currency)),
            (_RIGHT, format_money(row.line.total, currency)),
        ):
            _text(canvas, x, baseline, typeset(figure), _BODY, right=True)
        y -= row.height
        _rule(canvas, y)
    return y


def _total(canvas: Canvas, receipt: Receipt, y: float) -> None:
    total = typeset(format_money(receipt.total, receipt.currency), bold=True)
    label = typeset("Total paid", bold=True)
    label_end = min(_UNIT_PRICE, _RIGHT - total.width(_SUM.size) - 16)
    _text(canvas, label_end, y - 26, label, _BODY, right=True)
    _text(canvas, _RIGHT, y - 26, total, _SUM, right=True)


def _footer(canvas: Canvas, where: str) -> None:
    _text(canvas, _LEFT, 56, typeset(f"Thank you for shopping at {shop.NAME}."), _LABEL)
    _text(canvas, _LEFT, 42, typeset(f"Questions? Write to {shop.CONTACT}."), _LABEL)
    _text(canvas, _RIGHT, 56, typeset(where), _LABEL, right=True)


def _text(
    canvas: Canvas, x: float, y: float, run: Run, style: _Style, *, right: bool = False
) -> None:
    """Draw `run` on the baseline `y`, starting at `x` or (`right`) ending there."""
    canvas.setFont(run.font, style.size)
    canvas.setFillColor(style.color)
    if right:
        canvas.drawRightString(x, y, run.text)
    else:
        canvas.drawString(x, y, run.text)


def _rule(canvas: Canvas, y: float) -> None:
    canvas.setStrokeColor(_HAIRLINE)
    canvas.setLineWidth(0.6)
    canvas.line(_LEFT, y, _RIGHT, y)


def _date(at: datetime) -> str:
    return f"{at.day} {at:%B %Y, %H:%M} UTC"

"""How a mail looks: one letter as plain text and as an HTML document that loads nothing.

Both link to the order's page, the HTML by a button and, for clients that show none, by its address.

Styles are inline because many clients drop the rest; the style block only adds the dark colours.
Every value goes through `escape`, so a name can't carry markup.
"""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from handlers.domain import shop


@dataclass(frozen=True)
class LetterLine:
    """One line of the order; `amount` is text such as `$19.99`, or "" if it isn't known."""

    name: str
    quantity: int
    amount: str


@dataclass(frozen=True)
class Letter:
    """All that a mail says; `link` is the order's page, `total` is text, or "" if it isn't known."""

    headline: str
    greeting: str
    paragraphs: Sequence[str]
    link: str
    order_id: str
    lines: Sequence[LetterLine]
    total: str


def text(letter: Letter) -> str:
    """The letter as plain text, readable without the HTML."""
    items = [f"  {line.quantity} x {line.name}{_after(line.amount)}" for line in letter.lines]
    if letter.total:
        items.append(f"  Total{_after(letter.total)}")
    blocks = [
        letter.headline,
        letter.greeting,
        *(textwrap.fill(paragraph, 72) for paragraph in letter.paragraphs),
        f"{_VIEW}:\n{letter.link}",  # on a line of its own, and never broken
        "\n".join([f"Order {letter.order_id}", *items]),
        _QUESTIONS,
        shop.NAME,
    ]
    return "\n\n".join(blocks) + "\n"


def html(letter: Letter) -> str:
    """The letter as a complete HTML document: light or dark as the reader has it, no images."""
    headline = escape(letter.headline)
    paragraphs = [letter.greeting, *letter.paragraphs]
    body = "\n".join(f'<p style="margin:0 0 16px">{escape(part)}</p>' for part in paragraphs)
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>{headline}</title>
<style>{_DARK}</style>
</head>
<body class="page" style="margin:0;padding:0;background:#f3f6f4">
<div style="display:none;max-height:0;overflow:hidden">{escape(letter.paragraphs[0])}</div>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0">
<tr><td align="center" style="padding:32px 12px">
<table role="presentation" class="card" width="100%" cellpadding="0" cellspacing="0" border="0"
 style="max-width:560px;background:#ffffff;border-radius:8px">
<tr><td class="ink" style="padding:32px;text-align:left;color:#1c1f1e;{_FONT}">
<p class="accent" style="margin:0 0 24px;font-weight:bold;color:{shop.ACCENT}">\
{escape(shop.NAME)}</p>
<h1 style="margin:0 0 20px;font-size:24px;line-height:1.3">{headline}</h1>
{body}
{_button(letter.link)}
{_items(letter)}
<p class="muted" style="margin:24px 0 0;{_LABEL}">{escape(_QUESTIONS)}</p>
</td></tr>
</table>
</td></tr>
</table>
</body>
</html>
"""


_FONT = "font:16px/1.5 -apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif"
_VIEW = "View your order"
_QUESTIONS = f"Questions? Write to {shop.CONTACT}."
_DARK = """
:root { color-scheme: light dark; supported-color-schemes: light dark }
@media (prefers-color-scheme: dark) {
  .page { background: #131715 !important }
  .card { background: #1d2320 !important }
  .ink { color: #eef2f0 !important }
  .muted { color: #aab5b0 !important }
  .accent { color: DARK_ACCENT !important }
  .rule { border-color: #39423e !important }
  .button { background: DARK_ACCENT !important }
  .label { color: #131715 !important }
}
""".replace("DARK_ACCENT", shop.ACCENT_ON_DARK)


def _button(link: str) -> str:
    """A table's cell, which is a button in Outlook too, and below it the address for all others."""
    href = escape(link)
    return f"""<table role="presentation" cellpadding="0" cellspacing="0" border="0" \
style="margin:24px 0 12px">
<tr><td class="button" style="border-radius:6px;background:{shop.ACCENT}">
<a class="label" href="{href}" style="display:inline-block;padding:12px 24px;font-weight:bold;\
text-decoration:none;color:#ffffff">{_VIEW}</a>
</td></tr>
</table>
<p class="muted" style="margin:0;{_LABEL};word-break:break-all">\
<a class="muted" href="{href}" style="color:#5b6560">{href}</a></p>"""


def _items(letter: Letter) -> str:
    """The order's lines; before its prices are known, without the column of amounts."""
    heads, total = [_HEAD % ("left", "Item"), _HEAD % ("right", "Quantity")], ""
    if letter.total:
        heads.append(_HEAD % ("right", "Amount"))
        total = f"""
<tr>
<th scope="row" colspan="2" style="padding:12px 0;text-align:left">Total</th>
<td class="accent" style="padding:12px 0;{_FIGURE};font-weight:bold;color:{shop.ACCENT}">\
{escape(letter.total)}</td>
</tr>"""
    rows = "\n".join(_row(line, bool(letter.total)) for line in letter.lines)
    return f"""<table width="100%" cellpadding="0" cellspacing="0" border="0" \
style="margin:24px 0 0;font-size:15px">
<caption class="muted" style="padding:0 0 12px;text-align:left;{_LABEL}">\
Order {escape(letter.order_id)}</caption>
<tr>
{"".join(heads)}
</tr>
{rows}{total}
</table>"""


_LABEL = "font-size:13px;font-weight:normal;color:#5b6560"
_HEAD = f'<th scope="col" class="muted" style="padding:0 0 4px;{_LABEL};text-align:%s">%s</th>'
_FIGURE = "text-align:right;white-space:nowrap;vertical-align:top"
_NAME = "vertical-align:top;word-break:break-word"
_CELL = '<td class="rule" style="border-top:1px solid #dfe4e1;padding:%s;%s">%s</td>'


def _row(line: LetterLine, priced: bool) -> str:
    cells = [
        _CELL % ("10px 12px 10px 0", _NAME, escape(line.name)),
        _CELL % ("10px 0", _FIGURE, line.quantity),
    ]
    if priced:
        cells.append(_CELL % ("10px 0 10px 12px", _FIGURE, escape(line.amount)))
    return "<tr>\n" + "\n".join(cells) + "\n</tr>"


def _after(amount: str) -> str:
    return f": {amount}" if amount else ""

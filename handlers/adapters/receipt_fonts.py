"""Which font can show a text: Helvetica if it can, otherwise an embedded one with most scripts.

The PDF standard fonts cover cp1252 and cost nothing; reportlab silently draws boxes for the rest.
WenQuanYi Micro Hei covers Latin, Greek, Cyrillic, Chinese, Japanese and Korean; it is read (0.1 s)
only when a text needs it. No text shaping: Arabic, Hebrew, Thai or Indic letters become `?`.
"""

import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

_WIDE = "WenQuanYiMicroHei"


@dataclass(frozen=True)
class Run:
    """A text that is safe to draw in `font`: one line, every letter there."""

    text: str
    font: str

    def width(self, size: float) -> float:
        """In points, at `size` points."""
        return pdfmetrics.stringWidth(self.text, self.font, size)

    def cut(self, start: int, end: int) -> "Run":
        """The letters from `start` up to `end`."""
        return Run(self.text[start:end].strip(), self.font)


def typeset(text: str, bold: bool = False) -> Run:
    """`text` on one line in the font that shows it (bold in Helvetica only)."""
    line = " ".join(unicodedata.normalize("NFC", text).split())
    line = "".join(letter for letter in line if unicodedata.category(letter)[0] != "C")
    if not _standard(line):
        line = "".join(map(_shown, line))
    if not _standard(line):
        return Run(line, _WIDE)
    return Run(line, "Helvetica-Bold" if bold else "Helvetica")


def _standard(text: str) -> bool:
    try:
        text.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True


def _shown(letter: str) -> str:
    """`letter`, or what stands for it: its base letter (ț -> t), or `?`."""
    if ord(letter) in _glyphs():
        return letter
    base = unicodedata.normalize("NFKD", letter)[0]
    if ord(base) in _glyphs():
        return base
    return "" if unicodedata.combining(letter) else "?"


@cache
def _glyphs() -> frozenset[int]:
    """The code points that the wide font has. Registers it."""
    path = files("paperang_p2_fonts_cjk").joinpath("fonts", "wqy-microhei.ttc")
    font = TTFont(_WIDE, str(path), subfontIndex=0)
    pdfmetrics.registerFont(font)  # pyright: ignore[reportUnknownMemberType]
    return frozenset(point for point, glyph in font.face.charToGlyph.items() if glyph)

"""Labels to print and cut, each with a QR code that a scanner reads.

They are drawn and have no template: a picture is nothing that a template may name, and a code
has to keep its size and its white rim to be read.
"""

from collections.abc import Sequence
from io import BytesIO
from unicodedata import east_asian_width
from urllib.parse import quote

import segno

from core.papers.placeholders import plain
from core.papers.sheet import LATIN, Sheet
from db.codes import Language

# Millimetres: two labels beside each other and four rows on a page.
CODE, TEXT, HEIGHT = 42, 47, 64
ABREAST = 2
# Two lines of small print, a Chinese character counting for two letters; there is no room for
# more, and the label beside must keep its place.
MOST_WIDTH = 50
# Pixels of one square of a code, which makes it sharp in print.
SCALE = 12
# Points: the house, the number, what it is, then the small print.
SIZES = (9, 15, 11, 9, 9, 9)


def target(label: str, base: str) -> str:
    """What the code of a label holds."""
    return f"{base.rstrip('/')}/scan?label={quote(label, safe='')}" if base else label


def picture(text: str) -> bytes:
    """A QR code as a PNG with its white rim; it is read with a quarter of it scratched off."""
    out = BytesIO()
    segno.make(text, error="q", micro=False).save(out, kind="png", scale=SCALE, border=4)
    return out.getvalue()


def short(text: str) -> str:
    """As much of a text as two lines hold."""
    line, width = " ".join(plain(text).split()), 0
    for at, letter in enumerate(line):
        width += 2 if east_asian_width(letter) in "WF" else 1
        if width > MOST_WIDTH:
            return f"{line[: at - 1]}…"
    return line


def drawn(
    codes: Sequence[bytes], texts: Sequence[tuple[str, ...]], *, title: str, language: Language
) -> bytes:
    """A sheet of labels as a Word file: each code with its texts beside it."""
    sheet = Sheet(latin=LATIN[language], title=title)
    grid = sheet.table((CODE, TEXT) * ABREAST)
    for start in range(0, len(codes), ABREAST):
        cells = grid.fixed(HEIGHT)
        for at in range(ABREAST):
            grid.join(cells[2 * at], cells[2 * at + 1])
            if start + at < len(codes):
                sheet.picture(cells[2 * at], codes[start + at], CODE - 4)
                sized = zip(texts[start + at], SIZES, strict=True)
                sheet.stack(cells[2 * at + 1], *sized)
    sheet.gap(1)
    out = BytesIO()
    sheet.save(out)
    return out.getvalue()

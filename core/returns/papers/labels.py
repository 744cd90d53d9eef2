"""Labels for the parcels of a return: a sheet to print and cut, each with a QR code (C8).

They are drawn and have no template: a picture is nothing that a template may name, and a code
has to keep its size and its white rim to be read.
"""

from collections.abc import Iterator, Sequence
from io import BytesIO
from unicodedata import east_asian_width
from urllib.parse import quote

import segno

from core.kernel.errors import NotFound
from core.kernel.unit_of_work import UnitOfWork
from core.papers.placeholders import plain
from core.papers.sheet import LATIN, Sheet
from core.papers.speech import Speech, Word
from core.people import company
from core.returns import view
from core.returns.view import ReturnView
from db.codes import Language

# Millimetres: two labels beside each other and four rows on a page.
CODE, TEXT, HEIGHT = 42, 47, 64
ABREAST = 2
# Two lines of small print, a Chinese character counting for two letters; there is no room for
# more, and the label beside must keep its place.
MOST_WIDTH = 50
# Pixels of one square of a code, which makes it sharp in print.
SCALE = 12
TITLE = {Language.ZH: "退换货包裹标签", Language.EN: "Parcel labels"}
PARCEL = {Language.ZH: "包裹", Language.EN: "Parcel"}
# Points: the house, the number of the return, the parcel, then the small print.
SIZES = (9, 15, 11, 9, 9, 9)


def labels(
    uow: UnitOfWork, *, case_id: int, word: Word, language: Language | None = None, base: str = ""
) -> bytes:
    """The labels of all parcels of a return as a Word file; NotFound where there are none.

    A code holds an address below `base`, where this company's browsers find the tool; without one
    the label alone. The page that scans takes both. `word` as for the papers.
    """
    found = view.view(uow, case_id=case_id)
    if not found.parcels:
        raise NotFound(subject="parcel", id=case_id)
    speech = Speech(language or uow.actor.language, uow.actor.zone_info, word)
    own = company.find(uow.session)
    codes = [picture(target(each.label, base)) for each in found.parcels]
    return _drawn(codes, list(_texts(found, speech, own.name if own else "")), speech.language)


def target(label: str, base: str) -> str:
    """What the code of a label holds."""
    return f"{base.rstrip('/')}/scan?label={quote(label, safe='')}" if base else label


def picture(text: str) -> bytes:
    """A QR code as a PNG with its white rim; it is read with a quarter of it scratched off."""
    out = BytesIO()
    segno.make(text, error="q", micro=False).save(out, kind="png", scale=SCALE, border=4)
    return out.getvalue()


def _texts(found: ReturnView, speech: Speech, house: str) -> Iterator[tuple[str, ...]]:
    # Neither goods nor addresses: a parcel goes through many hands.
    for number, each in enumerate(found.parcels, 1):
        parcel = f"{PARCEL[speech.language]} {number}/{len(found.parcels)}"
        carrier = " ".join(filter(None, (each.carrier, each.tracking)))
        yield (
            _short(house),
            found.number,
            f"{parcel} · {speech.code(each.direction)}",
            _short(found.customer),
            _short(carrier),
            each.label,
        )


def _short(text: str) -> str:
    """As much of a text as two lines hold."""
    line, width = " ".join(plain(text).split()), 0
    for at, letter in enumerate(line):
        width += 2 if east_asian_width(letter) in "WF" else 1
        if width > MOST_WIDTH:
            return f"{line[: at - 1]}…"
    return line


def _drawn(codes: Sequence[bytes], texts: Sequence[tuple[str, ...]], language: Language) -> bytes:
    sheet = Sheet(latin=LATIN[language], title=TITLE[language])
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

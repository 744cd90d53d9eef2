"""Cells become values: texts, moments, days, numbers, lists of codes."""

import math
import re
import unicodedata
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from core.imports.errors import RowCode
from core.imports.records import Cell, NoResult
from core.kernel.inputs import clean_text

ISO = "iso"
FORMATS = (ISO, *(f"%Y{a}%m{a}%d{b}" for a in "/." for b in ("", " %H:%M:%S", " %H:%M")))
CHINESE = ("%Y年%m月%d日", "%Y年%m月%d日 %H:%M:%S", "%Y年%m月%d日 %H:%M", "%Y年%m月%d日 %H时%M分")

# Day 0 of an Excel serial number, which counts a 29 February 1900 that never was.
_SERIAL_START = datetime(1899, 12, 30)  # noqa: DTZ001 - local, as a sheet is
_SERIALS = range(20_000, 80_000)
# Beyond these Excel keeps no digit, and what it writes as 1.23E+17 has lost them too.
_EXACT = 1e15
_SCIENTIFIC = re.compile(r"\d(\.\d+)?[eE]\+\d+")
_FORMULA_SIGNS = ("=", "+", "-", "@")
_SEPARATORS = re.compile(r"[,;|/\s，、；]+")


class Unusable(Exception):
    """A cell that cannot be the value that it should be."""

    def __init__(self, code: RowCode, **details: object) -> None:
        super().__init__(code, details)
        self.code = code
        self.details = details


def text_of(cell: Cell) -> str:
    """A cell as a person reads it: whole numbers without a point, no blanks around."""
    if isinstance(cell, str):
        # Cleaning looks at each character; most cells hold nothing to clean.
        clean = cell.isprintable() and unicodedata.is_normalized("NFC", cell)
        text = cell.strip() if clean else str(clean_text(cell)).replace("\t", " ").strip()
        # A list of refused rows marks what a spreadsheet would take for a formula.
        return text[1:] if text[:1] == "'" and text[1:2] in _FORMULA_SIGNS else text
    if isinstance(cell, NoResult):
        raise Unusable(RowCode.FORMULA_ERROR if cell.is_error else RowCode.FORMULA_EMPTY)
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def plain(word: str) -> str:
    """A word as it is compared: half width, one case, single blanks."""
    return " ".join(unicodedata.normalize("NFKC", word).casefold().split())


def line_of(text: str) -> str:
    """One line with single blanks."""
    return " ".join(text.split())


def exact_of(cell: Cell) -> str:
    """A number that names something: refused when a spreadsheet has dropped its last digits."""
    text = text_of(cell)
    if isinstance(cell, float) and abs(cell) >= _EXACT or _SCIENTIFIC.fullmatch(text):
        raise Unusable(RowCode.DIGITS_LOST)
    return text


def moment_of(cell: Cell, formats: Sequence[str], zone: ZoneInfo) -> tuple[datetime, bool]:
    """An instant in UTC, and whether the cell names only its day; without a zone it is local."""
    found, is_day = _local(cell, formats)
    if not 1970 <= found.year <= 2100:
        raise Unusable(RowCode.OUT_OF_RANGE)
    if found.tzinfo is None:
        found = found.replace(tzinfo=zone)
    return found.astimezone(UTC), is_day


def is_format(pattern: str) -> bool:
    """Whether a date written by the pattern can be read back by it, to its day."""
    example = datetime(2024, 4, 16, 13, 0, tzinfo=UTC)
    try:
        return pattern == ISO or _parsed(example.strftime(pattern), (pattern,))[0].day == 16
    except Unusable:
        return False


def day_of(cell: Cell, formats: Sequence[str]) -> date:
    """A calendar day."""
    found, _ = _local(cell, formats)
    if not 1970 <= found.year <= 2100:
        raise Unusable(RowCode.OUT_OF_RANGE)
    return found.date()


def number_of(cell: Cell, low: float, high: float) -> float:
    """A number in a range."""
    try:
        number = float(cell) if isinstance(cell, int | float) else float(text_of(cell))
    except ValueError:
        raise Unusable(RowCode.NOT_A_NUMBER) from None
    if not math.isfinite(number):
        raise Unusable(RowCode.NOT_A_NUMBER)
    if not low <= number <= high:
        raise Unusable(RowCode.OUT_OF_RANGE, low=low, high=high)
    return number


def codes_of(text: str) -> tuple[str, ...]:
    """The codes of a list inside a cell, as in "H93,H15,", each once, in their order."""
    return tuple(dict.fromkeys(part for part in _SEPARATORS.split(text) if part))


def _local(cell: Cell, formats: Sequence[str]) -> tuple[datetime, bool]:
    if isinstance(cell, datetime):
        return cell, False
    if isinstance(cell, date):
        return datetime.combine(cell, time()), True
    if isinstance(cell, float | int) and not isinstance(cell, bool) and int(cell) in _SERIALS:
        return _SERIAL_START + timedelta(days=cell), cell == int(cell)
    return _parsed(text_of(cell), tuple(formats))


@lru_cache(maxsize=4096)
def _parsed(text: str, formats: tuple[str, ...]) -> tuple[datetime, bool]:
    for pattern in formats:
        try:
            if pattern == ISO:
                return datetime.fromisoformat(text), len(text) <= 10
            found = datetime.strptime(text, pattern)  # noqa: DTZ007 - the map knows the zone
            return found, "%H" not in pattern and "%I" not in pattern
        except ValueError:
            continue
    raise Unusable(RowCode.NOT_A_DATE)

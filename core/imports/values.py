"""Cells become values: texts, moments, days, numbers, lists of codes."""

import math
import re
import unicodedata
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from zoneinfo import ZoneInfo

from core.imports import days
from core.imports.days import Order
from core.imports.encodings import NONSENSE
from core.imports.errors import RowCode, Unusable
from core.imports.records import Cell, NoResult
from core.kernel.inputs import MOST_DIGITS, PHONE, clean_text, digits
from db import phones
from db.words import fold

ISO = "iso"
# A text that a spreadsheet was told to leave alone, as ="0138".
_TEXT_FORMULA = re.compile(r'="([^"]*)"')
# Beyond these Excel keeps no digit, and what it writes as 1.23E+17 has lost them too.
_EXACT = 1e15
_SCIENTIFIC = re.compile(r"\d(\.\d+)?[eE]\+\d+")
# What a spreadsheet would calculate, whatever blanks, marks or full width are before or in it.
# A plain negative number or a phone number is harmless.
FORMULA = re.compile(r"[\s\ufeff\u200b]*([=@＝＠]|[+\-＋－](?![\d\s().-]*$))|[\t\r\n]")
# What stands around an amount: its currency, and the signs that part its thousands.
_MONEY = re.compile(r"[\s¥￥$€]|rmb|cny|元|,(?=\d{3}(?:\D|$))")
MOST_CENTS = 100_000_000_00
_SEPARATORS = re.compile(r"[,;|/\s，、；]+")


def text_of(cell: Cell) -> str:
    """A cell as a person reads it: whole numbers without a point, no blanks around."""
    if isinstance(cell, str):
        if NONSENSE.search(cell):
            raise Unusable(RowCode.LOST_CHARACTER)
        # Cleaning looks at each character; most cells hold nothing to clean.
        clean = cell.isprintable() and unicodedata.is_normalized("NFC", cell)
        text = cell.strip() if clean else str(clean_text(cell)).replace("\t", " ").strip()
        # A list of refused rows marks what a spreadsheet would take for a formula.
        text = text[1:].strip() if text[:1] == "'" and FORMULA.match(text[1:]) else text
        told = _TEXT_FORMULA.fullmatch(text)
        return told[1].strip() if told else text
    if isinstance(cell, NoResult):
        raise Unusable(RowCode.FORMULA_ERROR if cell.is_error else RowCode.FORMULA_EMPTY)
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime) and cell.time() == time():
        cell = cell.date()
    return str(cell)


def plain(word: str) -> str:
    """A word as it is compared: half width, one case, single blanks."""
    return " ".join(fold(word).split())


def line_of(text: str) -> str:
    """One line with single blanks."""
    return " ".join(text.split())


def exact_of(cell: Cell) -> str:
    """A number that names something: refused when a spreadsheet has dropped its last digits."""
    text = text_of(cell)
    if isinstance(cell, float) and abs(cell) >= _EXACT or _SCIENTIFIC.fullmatch(text):
        raise Unusable(RowCode.DIGITS_LOST)
    # A spreadsheet shows a number after this sign as it was typed; some write the sign along.
    return text[1:].strip() if text[:1] in ("'", "‘", "’") and text[1:2].isdigit() else text


def phone_of(cell: Cell) -> str:
    """A number to call: nothing else may reach the button that calls it."""
    text = phones.plain(line_of(exact_of(cell)))
    if text and not (3 <= len(digits(text)) <= MOST_DIGITS and PHONE.fullmatch(text)):
        raise Unusable(RowCode.NOT_A_PHONE)
    return text


def moment_of(
    cell: Cell, formats: Sequence[str], zone: ZoneInfo, order: Order = Order.ASKED
) -> tuple[datetime, bool]:
    """An instant in UTC, and whether the cell names only its day; without a zone it is local."""
    found, is_day = _local(cell, formats, order)
    if not 1970 <= found.year <= 2100:
        raise Unusable(RowCode.OUT_OF_RANGE)
    if found.tzinfo is None:
        found = found.replace(tzinfo=zone)
    return found.astimezone(UTC), is_day


def is_format(pattern: str) -> bool:
    """Whether a date written by the pattern can be read back by it, to its day."""
    example = datetime(2024, 4, 16, 13, 0, tzinfo=UTC)
    try:
        return pattern == ISO or datetime.strptime(example.strftime(pattern), pattern).day == 16  # noqa: DTZ007
    except ValueError:
        return False


def day_of(cell: Cell, formats: Sequence[str] = (), order: Order = Order.ASKED) -> date:
    """A calendar day."""
    found, _ = _local(cell, formats, order)
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


def count_of(cell: Cell) -> int:
    """How many pieces: a whole number."""
    number = number_of(cell, 1, 100_000)
    if not number.is_integer():
        raise Unusable(RowCode.NOT_A_NUMBER)
    return int(number)


def cents_of(cell: Cell) -> int:
    """An amount of money, as 1,234.50, ¥1234.5 or 1234元, in cents."""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        text = f"{cell:.6f}"
    else:
        text = _MONEY.sub("", fold(text_of(cell)))
    try:
        cents = Decimal(text) * 100
    except InvalidOperation:
        raise Unusable(RowCode.NOT_AN_AMOUNT) from None
    if not cents.is_finite() or cents != cents.to_integral_value():
        raise Unusable(RowCode.NOT_AN_AMOUNT)
    if not 0 <= cents <= MOST_CENTS:
        raise Unusable(RowCode.OUT_OF_RANGE, low=0, high=MOST_CENTS // 100)
    return int(cents)


def codes_of(text: str) -> tuple[str, ...]:
    """The codes of a list inside a cell, as in "H93,H15,", each once, in their order."""
    return tuple(dict.fromkeys(part for part in _SEPARATORS.split(text) if part))


def _local(cell: Cell, formats: Sequence[str], order: Order) -> tuple[datetime, bool]:
    if isinstance(cell, datetime):
        return cell, False
    if isinstance(cell, date):
        return datetime.combine(cell, time()), True
    counted = days.from_serial(cell) if isinstance(cell, float | int) else None
    if counted:
        return counted
    return _parsed(text_of(cell), tuple(formats), order)


@lru_cache(maxsize=4096)
def _parsed(text: str, formats: tuple[str, ...], order: Order) -> tuple[datetime, bool]:
    for pattern in (ISO, *formats):
        try:
            if pattern == ISO:
                return datetime.fromisoformat(text), len(text) <= 10
            found = datetime.strptime(text, pattern)  # noqa: DTZ007 - the map knows the zone
            return found, "%H" not in pattern and "%I" not in pattern
        except ValueError:
            continue
    return days.read(text, order)

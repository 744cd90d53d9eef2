"""Days and times of day as people, Excel and other systems write them."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from core.imports.errors import RowCode, Unusable


class Order(StrEnum):
    """Which number of a short date comes first; ASKED takes only what can mean but one day."""

    ASKED = "asked"
    YEAR = "year"
    MONTH = "month"
    DAY = "day"


_DAY = re.compile(r"(\d{1,4})\s*([-/.年])\s*(\d{1,2})\s*[-/.月]\s*(\d{1,4})\s*[日号]?")
_NO_YEAR = re.compile(r"\d{1,2}\s*[-/.月]\s*\d{1,2}\s*[日号]?(?=\D*$|\s)")
_NOON = "上午 早上 早晨 凌晨 am a.m. 下午 晚上 傍晚 pm p.m. 中午"
AFTER_NOON = ("下午", "晚上", "傍晚", "pm")
_HALF = "|".join(re.escape(word) for word in _NOON.split())
_CLOCK = re.compile(
    rf"({_HALF})?\s*(\d{{1,2}})\s*[:时点]\s*"
    rf"(?:(\d{{1,2}})\s*(?:[:分]\s*(?:(\d{{1,2}})(?:\.\d+)?\s*秒?)?)?)?\s*({_HALF})?"
)
_WEEKDAY = re.compile(r"[(]?(?:星期|周|礼拜)[一二三四五六日天][)]?")
_SERIAL = re.compile(r"\d{5}(\.\d+)?")
# Day 0 of an Excel serial number, which counts a 29 February 1900 that never was.
_SERIAL_START = datetime(1899, 12, 30)  # noqa: DTZ001 - local, as a sheet is
_SERIALS = range(20_000, 80_000)


def from_serial(number: float) -> tuple[datetime, bool] | None:
    """The moment of an Excel serial number; None when the number is none of our days."""
    if int(number) not in _SERIALS:
        return None
    # A day has no tenth of a second: 0.604166 is meant as 14:30.
    moment = _SERIAL_START + timedelta(seconds=round(number * 86_400))
    return moment, number == int(number)


def read(text: str, order: Order) -> tuple[datetime, bool]:
    """A local moment and whether only its day is named; Unusable says why the text is none."""
    text = _WEEKDAY.sub(" ", unicodedata.normalize("NFKC", text).casefold()).strip()
    if _SERIAL.fullmatch(text) and (counted := from_serial(float(text))):
        return counted
    found = _DAY.match(text)
    if found is None:
        raise Unusable(RowCode.DATE_NO_YEAR if _NO_YEAR.match(text) else RowCode.NOT_A_DATE)
    try:
        day = _day(found, order)
        clock = _clock(text[found.end() :].lstrip("t ").strip())
    except ValueError:
        raise Unusable(RowCode.NOT_A_DATE) from None
    return datetime.combine(day, clock or time()), clock is None


def order_of(texts: Iterable[str]) -> Order:
    """The order that the dates of a column prove; ASKED when they prove none, or two."""
    proved = set()
    for text in texts:
        if found := _DAY.match(unicodedata.normalize("NFKC", text).strip()):
            first, second, third = found[1], found[3], found[4]
            if len(first) < 3 and len(third) == 4 and max(int(first), int(second)) > 12:
                proved.add(Order.DAY if int(first) > 12 else Order.MONTH)
    return proved.pop() if len(proved) == 1 else Order.ASKED


def _day(found: re.Match[str], order: Order) -> date:
    first, second, third = found[1], found[3], found[4]
    if len(first) == 4 or found[2] == "年" or order is Order.YEAR and len(third) < 3:
        if len(third) > 2:
            raise ValueError(found[0])
        return date(_year(first), int(second), int(third))
    if len(third) not in (2, 4):
        raise Unusable(RowCode.DATE_ORDER)
    month_first, day_first = (int(first), int(second)), (int(second), int(first))
    if order in (Order.MONTH, Order.DAY):
        return date(_year(third), *(month_first if order is Order.MONTH else day_first))
    # Without a word about the order, only what can mean but one day is taken.
    if len(third) == 2 or first != second and max(month_first) <= 12:
        raise Unusable(RowCode.DATE_ORDER)
    return date(_year(third), *(month_first if int(first) <= 12 else day_first))


def _year(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text)


def _clock(text: str) -> time | None:
    if not text:
        return None
    found = _CLOCK.fullmatch(text)
    if found is None or found[1] and found[5]:
        raise ValueError(text)
    half = (found[1] or found[5] or "").replace(".", "")
    return time(_hour(half, int(found[2])), int(found[3] or 0), int(found[4] or 0))


def _hour(half: str, hour: int) -> int:
    """An hour of the twelve as one of the day; ValueError for twelve in the evening."""
    if not half or hour > 12:
        return hour
    if half == "中午":
        return hour if hour > 10 else hour + 12
    if half not in AFTER_NOON:
        return hour % 12
    if hour == 12 and half in ("晚上", "傍晚"):
        raise ValueError(half)
    return hour % 12 + 12

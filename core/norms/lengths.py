"""How long a limit is as people say it: 48 hours, not 2880 minutes; and lengths in a sentence."""

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import Any

from db.codes import LimitUnit

HOUR, DAY = 60, 1440


class LengthUnit(StrEnum):
    """In what people say how long a limit is, or which time of the case itself it ends with."""

    HOURS = "clock_hours"
    MINUTES = "clock_minutes"
    WORKING_DAYS = "working_days"
    WORKING_HOURS = "working_hours"
    WORKING_MINUTES = "working_minutes"
    PROMISED_AT = "promised_at"
    WANTED_TO = "wanted_to"


MOMENTS = frozenset({LengthUnit.PROMISED_AT, LengthUnit.WANTED_TO})
# What a rule book counts in minutes is said in hours where they are whole.
IN_MINUTES = {
    LimitUnit.CLOCK_MINUTES: (LengthUnit.HOURS, LengthUnit.MINUTES),
    LimitUnit.WORKING_MINUTES: (LengthUnit.WORKING_HOURS, LengthUnit.WORKING_MINUTES),
}

NUMBER = r"(?P<n>\d+(?:\.\d+)?|[零一二两三四五六七八九十百]+|one|two|three|four|five|six|seven)"
CHINESE = re.compile(
    NUMBER + r"\s*个?\s*(?P<unit>工作日|工作小时|工作分钟|小时|分钟|天|日(?!期)|年|月)"
)
ENGLISH = re.compile(
    r"\b" + NUMBER + r"\s+(?P<unit>working\s+(?:day|hour|minute)|hour|minute|day|year|month)s?\b",
    re.IGNORECASE,
)
UNITS = {
    "工作日": "working day",
    "工作小时": "working hour",
    "工作分钟": "working minute",
    "小时": "hour",
    "分钟": "minute",
    "天": "day",
    "日": "day",
    "年": "year",
    "月": "month",
}
# In minutes; a working day has no minutes of its own.
MINUTES = {"minute": 1, "hour": HOUR, "day": DAY, "month": 30 * DAY, "year": 365 * DAY}
DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"两": 2}
SPELT = {w: n for n, w in enumerate(("one", "two", "three", "four", "five", "six", "seven"), 1)}


def spoken(unit: LimitUnit, amount: int, moment: str | None = None) -> tuple[int, LengthUnit]:
    """The amount and the unit in which people say a limit."""
    if unit is LimitUnit.MOMENT:
        return 0, LengthUnit(moment or LengthUnit.PROMISED_AT)
    if unit is LimitUnit.WORKING_DAYS:
        return amount, LengthUnit.WORKING_DAYS
    hours, minutes = IN_MINUTES[unit]
    return (amount // HOUR, hours) if amount and amount % HOUR == 0 else (amount, minutes)


def kept(amount: Any, said: LengthUnit) -> dict[str, Any]:
    """What a limit holds of a length that was said; an amount that is no number stays as it is."""
    if said in MOMENTS:
        return {"unit": LimitUnit.MOMENT.value, "amount": 0, "moment": said.value}
    for unit, (hours, minutes) in IN_MINUTES.items():
        if said in (hours, minutes):
            times = HOUR if said is hours else 1
            return {"unit": unit.value, "amount": _times(amount, times), "moment": None}
    return {"unit": LimitUnit.WORKING_DAYS.value, "amount": amount, "moment": None}


def named(text: str) -> frozenset[tuple[str, float]]:
    """Every length that a sentence names: working days, or minutes by whichever clock."""
    return frozenset(_lengths(text))


def as_named(unit: LimitUnit, amount: int) -> frozenset[tuple[str, float]]:
    """A limit's length as `named` gives it, in each way in which a sentence may mean it."""
    if unit is LimitUnit.WORKING_DAYS:
        # "Within 2 days" in a sentence may well be working days.
        return frozenset({("working", float(amount)), ("minutes", float(amount * DAY))})
    return frozenset({("minutes", float(amount))})


def _lengths(text: str) -> Iterator[tuple[str, float]]:
    for pattern in (CHINESE, ENGLISH):
        for match in pattern.finditer(text):
            unit = re.sub(r"\s+", " ", match["unit"].lower())
            unit = UNITS.get(unit, unit)
            value = _number(match["n"].lower())
            if unit == "working day":
                yield "working", value
            else:
                yield "minutes", value * MINUTES[unit.removeprefix("working ")]


def _number(text: str) -> float:
    if text in SPELT:
        return SPELT[text]
    if text[0].isdecimal():
        return float(text)
    total, digit = 0, 0
    for sign in text:
        if sign in "十百":
            total, digit = total + (digit or 1) * (10 if sign == "十" else 100), 0
        else:
            digit = DIGITS[sign]
    return total + digit


def _times(amount: Any, times: int) -> Any:
    return amount * times if isinstance(amount, int | float) else amount

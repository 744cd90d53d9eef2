"""How a paper speaks: its language, the company's zone, and words for codes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_skeleton
from babel.numbers import format_decimal

from db.codes import Language

# The word for a code inside a closed list: word("RequestKind", "repair"). Words belong to the
# screens, so the page that prints brings them, in the paper's language.
Word = Callable[[str, str], str]


class YesNo(StrEnum):
    """Whether something holds."""

    YES = "yes"
    NO = "no"


class Judgement(StrEnum):
    """What a complaint was judged to be."""

    FOUNDED = "founded"
    NOT_FOUNDED = "not_founded"


@dataclass(frozen=True)
class Speech:
    """Facts in words, for one paper."""

    language: Language
    zone: ZoneInfo
    word: Word

    def code(self, member: StrEnum | None) -> str:
        """The word for a code."""
        return self.word(type(member).__name__, member.value) if member else ""

    def yes_no(self, holds: bool | None) -> str:
        """Yes, no, or nothing while it is not known."""
        return "" if holds is None else self.code(YesNo.YES if holds else YesNo.NO)

    def verdict(self, founded: bool | None) -> str:
        """Founded or not, or nothing while it is not judged."""
        if founded is None:
            return ""
        return self.code(Judgement.FOUNDED if founded else Judgement.NOT_FOUNDED)

    def own(self, words: Mapping[Language, str]) -> str:
        """The rule book's own words, in the paper's language."""
        return words.get(self.language, "")

    def moment(self, at: datetime | None) -> str:
        """A local day and time."""
        return f"{self.day_of(at)} {self._time(at)}" if at else ""

    def day_of(self, at: datetime | None) -> str:
        """The local day of a moment."""
        return self.day(at.astimezone(self.zone).date()) if at else ""

    def day(self, on: date | None) -> str:
        """A day in the language's own form."""
        return format_date(on, "medium", locale=self.language.value) if on else ""

    def window(self, begin: datetime | None, end: datetime | None) -> str:
        """A time window, the day once when it is one day."""
        if begin is None or end is None:
            return self.moment(begin)
        one_day = begin.astimezone(self.zone).date() == end.astimezone(self.zone).date()
        return f"{self.moment(begin)} – {self._time(end) if one_day else self.moment(end)}"

    def money(self, cents: int) -> str:
        """An amount with two decimals."""
        return format_decimal(Decimal(cents) / 100, "#,##0.00", locale=self.language.value)

    def _time(self, at: datetime) -> str:
        return format_skeleton("Hm", at, tzinfo=self.zone, locale=self.language.value)

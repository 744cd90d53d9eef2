"""Sentences about what somebody is told: in the language of the inbox, or of a channel outside.

Not words._: a channel outside is told in the company's language, and no screen is there.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from babel.core import Locale
from babel.numbers import format_currency

from core.codes import Language, NoticeKind
from pages.ui.kit import words


@dataclass(frozen=True)
class Say:
    """Phrases and words of one language."""

    language: Language

    @property
    def text(self) -> Callable[[str], str]:
        """A phrase."""
        return words.catalogue(self.language).gettext

    def code(self, codes: str, value: str) -> str:
        """The word for a code of a list."""
        return words.catalogue(self.language).pgettext(codes, value)

    def money(self, cents: int) -> str:
        """An amount of money."""
        return format_currency(cents / 100, words.CURRENCY, words.MONEY, locale=self._locale)

    def day(self, iso: str) -> str:
        """A day."""
        return words.day_in(self.language, date.fromisoformat(iso))

    def minutes(self, count: int) -> str:
        """A length of time."""
        return words.span_in(self.language, timedelta(minutes=count))

    @property
    def _locale(self) -> Locale:
        return words.locale_of(self.language)


@dataclass(frozen=True)
class Place:
    """Where a notice leads: a page, and what its address asks for."""

    page: str
    asks: Mapping[str, str] = field(default_factory=dict)


Data = Mapping[str, Any]
# A phrase that is filled with the data, or what makes the sentence where that does not do.
Line = str | Callable[[Say, Data], str]
# By the kind of a notice, or by kind and fact where a kind tells of several.
Lines = Mapping[NoticeKind | tuple[NoticeKind, str], Line]


def N_(phrase: str) -> str:  # noqa: N802 - the mark that extraction looks for
    """Mark a phrase that is translated when somebody is told it."""
    return phrase

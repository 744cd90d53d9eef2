"""A report in words of any language: what it is called, its period, its figures."""

from collections.abc import Mapping
from datetime import date

from babel.numbers import format_decimal, format_percent

from core.codes import Language, ReportContent
from core.kpi import Unit
from core.reports.view import ReportRow
from pages.ui.kit import words
from pages.ui.kit.words import _

DASH = "—"


def value(amount: float | None, unit: Unit, language: Language) -> str:
    """A figure's value in its unit."""
    if amount is None:
        return DASH
    locale = words.locale_of(language)
    if unit is Unit.SHARE:
        return format_percent(amount, "0.0%", locale=locale)
    if unit is Unit.MONEY:
        return words.money(round(amount * 100), language)
    text = format_decimal(round(amount, 0 if unit is Unit.COUNT else 1), locale=locale)
    if unit is Unit.HOURS:
        return words.catalogue(language).gettext("{n} h").format(n=text)
    return text


def period(since: date, until: date, language: Language) -> str:
    """From one day to another."""
    return f"{words.day_in(language, since)} – {words.day_in(language, until)}"


def title(row: ReportRow) -> str:
    """What the rule book calls it; by its content where it was made by hand."""
    return text(row.title, words.code(ReportContent(row.content)))


def text(said: Mapping[str, str], otherwise: str) -> str:
    """The words of the rule book in the language of whoever looks."""
    return said.get(words.language().value) or otherwise


def whose(station: str) -> str:
    """The station, or the whole company."""
    return station or _("Whole company")

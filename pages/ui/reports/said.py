"""A report in words of any language: what it is called, its period, its figures."""

from collections.abc import Mapping

from core.codes import ReportContent
from core.reports.kept import Line, Table
from core.reports.view import ReportRow
from pages.ui.kit import words
from pages.ui.kit.words import _


def title(row: ReportRow) -> str:
    """What the rule book calls it; by its content where it was made by hand."""
    return text(row.title, words.code(ReportContent(row.content)))


def text(said: Mapping[str, str], otherwise: str) -> str:
    """The words of the rule book in the language of whoever looks."""
    return said.get(words.language().value) or otherwise


def line(table: Table, line: Line) -> str:
    """What a line of a table is called."""
    if line.since and line.until:
        return words.days(line.since, line.until)
    if line.code:
        return words.in_domain(table.codes, line.code)
    return text(line.words, line.name) or _("not named")


def whose(station: str) -> str:
    """The station, or the whole company."""
    return station or _("Whole company")

"""The files of a report: pages to read, slides, and its figures with what they come from."""

import streamlit as st

from core.decks import Deck, Grid
from core.kpi import Unit
from core.reports.kept import UNITS, Table
from core.reports.view import ReportView
from pages.ui.kit import words
from pages.ui.kit.words import _
from pages.ui.meetings import exports
from pages.ui.reports import said, sentences


def show(found: ReportView) -> None:
    """A button for each file of a report."""
    row = found.row
    with st.container(horizontal=True):
        exports.offer(_deck(found), f"report_{row.id}_{row.since:%Y%m%d}_{row.until:%Y%m%d}")


def _deck(found: ReportView) -> Deck:
    row, figures = found.row, found.kept.frozen.figures
    period = words.days(row.since, row.until)
    notes = {each.name: sentences.note(each) for each in figures}
    return Deck(
        title=said.title(row),
        subtitle=" · ".join((said.whose(row.station), period)),
        figures=tuple(each for each in figures if each.value is not None),
        decisions=None,
        notes={name: note for name, note in notes.items() if note},
        tables=tuple(_grid(each) for each in found.kept.tables),
    )


def _grid(table: Table) -> Grid:
    return Grid(
        title=words.code(table.name),
        head=(_("What"), *(words.code(column) for column in table.columns)),
        units=tuple(UNITS.get(column, Unit.COUNT) for column in table.columns),
        lines=tuple((said.line(table, line), line.cells) for line in table.lines),
    )

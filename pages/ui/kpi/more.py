"""What is asked for less often: other figures, complaints by class, scores, ages, a workbook."""

from collections.abc import Sequence

import streamlit as st

from core import kpi
from core.kpi import Board, Figure, FigureName
from pages.ui.kit import charts as drawing
from pages.ui.kit import headings, words
from pages.ui.kit.words import _
from pages.ui.kpi import cards, figures
from pages.ui.kpi.figures import Trend, value

BY_CLASS = (FigureName.COMPLAINT_ON_TIME, FigureName.COMPLAINT_HOURS)


def show(board: Board, others: Sequence[Figure], trend: Trend) -> None:
    """All of it, one below the other."""
    cards.show(others, trend)
    left, right = st.columns(2, gap="medium")
    with left:
        _classes(board)
    with right:
        _questions(board)
    headings.part(_("Open cases by age"))
    ages(board)
    labels = figures.labels()
    st.download_button(
        _("Figures as Excel"),
        data=lambda: kpi.export(board, words=labels),
        file_name=f"kpi_{board.since:%Y%m}_{board.until:%Y%m}.xlsx",
        key="kpi_export",
        icon=":material/download:",
        on_click="ignore",
    )


def _classes(board: Board) -> None:
    """How complaints are handled, by class (K15)."""
    speaks = words.language()
    rows: dict[str, dict[str, str]] = {}
    for row in board.classes:
        if row.month is None:
            name = row.words.get(speaks) or row.case_class or "—"
            shown = value(board.figure(row.figure), row.value)
            rows.setdefault(name, {})[words.code(row.figure)] = f"{shown} ({row.denominator})"
    if rows:
        headings.part(_("Complaints by class"))
        table = [{words.field("case_class"): name, **cells} for name, cells in rows.items()]
        st.dataframe(table, hide_index=True, key="kpi_classes")


def _questions(board: Board) -> None:
    """How customers answered each question of the survey."""
    speaks = words.language()
    rows = [
        {
            _("Question"): row.words.get(speaks) or row.question,
            _("Mean score"): words.number(row.value, 1),
            _("Answers"): row.denominator,
        }
        for row in board.dimensions
        if row.month is None and row.value is not None
    ]
    if rows:
        headings.part(_("Scores of the survey"))
        st.dataframe(rows, hide_index=True, key="kpi_questions")


def ages(board: Board) -> None:
    """Open cases by age and kind; a click lists them."""
    records = [
        {**record, "age_word": words.code(row.age), "kind_word": words.code(row.kind)}
        for row, record in zip(board.ages_by_kind, kpi.records(board.ages_by_kind), strict=True)
        if row.kind
    ]
    if not any(record["cases"] for record in records):
        st.info(_("No open cases."), icon=":material/check_circle:")
        return
    titles = (_("Age in days"), _("Cases"), words.field("kind"))
    picked = drawing.draw(drawing.stacked(records, titles=titles), key="kpi_ages")
    if picked.get("age"):
        age = kpi.Age(picked["age"])
        figures.listed(
            kpi.open_cases_behind,
            key=f"kpi_age_{age}",
            age=age,
            station_id=board.station_id,
            kind=board.kind,
        )

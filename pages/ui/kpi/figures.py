"""What the parts of the KPI page read and how they write a value: figures, parts, cases."""

from collections.abc import Mapping, Sequence
from dataclasses import astuple, replace
from typing import Any

import streamlit as st
from dateutil.relativedelta import relativedelta

from core import kpi
from core.codes import RequestKind
from core.kpi import Asked, Board, Breakdown, Figure, FigureName, FrozenFigure, Reason, Row, Unit
from core.kpi.workbook import SHEETS
from core.process.permissions import sees_all_stations
from pages.ui.kit import gate, words
from pages.ui.kit.lists import open_case, page_number, table
from pages.ui.kit.words import _
from pages.ui.kpi import amounts

# Each figure by month, up to the last one that is looked at.
Trend = Mapping[FigureName, Sequence[Row]]
MONTHS = 12


def explained(asked: Asked) -> tuple[Board, dict[FigureName, Reason]]:
    """The figures and why some are missed, at most a minute old."""
    return _explained(*_apart(), asked)


def trend(asked: Asked) -> Trend:
    """The year of months that ends with what is looked at."""
    until = asked.until.replace(day=1)
    since = until - relativedelta(months=MONTHS - 1)
    year = replace(asked, since=since, until=until, whole_months=True)
    rows = _by_month(*_apart(), year)
    return {
        name: [row for row in rows if row.figure is name and row.denominator] for name in FigureName
    }


def breakdown(**asked: Any) -> Breakdown:
    """A figure by its parts, at most a minute old."""
    return _breakdown(*_apart(), **asked)


def warn(board: Board) -> None:
    """Say so while figures are still being counted."""
    if not board.whole:
        text = _("Many cases have changed and are still being counted. Look again in some minutes.")
        st.warning(text, icon=":material/hourglass_empty:")


def _apart() -> tuple[str, str, int | None]:
    """What keeps apart the answers of people who see different cases, in their language."""
    actor = gate.actor()
    return actor.company, actor.language, 0 if sees_all_stations(actor) else actor.id


# The first three arguments only tell the kept answers apart.
@st.cache_data(ttl=60, max_entries=200, show_spinner=False)
def _explained(
    company: str, language: str, scope: int | None, asked: Asked
) -> tuple[Board, dict[FigureName, Reason]]:
    return gate.read(kpi.explained, asked=asked)


@st.cache_data(ttl=60, max_entries=200, show_spinner=False)
def _by_month(company: str, language: str, scope: int | None, asked: Asked) -> tuple[Row, ...]:
    return gate.read(kpi.by_month, asked=asked)


@st.cache_data(ttl=60, max_entries=200, show_spinner=False)
def _breakdown(company: str, language: str, scope: int | None, **asked: Any) -> Breakdown:
    return gate.read(kpi.breakdown, **asked)


def key_of(asked: Asked, *parts: str) -> str:
    """What keeps a list of cases apart from all others."""
    return "·".join(map(str, (*parts, *astuple(asked))))


def listed(query: Any, *, key: str, **asked: Any) -> None:
    """The cases behind a figure; a row opens its case."""
    chosen = table(
        gate.read(query, page=page_number(key), **asked),
        key=key,
        columns=("number", "kind", "status", "customer", "product", "symptom", "received_at"),
        empty=_("No cases here."),
        once=True,
    )
    if chosen:
        open_case(chosen)


def value(figure: Figure | FrozenFigure, amount: float | None) -> str:
    """An amount in the unit of a figure."""
    return amounts.said(amount, figure.unit)


def moved(figure: Figure, amount: float | None) -> str:
    """By how much a figure moved, with its sign."""
    if amount is None:
        return "—"
    is_share = figure.unit is Unit.SHARE
    by = round(amount * 100 if is_share else amount, 0 if figure.unit is Unit.COUNT else 1)
    size = (
        _("{n} points", n=words.number(abs(by), 1))
        if is_share
        else amounts.plain(abs(by), figure.unit)
    )
    return f"{'+' if by > 0 else '-' if by < 0 else ''}{size}"


def labels() -> dict[str, str]:
    """The words of the workbook, by code."""
    named = {member.value: words.code(member) for member in (*FigureName, *RequestKind)}
    columns = {*SHEETS, *(column for sheet in SHEETS.values() for column in sheet)}
    return named | {name: words.in_domain("kpi_column", name) for name in columns}

"""One report as it was frozen: headline, sentences, tables; what is otherwise by now beside it."""

from typing import Any

import streamlit as st

from core.kpi import FrozenFigure, Unit
from core.reports.kept import UNITS, ReportColumn, Table
from core.reports.view import ReportView
from pages.ui.kit import headings, window, words
from pages.ui.kit.words import _
from pages.ui.kpi import amounts, cards
from pages.ui.reports import exports, said, sentences

CARDS, WIDE, SMALL = 8, 215, 165


def show(found: ReportView) -> None:
    """The report of a period."""
    row, kept = found.row, found.kept
    headings.part(said.title(row))
    made = _("Made {time}", time=words.moment(row.made_at, year=True))
    period = words.days(row.since, row.until)
    whose, by = words.plain(said.whose(row.station)), words.plain(row.made_by)
    st.caption(" · ".join(filter(None, (whose, period, made, by))))
    if not kept.whole:
        text = _("When it was made, many cases were still to be counted: make it again.")
        st.warning(text, icon=":material/hourglass_empty:")
    if found.moved:
        _moved(found)
    _cards(kept.frozen.figures)
    st.markdown("\n".join(f"- {words.plain(text)}" for text in sentences.of(kept)))
    headings.part(_("The figures"))
    _draw([_figure(each) for each in kept.frozen.figures if each.value is not None], "figures")
    if row.station_id is None:
        _stations(kept.frozen.figures)
    for table in kept.tables:
        headings.part(words.code(table.name))
        _table(table)
    exports.show(found)


def _moved(found: ReportView) -> None:
    text = _("Cases were corrected or entered since: these figures are others by now.")
    st.info(text, icon=":material/info:")
    before = {each.name: each for each in found.kept.frozen.figures}
    rows = [
        {
            _("Figure"): words.code(name),
            _("In the report"): _value(before[name], before[name].value),
            _("Now"): _value(now, now.value),
        }
        for name, now in found.moved.items()
    ]
    _draw(rows, "moved")


def _cards(figures: tuple[FrozenFigure, ...]) -> None:
    shown = sorted((each for each in figures if each.value is not None), key=_rank)[:CARDS]
    width = SMALL if window.is_phone() else WIDE
    with st.container(horizontal=True, gap="small"):
        for each in shown:
            said, colour = cards.judged(each)
            st.metric(
                words.code(each.name),
                _value(each, each.value),
                said if each.target is not None else None,
                delta_color=colour,
                delta_arrow="off",
                border=True,
                width=width,
            )


def _rank(figure: FrozenFigure) -> int:
    """What is off target first, then what has a target, then counts."""
    return {False: 0, True: 1, None: 2}[figure.reached]


def _figure(each: FrozenFigure) -> dict[str, Any]:
    result = {True: _("reached"), False: _("missed"), None: ""}[each.reached]
    if not each.enough:
        result = _("too few to judge")
    return {
        _("Figure"): words.code(each.name),
        _("Value"): _value(each, each.value),
        _("Target"): _value(each, each.target),
        _("Result"): result,
        _("Period before"): _value(each, each.previous),
        _("A year before"): _value(each, each.year_before),
        _("Counted"): f"{words.number(each.numerator, 1)} / {words.number(each.denominator)}",
    }


def _stations(figures: tuple[FrozenFigure, ...]) -> None:
    """The figures with a target, and counts, of each station."""
    chosen = [each for each in figures if each.target is not None or each.unit is Unit.COUNT]
    names = {
        point.station_id: point.station or _("without a station")
        for each in chosen
        for point in each.stations
    }
    if len(names) < 2:
        return
    headings.part(_("By station"))
    rows = []
    for id, name in names.items():
        values = {
            each.name: point.value
            for each in chosen
            for point in each.stations
            if point.station_id == id
        }
        cells = {words.code(each.name): _value(each, values.get(each.name)) for each in chosen}
        rows.append({words.field("station"): name} | cells)
    _draw(rows, "stations")


def _table(table: Table) -> None:
    if not table.lines:
        st.caption(_("No data yet."))
        return
    rows = []
    for line in table.lines:
        pairs = zip(table.columns, line.cells, strict=True)
        cells = {words.code(column): _cell(column, amount) for column, amount in pairs}
        rows.append({_("What"): said.line(table, line)} | cells)
    _draw(rows, table.name.value)


def _cell(column: ReportColumn, amount: float | None) -> str:
    text = amounts.said(amount, UNITS.get(column, Unit.COUNT))
    return f"+{text}" if column is ReportColumn.CHANGE and amount and amount > 0 else text


def _value(figure: FrozenFigure, amount: float | None) -> str:
    return amounts.said(amount, figure.unit)


def _draw(rows: list[dict[str, Any]], key: str) -> None:
    st.dataframe(rows, hide_index=True, height="content", key=f"report_{key}")

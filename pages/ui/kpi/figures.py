"""The parts of the KPI page: filters, tiles, charts, the cases behind a figure."""

from datetime import date
from typing import Any

import streamlit as st

from core import kpi
from core.codes import RequestKind
from core.kpi import Board, Figure, FigureName, Row, Unit
from core.kpi.workbook import SHEETS
from core.process.permissions import sees_all_stations
from pages.ui.kit import charts as drawing
from pages.ui.kit import filters as kept
from pages.ui.kit import gate, words
from pages.ui.kit.lists import open_case, page_number, table
from pages.ui.kit.words import _

TILES = (
    FigureName.SATISFACTION,
    FigureName.TIMELY_RESOLUTION,
    FigureName.RESPONSE_ON_TIME,
    FigureName.COMPLAINT_RATE,
    FigureName.FOLLOW_UP_RATE,
    FigureName.RESOLUTION_HOURS,
    FigureName.RECEIVED,
    FigureName.RESOLVED,
)
PICKED = ("kpi", "month", "at")
MONTHS = 24
SHOWN = 6


def filters() -> dict[str, Any]:
    """The period, station and kind that are looked at."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        asked = _months_and_station("kpi")
        kind = kept.select("kpi", "kind", words.options(RequestKind))
    return asked | {"kind": kind}


def months_and_station(name: str) -> dict[str, Any]:
    """The period and station that a page looks at."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        return _months_and_station(name)


def _months_and_station(name: str) -> dict[str, Any]:
    since, until = period(name)
    return {"since": since, "until": until, "station_id": kept.station(name)}


def period(name: str) -> tuple[date, date]:
    """The first and the last month that a page looks at."""
    months = {month: words.month(month) for month in _last_months(MONTHS)}
    newest = list(months)
    since = kept.one_of(name, "since", _("From"), months, usual=newest[SHOWN - 1], width=150)
    until = kept.one_of(name, "until", _("To"), months, usual=newest[0], width=150)
    return min(since, until), max(since, until)


def listed(query: Any, *, key: str, **asked: Any) -> None:
    """The cases behind a figure; a row opens its case."""
    _cases(gate.read(query, page=page_number(key), **asked), key)


def board(**asked: Any) -> Board:
    """The figures, at most a minute old; kept apart for people who see different cases."""
    actor = gate.actor()
    scope = 0 if sees_all_stations(actor) else actor.id
    return _board(actor.company, scope, **asked)


@st.cache_data(ttl=60, max_entries=200, show_spinner=False)
def _board(company: str, scope: int | None, **asked: Any) -> Board:
    # Both arguments only tell the kept boards apart.
    return gate.read(kpi.board, **asked)


def tiles(shown: Board) -> None:
    """The figures in large, each with its months as a line and its target."""
    columns = st.columns(4)
    for place, name in enumerate(TILES):
        figure = shown.figure(name)
        trend = [row.value for row in shown.months if row.figure is name and row.value is not None]
        with columns[place % 4]:
            st.metric(
                words.code(name),
                value(figure, figure.value),
                _delta(figure),
                delta_color="inverse" if figure.lower_is_better else "normal",
                help=_meaning(figure),
                chart_data=trend if len(trend) > 1 else None,
                border=True,
            )
            st.button(
                _("Cases"),
                key=f"kpi_open_{name}",
                type="tertiary",
                icon=":material/list:",
                on_click=_show_cases,
                args=(figure,),
            )


def _show_cases(figure: Figure) -> None:
    st.session_state["kpi_figure"] = figure.name
    st.session_state["kpi_side"] = figure.sides[0]


def charts(shown: Board, figure: Figure) -> tuple[date | None, Row | None]:
    """The chosen figure by month and by station; gives the month and station that were picked."""
    left, right = st.columns(2, gap="medium")
    with left:
        months = [row for row in shown.months if row.figure is figure.name]
        mark = _columns(months, figure, "month", _("Month")).get("month", "")
        by_month = {_month_key(row): row.month for row in months}
        month = by_month.get(kept.picked("kpi", "month", mark, by_month))
    with right:
        stations = [row for row in shown.stations if row.figure is figure.name]
        name = _columns(stations, figure, "station", words.field("station")).get("station", "")
        by_id = {str(row.station_id): row for row in stations}
        mark = next((id for id, row in by_id.items() if _station_key(row) == name), "")
        station = by_id.get(kept.picked("kpi", "at", mark, by_id))
    return month, station


def behind(
    figure: Figure, asked: dict[str, Any], *, month: date | None, station: Row | None
) -> None:
    """The cases that the figure counts, once somebody asks for them: all, or those of one side."""
    _say_picked(month, station)
    sides = {each: words.code(each) for each in figure.sides}
    label = _("Which cases")
    side = kept.segments("kpi", "side", label, sides, usual=None, label_visibility="visible")
    if month or station:
        side = side or figure.sides[0]
    # Half a year of them is the dearest question of the page, and few visitors ask it.
    if side is None:
        return
    if station:
        asked = asked | {"station_id": station.station_id}
    key = f"kpi·{figure.name}·{side}·{month}·{asked['station_id']}"
    found = gate.read(
        kpi.cases_behind,
        figure=figure.name,
        side=side,
        month=month,
        page=page_number(key),
        **asked,
    )
    _cases(found, key)


def _say_picked(month: date | None, station: Row | None) -> None:
    only = [words.month(month)] if month else []
    only += [words.plain(_station_key(station))] if station else []
    if not only:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(_("Only {what}", what=" · ".join(only)), width="content")
        label = _("Show all")
        st.button(label, key="kpi_all", type="tertiary", on_click=kept.unpick, args=PICKED)


def classes(shown: Board, figure: Figure) -> None:
    """A figure of complaints by class, where it is kept by class (K15)."""
    rows = [row for row in shown.classes if row.figure is figure.name and row.month is None]
    if not rows:
        return
    speaks = words.language()
    st.dataframe(
        [
            {
                words.field("case_class"): row.words.get(speaks) or row.case_class or "—",
                words.code(figure.name): value(figure, row.value),
                _("Cases"): row.denominator,
            }
            for row in rows
        ],
        hide_index=True,
        key=f"kpi_classes_{figure.name}",
    )


def ages(shown: Board) -> None:
    """Open cases by age and kind; a click lists them."""
    records = [
        {**record, "age_word": words.code(row.age), "kind_word": words.code(row.kind)}
        for row, record in zip(shown.ages_by_kind, kpi.records(shown.ages_by_kind), strict=True)
        if row.kind
    ]
    if not any(record["cases"] for record in records):
        st.info(_("No open cases."), icon=":material/check_circle:")
        return
    titles = (_("Age in days"), _("Cases"), words.field("kind"))
    picked = drawing.draw(drawing.stacked(records, titles=titles), key="kpi_ages")
    if picked.get("age"):
        age = kpi.Age(picked["age"])
        found = gate.read(
            kpi.open_cases_behind,
            age=age,
            station_id=shown.station_id,
            kind=shown.kind,
            page=page_number(f"kpi_age_{age}"),
        )
        _cases(found, f"kpi_age_{age}")


def value(figure: Figure | Row, amount: float | None, unit: Unit | None = None) -> str:
    """A figure's value in its unit."""
    unit = unit or getattr(figure, "unit", Unit.COUNT)
    if amount is None:
        return "—"
    if unit is Unit.SHARE:
        return words.share(amount)
    if unit is Unit.MONEY:
        return words.money(round(amount * 100))
    text = words.number(amount, 0 if unit is Unit.COUNT else 1)
    return _("{n} h", n=text) if unit is Unit.HOURS else text


def labels() -> dict[str, str]:
    """The words of the workbook, by code."""
    named = {member.value: words.code(member) for member in (*FigureName, *RequestKind)}
    columns = {*SHEETS, *(column for sheet in SHEETS.values() for column in sheet)}
    return named | {name: words.in_domain("kpi_column", name) for name in columns}


def _cases(found: Any, key: str) -> None:
    chosen = table(
        found,
        key=key,
        columns=("number", "kind", "status", "customer", "product", "symptom", "received_at"),
        empty=_("No cases here."),
        once=True,
    )
    if chosen:
        open_case(chosen)


def _columns(rows: list[Row], figure: Figure, x: str, title: str) -> dict[str, Any]:
    name = _month_key if x == "month" else _station_key
    records = [
        {
            x: name(row),
            "value": row.value,
            "share": f"{words.number(row.numerator, 1)} / {row.denominator}",
        }
        for row in rows
    ]
    spec = drawing.columns(
        records,
        x=x,
        titles=(title, words.code(figure.name)),
        format=".0%" if figure.unit is Unit.SHARE else ",.1~f",
        target=figure.target,
    )
    return drawing.draw(spec, key=f"kpi_{x}_{figure.name}")


def _month_key(row: Row) -> str:
    return f"{row.month:%Y-%m}" if row.month else ""


def _station_key(row: Row) -> str:
    return row.station or _("without a station")


def _delta(figure: Figure) -> str | None:
    if figure.delta is None or not figure.previous:
        return None
    if figure.unit is Unit.SHARE:
        return _("{n} points", n=words.number(figure.delta * 100, 1))
    return words.number(figure.delta, 0 if figure.unit is Unit.COUNT else 1)


def _meaning(figure: Figure) -> str:
    meaning = words.in_domain("meaning", figure.name)
    target = value(figure, figure.target)
    share = f"{words.number(figure.numerator, 1)} / {figure.denominator}"
    goal = _("Target {target}", target=target) if figure.target is not None else ""
    wanted = words.in_domain("missing", figure.missing) if figure.missing else ""
    return " · ".join(part for part in (figure.id, meaning, share, goal, wanted) if part)


def _last_months(count: int) -> list[date]:
    today = gate.now().astimezone(words.zone()).date()
    first = today.year * 12 + today.month - 1
    return [date((first - back) // 12, (first - back) % 12 + 1, 1) for back in range(count)]

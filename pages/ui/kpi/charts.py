"""Charts of the KPI page, one at a time: signals, causes, hours, steps, the coming weeks."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import streamlit as st

from core import kpi
from core.kpi import Asked, Board, Dimension, Figure, FigureName
from core.kpi.control import LEAST, Control, control
from core.kpi.forecast import AHEAD, Forecast, forecast, intake
from core.kpi.funnel import funnel
from core.kpi.load import HOURS, cases_at, load
from core.kpi.pareto import CAUSES, missed, pareto
from core.kpi.spans import DAY
from pages.ui.kit import charts as drawing
from pages.ui.kit import filters, gate, words
from pages.ui.kit.words import _
from pages.ui.kpi import amounts, figures, more
from pages.ui.kpi import chart_specs as specs
from pages.ui.kpi.parts import code_of, part_name, value_of

SHOWN, SIGNALS, WEEKS = 12, 3, 26
# How the address names the last bar of a Pareto: all causes that have none of their own.
OTHERS = "others"
WEEK = timedelta(weeks=1)
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def show(asked: Asked, board: Board) -> None:
    """The chart that is chosen; a click on a mark lists its cases."""
    drawn: dict[str, Callable[[Asked, Board], None]] = {
        "control": _control,
        "pareto": _pareto,
        "ages": lambda _asked, board: more.ages(board),
        "load": _load,
        "funnel": _funnel,
        "forecast": _forecast,
    }
    names = {code: words.in_domain("kpi_chart", code) for code in drawn}
    chosen = filters.segments("kpi", "chart", _("Chart"), names, usual="control")
    drawn[chosen](asked, board)


def _figure(board: Board, usual: FigureName) -> FigureName:
    """Which figure is drawn; not the one that somebody looks into."""
    names = {
        each.name: words.code(each.name)
        for each in board.figures
        if each.sides and not each.missing
    }
    chosen: FigureName = filters.one_of(
        "kpi", "of", _("Figure"), names, usual=usual, label_visibility="collapsed", width=240
    )
    return chosen


def _control(asked: Asked, board: Board) -> None:
    name = _figure(board, FigureName.TIMELY_RESOLUTION)
    found = gate.read(control, figure=name, asked=asked)
    days = {each.sample.since.isoformat(): each.sample.since for each in found.points}
    mark = _between_limits(found, board.figure(name)) if days else ""
    if not days:
        text = _("Too few points for limits: {n} of {least}.", n=found.samples, least=LEAST)
        st.info(text, icon=":material/info:")
    if since := days.get(filters.picked("kpi", "point", mark, days)):
        until = since if found.is_daily else since + WEEK - DAY
        about = replace(asked, since=since, until=until, whole_months=False)
        _behind(name, f"point·{since}", about)


def _between_limits(found: Control, figure: Figure) -> str:
    """The chart and its signals; gives the day of the point that was picked."""
    records = [
        {
            "day": each.sample.since.isoformat(),
            "value": each.sample.value,
            "shown": figures.value(figure, each.sample.value),
            "counted": words.number(each.sample.denominator),
            "lower": each.lower,
            "upper": each.upper,
            "centre": found.centre,
            "signal": " · ".join(words.code(signal) for signal in each.signals) or _("no signal"),
            "is_signal": bool(each.signals),
        }
        for each in found.points
    ]
    said = [f"{record['day']} {record['signal']}" for record in records if record["is_signal"]]
    text = words.clauses(said[-SIGNALS:])
    st.markdown(
        _("Signals, the latest last: {signals}", signals=words.plain(text))
        if said
        else _("No signal: what moves is chance.")
    )
    titles = (words.code(figure.name), _("Signal"), _("Cases"))
    spec = specs.control(records, titles=titles, format=amounts.axis(figure.unit))
    return str(drawing.draw(spec, key=f"kpi_control_{figure.name}").get("day", ""))


def _behind(name: FigureName, key: str, asked: Asked, **part: Any) -> None:
    """The bad cases of a figure, or all where it knows no bad ones."""
    key = figures.key_of(asked, "kpi_chart", name, key)
    narrowed = {"figure": name, "side": missed(name), "asked": asked}
    figures.listed(kpi.cases_behind, key=key, **narrowed, **part)


def _pareto(asked: Asked, board: Board) -> None:
    names = {each: words.code(each) for each in CAUSES}
    with filters.bar():
        name = _figure(board, FigureName.RECEIVED)
        by = Dimension(filters.segments("kpi", "causes", _("By"), names, usual=CAUSES[0]))
    found = gate.read(pareto, figure=name, dimension=by, asked=asked)
    if not found.causes:
        st.info(_("No cases in this period."), icon=":material/info:")
        return
    count = _("{n} of {all} causes make 80 %.", n=found.vital, all=len(found.causes))
    st.markdown(count)
    records = [
        {
            "value": code_of(each.value),
            "cause": part_name(by, each.value, each.name),
            "cases": each.cases,
            "cumulative": each.cumulative,
        }
        for each in found.causes[:SHOWN]
    ]
    if rest := found.causes[SHOWN:]:
        said, cases = _("{n} others", n=len(rest)), sum(each.cases for each in rest)
        records.append({"value": OTHERS, "cause": said, "cases": cases, "cumulative": 1.0})
    picked = drawing.draw(
        specs.pareto(records, titles=(words.code(by), _("Cases"))), key=f"kpi_pareto_{name}_{by}"
    )
    values = [str(record["value"]) for record in records]
    chosen = filters.picked("kpi", "cause", picked.get("value", ""), values)
    if chosen == OTHERS:
        others = {
            code_of(each.value): f"{part_name(by, each.value, each.name)} · {each.cases}"
            for each in rest
        }
        chosen = filters.one_of("kpi", "other", words.code(by), others, usual=next(iter(others)))
    if chosen:
        _behind(name, f"{by}·{chosen}", asked, dimension=by, value=value_of(chosen))


def _load(asked: Asked, _board: Board) -> None:
    slots = gate.read(load, asked=asked)
    if not any(each.cases for each in slots):
        st.info(_("No cases in this period."), icon=":material/info:")
        return
    busiest = max(slots, key=lambda each: each.cases)
    days = [words.in_domain("weekday", day) for day in DAYS]
    when = _("{day} {hour}:00", day=days[busiest.weekday], hour=busiest.hour)
    st.markdown(_("Most come on {when}: {n}.", when=when, n=busiest.cases))
    records = [
        {
            "slot": str(each.weekday * HOURS + each.hour),
            "day": days[each.weekday],
            "hour": each.hour,
            "cases": each.cases,
        }
        for each in slots
    ]
    titles = (_("Hour"), _("Weekday"), _("Cases"))
    picked = drawing.draw(specs.load(records, days=days, titles=titles), key="kpi_load")
    known = [str(record["slot"]) for record in records]
    if chosen := filters.picked("kpi", "slot", picked.get("slot", ""), known):
        weekday, hour = divmod(int(chosen), HOURS)
        key = figures.key_of(asked, "kpi_slot", chosen)
        figures.listed(cases_at, key=key, weekday=weekday, hour=hour, asked=asked)


def _funnel(asked: Asked, _board: Board) -> None:
    found = gate.read(funnel, asked=asked)
    if not found.steps or not found.steps[0].cases:
        st.info(_("No cases in this period."), icon=":material/info:")
        return
    names = {step.name: words.in_domain("step", step.name) for step in found.steps}
    if slow := found.slowest:
        share = words.share(slow.hours / found.hours)
        text = _("Most time goes by until: {step} ({share})", step=names[slow.name], share=share)
        st.markdown(f"**{words.plain(text)}**")
    if asked.kind is None:
        st.caption(_("Of work for technicians; choose a kind to see the steps of another one."))
    records = [
        {
            "step": names[each.name],
            "cases": each.cases,
            "shown": _took(each.cases, each.median, each.late),
            "slow": each is slow,
        }
        for each in found.steps
    ]
    specs.shown(specs.funnel(records, titles=(_("Cases"), _("Hours")), ink=drawing.ink()))


def _took(cases: int, median: float | None, late: float | None) -> str:
    if median is None or late is None:
        return words.number(cases)
    hours = words.number(median, 1), words.number(late, 1)
    return _(
        "{n}  ·  half within {median} h, nine in ten within {late} h",
        n=words.number(cases),
        median=hours[0],
        late=hours[1],
    )


@st.cache_data(ttl=86_400, max_entries=50, show_spinner=False)
def _foretold(weeks: tuple[int, ...]) -> Forecast:
    return forecast(weeks)


def _forecast(asked: Asked, _board: Board) -> None:
    known = gate.read(intake, station_id=asked.station_id, kind=asked.kind)
    with st.spinner(_("Reckoning the coming weeks …"), show_time=True):
        found = _foretold(known.weeks)
    if found.missing:
        text = _("A forecast takes {n} more weeks.", n=found.missing)
        st.info(text, icon=":material/info:")
        return
    count, coming = len(known.weeks), found.ahead[0]
    text = _(
        "Week of {day}: about {n} cases; eight times in ten {low} to {high}.",
        day=words.day(known.monday(count)),
        n=words.number(coming.cases),
        low=words.number(coming.low),
        high=words.number(coming.high),
    )
    st.markdown(f"**{words.plain(text)}**")
    if found.held and found.held.wape is not None:
        off, inside = words.share(found.held.wape), found.held.inside
        text = _("The forecast of six weeks ago was {off} off; {n} of 6 inside.", off=off, n=inside)
        st.markdown(text)
    expected = list(enumerate(found.ahead, count))
    if found.held:
        expected = [*enumerate(found.held.expected, count - AHEAD), *expected]
    came = [
        {"week": known.monday(n).isoformat(), "cases": cases}
        for n, cases in list(enumerate(known.weeks))[-WEEKS:]
    ]
    ahead = [
        {
            "week": known.monday(n).isoformat(),
            "cases": round(each.cases, 1),
            "low": round(each.low, 1),
            "high": round(each.high, 1),
        }
        for n, each in expected
    ]
    titles = (_("Week"), _("Cases"), _("Expected"), _("Came"))
    specs.shown(specs.forecast(came, ahead, titles=titles))

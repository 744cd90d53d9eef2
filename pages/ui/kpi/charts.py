"""Charts of the KPI page, one at a time: signals, causes, hours, steps, the coming weeks."""

from collections.abc import Callable
from typing import Any

import altair as alt
import streamlit as st

from core.kpi import Board, Dimension, FigureName
from core.kpi.control import LEAST, control
from core.kpi.forecast import Forecast, forecast, intake
from core.kpi.funnel import funnel
from core.kpi.load import load
from core.kpi.pareto import CAUSES, pareto
from pages.ui.kit import charts as drawing
from pages.ui.kit import filters, gate, words
from pages.ui.kit.words import _
from pages.ui.kpi import figures

Asked = dict[str, Any]
HEIGHT, SHOWN = 300, 12
# Told apart by every kind of sight, on light and on dark (Okabe and Ito).
BLUE, RED = "#3a8fc7", "#d55e00"


def show(asked: Asked, board: Board) -> None:
    """The chart that is chosen."""
    drawn: dict[str, Callable[[Asked, Board], None]] = {
        "control": _control,
        "pareto": _pareto,
        "ages": lambda _asked, board: figures.ages(board),
        "load": _load,
        "funnel": _funnel,
        "forecast": _forecast,
    }
    names = {code: words.in_domain("kpi_chart", code) for code in drawn}
    chosen = filters.segments("kpi", "chart", _("Chart"), names, usual="control")
    drawn[chosen](asked, board)


def _figure(board: Board, usual: FigureName) -> FigureName:
    names = {figure.name: words.code(figure.name) for figure in board.figures}
    chosen: FigureName = filters.one_of(
        "kpi", "figure", _("Figure"), names, usual=usual, label_visibility="collapsed", width=240
    )
    return chosen


def _control(asked: Asked, board: Board) -> None:
    name = _figure(board, FigureName.TIMELY_RESOLUTION)
    found = gate.read(control, figure=name, **asked)
    if not found.points:
        text = _("Too few points for limits: {n} of {least}.", n=found.samples, least=LEAST)
        st.info(text, icon=":material/info:")
        return
    records = [
        {
            "day": p.sample.since.isoformat(),
            "value": p.sample.value,
            "lower": p.lower,
            "upper": p.upper,
            "centre": found.centre,
            "signal": " · ".join(words.code(signal) for signal in p.signals) or _("no signal"),
            "is_signal": bool(p.signals),
        }
        for p in found.points
    ]
    said = [f"{r['day']}: {r['signal']}" for r in records if r["is_signal"]]
    st.caption(" / ".join(said[-3:]) if said else _("No signal: what moves is chance."))
    base = alt.Chart(drawing.inline(records)).encode(x=alt.X("day:T", title=None))
    edges = [
        base.mark_line(strokeDash=[5, 4], color="#888888", interpolate="step").encode(
            y=alt.Y(f"{edge}:Q", title=words.code(name))
        )
        for edge in ("lower", "upper", "centre")
    ]
    points = base.mark_point(filled=True, size=70).encode(
        y="value:Q",
        color=alt.condition("datum.is_signal", alt.value(RED), alt.value(BLUE)),
        shape=alt.condition("datum.is_signal", alt.value("diamond"), alt.value("circle")),
        tooltip=["day:T", "value:Q", "signal:N"],
    )
    _draw(alt.layer(*edges, base.mark_line(color=BLUE).encode(y="value:Q"), points))


def _pareto(asked: Asked, board: Board) -> None:
    with filters.bar():
        name = _figure(board, FigureName.RECEIVED)
        by = filters.segments(
            "kpi", "by", _("By"), {d: words.code(d) for d in CAUSES}, usual=Dimension.FAULT_AREA
        )
    found = gate.read(pareto, figure=name, dimension=by, **asked)
    text = _("{n} of {all} causes make 80 %.", n=found.vital, all=len(found.causes))
    st.caption(text)
    records = [
        {"cause": c.name or c.value or "—", "cases": c.cases, "cumulative": c.cumulative}
        for c in found.causes[:SHOWN]
    ]
    base = alt.Chart(drawing.inline(records)).encode(x=alt.X("cause:N", title=None, sort=None))
    bars = base.mark_bar(color=BLUE).encode(y=alt.Y("cases:Q", title=_("Cases")))
    share = alt.Y("cumulative:Q", title=None, axis=alt.Axis(format=".0%"))
    line = base.mark_line(point=True, color=RED).encode(y=share)
    mark = alt.Chart(drawing.inline([{"cumulative": 0.8}])).mark_rule(strokeDash=[5, 4], color=RED)
    _draw(alt.layer(bars, line + mark.encode(y=share)).resolve_scale(y="independent"))


def _load(asked: Asked, _board: Board) -> None:
    records = [
        {"day": s.weekday + 1, "hour": s.hour, "cases": s.cases} for s in gate.read(load, **asked)
    ]
    chart = (
        alt.Chart(drawing.inline(records))
        .mark_rect()
        .encode(
            x=alt.X("hour:O", title=_("Hour"), axis=alt.Axis(labelAngle=0)),
            y=alt.Y("day:O", title=_("Weekday, 1 is Monday")),
            color=alt.Color("cases:Q", title=_("Cases"), scale=alt.Scale(scheme="viridis")),
            tooltip=["day:O", "hour:O", "cases:Q"],
        )
    )
    _draw(chart)


def _funnel(asked: Asked, _board: Board) -> None:
    found = gate.read(funnel, **asked)
    names = {step.name: words.in_domain("step", step.name) for step in found.steps}
    slow = found.slowest
    if slow:
        share = words.share(slow.hours / found.hours)
        st.caption(
            _("Most time goes by until: {step} ({share})", step=names[slow.name], share=share)
        )
    records = [
        {
            "step": names[s.name],
            "cases": s.cases,
            "median": s.median,
            "late": s.late,
            "slow": s is slow,
        }
        for s in found.steps
    ]
    chart = (
        alt.Chart(drawing.inline(records))
        .mark_bar()
        .encode(
            y=alt.Y("step:N", title=None, sort=None),
            x=alt.X("cases:Q", title=_("Cases")),
            color=alt.condition("datum.slow", alt.value(RED), alt.value(BLUE)),
            tooltip=[
                "step:N",
                "cases:Q",
                alt.Tooltip("median:Q", title=_("Median, hours"), format=".1f"),
                alt.Tooltip("late:Q", title=_("Nine in ten, hours"), format=".1f"),
            ],
        )
    )
    _draw(chart)


@st.cache_data(ttl=86_400, max_entries=50, show_spinner=False)
def _foretold(weeks: tuple[int, ...]) -> Forecast:
    return forecast(weeks)


def _forecast(asked: Asked, _board: Board) -> None:
    known = gate.read(intake, station_id=asked["station_id"], kind=asked["kind"])
    found = _foretold(known.weeks)
    if found.missing:
        text = _("A forecast takes {n} more weeks.", n=found.missing)
        st.info(text, icon=":material/info:")
        return
    count = len(known.weeks)
    if found.held and found.held.wape is not None:
        off, inside = words.share(found.held.wape), found.held.inside
        text = _("The forecast of six weeks ago was {off} off; {n} of 6 inside.", off=off, n=inside)
        st.caption(text)
    expected = list(enumerate(found.ahead, count))
    expected += list(enumerate(found.held.expected, count - 6)) if found.held else []
    came = [
        {"week": known.monday(n).isoformat(), "cases": cases}
        for n, cases in list(enumerate(known.weeks))[-26:]
    ]
    ahead = [
        {"week": known.monday(n).isoformat(), "cases": e.cases, "low": e.low, "high": e.high}
        for n, e in sorted(expected, key=lambda pair: pair[0])
    ]
    x = alt.X("week:T", title=_("Week"))
    band = alt.Chart(drawing.inline(ahead)).encode(x=x)
    shown = alt.Chart(drawing.inline(came)).mark_line(point=True, color=BLUE)
    _draw(
        alt.layer(
            band.mark_area(opacity=0.25, color=RED).encode(
                y=alt.Y("low:Q", title=_("Cases")), y2="high:Q"
            ),
            band.mark_line(strokeDash=[5, 4], color=RED).encode(y="cases:Q"),
            shown.encode(x=x, y="cases:Q", tooltip=["week:T", "cases:Q"]),
        )
    )


def _draw(chart: Any) -> None:
    spec = chart.properties(height=HEIGHT).to_dict()
    spec.pop("$schema", None)
    st.vega_lite_chart(spec=spec)

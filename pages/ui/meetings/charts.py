"""The course and the stations of a frozen figure, in letters that are read across a room."""

from typing import Any

import altair as alt
import streamlit as st

from core.kpi import FrozenFigure
from core.kpi.frozen import Point
from pages.ui.kit import charts, words
from pages.ui.kpi import amounts
from pages.ui.kpi.figures import value
from pages.ui.meetings import sentences

HEIGHT, LETTERS = 250, 15
NUMBER_HEIGHT, NUMBER_LETTERS = 64, 56
# Room for what is written behind the longest bar.
ROOM = 1.4
# Told apart by whoever sees no red or no green.
REACHED, MISSED, PLAIN = "#1f6fb2", "#c62828", "#808892"
# Of the number, on a light ground and on a dark one.
INKS = (
    {True: REACHED, False: MISSED, None: ""},
    {True: "#79b8ff", False: "#ff7b72", None: ""},
)


def number(figure: FrozenFigure, text: str) -> None:
    """The value, as large as the room reads it."""
    colour = INKS[st.context.theme.type == "dark"][figure.reached]
    _show(_number(text, colour or charts.ink()), f"number_{figure.name}")


def months(figure: FrozenFigure) -> None:
    """The months beside the target."""
    known = [each for each in figure.months if each.month]
    records = [_record(figure, each, f"{each.month:%Y-%m}") for each in known]
    _show(
        _months(records, amounts.axis(figure.unit), figure.target, charts.ink()),
        f"months_{figure.name}",
    )


def stations(figure: FrozenFigure) -> None:
    """The stations, the worst on top."""
    rows = [each for each in figure.worst_first if each.value is not None]
    records = [_record(figure, each, sentences.station(each)) for each in rows]
    _show(
        _stations(
            records, amounts.axis(figure.unit), figure.target, (charts.ink(), charts.ground())
        ),
        f"at_{figure.name}",
    )


def _show(spec: dict[str, Any], key: str) -> None:
    st.vega_lite_chart(spec=spec, key=f"meeting_{key}")


def _record(figure: FrozenFigure, point: Point, name: str) -> dict[str, Any]:
    colour = {True: REACHED, False: MISSED, None: PLAIN}[figure.reaches(point)]
    shown = value(figure, point.value)
    counted = f"{words.number(point.numerator, 1)} / {point.denominator}"
    return {
        "name": name,
        "value": point.value,
        "shown": shown,
        "counted": counted,
        "colour": colour,
    }


@st.cache_data(max_entries=300, ttl=3600, show_spinner=False)
def _number(text: str, colour: str) -> dict[str, Any]:
    letters: dict[str, Any] = {"fontSize": NUMBER_LETTERS, "fontWeight": 600, "color": colour}
    mark = alt.Chart(charts.inline([{}])).mark_text(align="left", x=0, **letters)
    chart: Any = mark.encode(text=alt.value(text)).properties(height=NUMBER_HEIGHT)
    return charts.plain(chart.configure_view(stroke=None))


@st.cache_data(max_entries=300, ttl=3600, show_spinner=False)
def _months(
    records: list[dict[str, Any]], format: str, target: float | None, ink: str
) -> dict[str, Any]:
    name = alt.X("name:O", title=None, sort=None, axis=alt.Axis(labelAngle=0, labelOverlap=True))
    amount = alt.Y("value:Q", title=None, axis=alt.Axis(format=format, tickCount=4))
    base = alt.Chart(charts.inline(records)).encode(x=name, tooltip=_tooltip())
    layers = [base.mark_bar(cornerRadiusEnd=3).encode(y=amount, color=_colour())]
    if target is not None:
        goal = alt.Chart(charts.inline([{"value": target}]))
        layers.append(goal.mark_rule(strokeDash=[6, 4], size=2, color=ink).encode(y="value:Q"))
    return _large(alt.layer(*layers), ink)


@st.cache_data(max_entries=300, ttl=3600, show_spinner=False)
def _stations(
    records: list[dict[str, Any]], format: str, target: float | None, inks: tuple[str, str]
) -> dict[str, Any]:
    ink, ground = inks
    name = alt.Y("name:N", title=None, sort=None, axis=alt.Axis(labelLimit=110))
    longest = max((record["value"] for record in records), default=0)
    scale = alt.Scale(domain=[0, max(longest * ROOM, target or 0)], nice=False)
    ticks = alt.Axis(format=format, tickCount=3)
    amount = alt.X("value:Q", title=None, axis=ticks, scale=scale)
    base = alt.Chart(charts.inline(records)).encode(y=name, tooltip=_tooltip())
    bars = base.mark_bar(cornerRadiusEnd=3).encode(x=amount, color=_colour())
    layers = [bars]
    if target is not None:
        goal = alt.Chart(charts.inline([{"value": target}]))
        layers.append(goal.mark_rule(strokeDash=[6, 4], size=2, color=ink).encode(x="value:Q"))
    for look in ({"color": ground, "stroke": ground, "strokeWidth": 5}, {"color": ink}):
        said = base.mark_text(align="left", dx=4, fontSize=LETTERS, **look)
        layers.append(said.encode(x=amount, text="shown:N"))
    return _large(alt.layer(*layers), ink)


def _colour() -> alt.Color:
    return alt.Color("colour:N", scale=None, legend=None)


def _tooltip() -> list[alt.Tooltip]:
    return [alt.Tooltip(f"{name}:N", title=" ") for name in ("name", "shown", "counted")]


def _large(chart: Any, ink: str) -> dict[str, Any]:
    sized = chart.properties(height=HEIGHT)
    return charts.plain(sized.configure_axis(labelFontSize=LETTERS, labelColor=ink))

"""How the charts of the KPI page are drawn; what colour tells, shape or words tell too."""

from typing import Any

import altair as alt
import streamlit as st

from pages.ui.kit.charts import PICK, Records, inline, plain

HEIGHT = 300
# Told apart by every kind of sight, on light and on dark (Okabe and Ito).
BLUE, RED, GREY = "#3a8fc7", "#d55e00", "#888888"
DASHED = (5, 4)
EIGHTY = 0.8


def shown(spec: dict[str, Any]) -> None:
    """A chart on which nothing is picked."""
    st.vega_lite_chart(spec=spec)


def control(records: Records, *, titles: tuple[str, str, str], format: str) -> dict[str, Any]:
    """A figure by week or day between its limits; a signal is a diamond, and a click picks one."""
    pick = alt.selection_point(name=PICK, fields=["day"], on="click")
    day = alt.X("day:T", title=None, axis=alt.Axis(format="%m-%d", labelOverlap=True))
    base = alt.Chart(inline(records)).encode(x=day)
    scale, ticks = alt.Scale(zero=False), alt.Axis(format=format)
    limits = [
        base.mark_line(strokeDash=DASHED, color=GREY, interpolate="step").encode(
            y=alt.Y(f"{edge}:Q", title=titles[0], scale=scale, axis=ticks)
        )
        for edge in ("lower", "centre", "upper")
    ]
    points = (
        base.mark_point(filled=True, size=90, cursor="pointer", opacity=1)
        .encode(
            y="value:Q",
            color=alt.condition("datum.is_signal", alt.value(RED), alt.value(BLUE)),
            shape=alt.condition("datum.is_signal", alt.value("diamond"), alt.value("circle")),
            size=alt.condition("datum.is_signal", alt.value(170), alt.value(70)),
            tooltip=[
                alt.Tooltip("day:N", title=" "),
                alt.Tooltip("shown:N", title=titles[0]),
                alt.Tooltip("counted:N", title=titles[2]),
                alt.Tooltip("signal:N", title=titles[1]),
            ],
        )
        .add_params(pick)
    )
    line = base.mark_line(color=BLUE).encode(y="value:Q")
    return plain(alt.layer(*limits, line, points).properties(height=HEIGHT))


def pareto(records: Records, *, titles: tuple[str, str]) -> dict[str, Any]:
    """Causes, the largest first, with what they make together; a click picks one."""
    pick = alt.selection_point(name=PICK, fields=["value"], on="click")
    cause = alt.X("cause:N", title=None, sort=None, axis=alt.Axis(labelAngle=-30, labelLimit=110))
    base = alt.Chart(inline(records)).encode(x=cause)
    tooltip = [
        alt.Tooltip("cause:N", title=titles[0]),
        alt.Tooltip("cases:Q", title=titles[1]),
        alt.Tooltip("cumulative:Q", title="Σ", format=".0%"),
    ]
    bars = (
        base.mark_bar(color=BLUE, cursor="pointer")
        .encode(
            y=alt.Y("cases:Q", title=titles[1], axis=alt.Axis(tickMinStep=1)),
            opacity=alt.condition(pick, alt.value(1.0), alt.value(0.35)),
            tooltip=tooltip,
        )
        .add_params(pick)
    )
    scale, ticks = alt.Scale(domain=[0, 1]), alt.Axis(format=".0%", orient="right")
    share = alt.Y("cumulative:Q", title=None, scale=scale, axis=ticks)
    line = base.mark_line(point=True, color=RED).encode(y=share, tooltip=tooltip)
    mark = alt.Chart(inline([{"cumulative": EIGHTY}]))
    goal = mark.mark_rule(strokeDash=DASHED, color=RED).encode(y=share)
    both = alt.layer(bars, alt.layer(line, goal)).resolve_scale(y="independent")
    return plain(both.properties(height=HEIGHT))


def load(records: Records, *, days: list[str], titles: tuple[str, str, str]) -> dict[str, Any]:
    """The hours of the week by how many cases come; a click picks an hour."""
    pick = alt.selection_point(name=PICK, fields=["slot"], on="click")
    chart = (
        alt.Chart(inline(records))
        .mark_rect(cursor="pointer")
        .encode(
            x=alt.X("hour:O", title=titles[0], axis=alt.Axis(labelAngle=0)),
            y=alt.Y("day:O", title=None, sort=days),
            color=alt.Color("cases:Q", title=titles[2], scale=alt.Scale(scheme="viridis")),
            opacity=alt.condition(pick, alt.value(1.0), alt.value(0.35)),
            tooltip=[
                alt.Tooltip("day:N", title=titles[1]),
                alt.Tooltip("hour:O", title=titles[0]),
                alt.Tooltip("cases:Q", title=titles[2]),
            ],
        )
        .add_params(pick)
    )
    return plain(chart.properties(height=HEIGHT))


def funnel(records: Records, *, titles: tuple[str, str], ink: str) -> dict[str, Any]:
    """The steps with how many reached them and how long that took; the slowest is marked."""
    step = alt.Y("step:N", title=None, sort=None, axis=alt.Axis(labelLimit=160))
    base = alt.Chart(inline(records)).encode(y=step)
    most = max(record["cases"] for record in records)
    # Room for what is written behind the longest bar.
    scale = alt.Scale(domain=[0, most * 1.6], nice=False)
    ticks = alt.Axis(tickMinStep=1, tickCount=6)
    cases = alt.X("cases:Q", title=titles[0], scale=scale, axis=ticks)
    bars = base.mark_bar().encode(
        x=cases,
        color=alt.condition("datum.slow", alt.value(RED), alt.value(BLUE)),
        tooltip=[alt.Tooltip("step:N", title=" "), alt.Tooltip("shown:N", title=titles[1])],
    )
    said = base.mark_text(align="left", dx=5, color=ink).encode(x=cases, text="shown:N")
    return plain(alt.layer(bars, said).properties(height=HEIGHT))


def forecast(came: Records, ahead: Records, *, titles: tuple[str, str, str, str]) -> dict[str, Any]:
    """What came, and what was and is expected within its range."""
    # As days of time the ticks would stand on Sundays, between the points.
    axis = alt.Axis(labelExpr="slice(datum.label, 5)", labelAngle=0, labelOverlap=True)
    week = alt.X("week:O", title=titles[0], axis=axis)
    band = alt.Chart(inline(ahead)).encode(x=week)
    expected = [
        alt.Tooltip("week:N", title=titles[0]),
        alt.Tooltip("cases:Q", title=titles[2]),
        alt.Tooltip("low:Q", title="10 %"),
        alt.Tooltip("high:Q", title="90 %"),
    ]
    layers = [
        band.mark_area(opacity=0.25, color=RED).encode(
            y=alt.Y("low:Q", title=titles[1]), y2="high:Q"
        ),
        band.mark_line(strokeDash=DASHED, color=RED, point=alt.OverlayMarkDef(shape="diamond"))
        .encode(y="cases:Q", tooltip=expected),
        alt.Chart(inline(came))
        .mark_line(point=True, color=BLUE)
        .encode(
            x=week,
            y="cases:Q",
            tooltip=[
                alt.Tooltip("week:N", title=titles[0]),
                alt.Tooltip("cases:Q", title=titles[3]),
            ],
        ),
    ]  # fmt: skip
    return plain(alt.layer(*layers).properties(height=HEIGHT))

"""Altair charts from core's figures: drawn once per set of figures, kept as plain dictionaries."""

from typing import Any

import altair as alt
import streamlit as st

Records = list[dict[str, Any]]
PICK = "pick"


@st.cache_data(max_entries=300, ttl=3600, show_spinner=False)
def columns(
    records: Records, *, x: str, titles: tuple[str, str], format: str, target: float | None
) -> dict[str, Any]:
    """Columns over a category, with the target as a line; a click picks a column."""
    pick = alt.selection_point(name=PICK, fields=[x], on="click")
    base = alt.Chart(inline(records))
    bars = (
        base.mark_bar(cursor="pointer", cornerRadiusEnd=3)
        .encode(
            x=alt.X(f"{x}:O", title=titles[0], sort=None, axis=alt.Axis(labelAngle=0)),
            y=alt.Y("value:Q", title=titles[1], axis=alt.Axis(format=format)),
            opacity=alt.condition(pick, alt.value(1.0), alt.value(0.35)),
            tooltip=[
                alt.Tooltip(f"{x}:N", title=titles[0]),
                alt.Tooltip("value:Q", title=titles[1], format=format),
                alt.Tooltip("share:N", title=" "),
            ],
        )
        .add_params(pick)
    )
    layers = [bars]
    if target is not None:
        goal = alt.Chart(inline([{"target": target}]))
        layers.append(goal.mark_rule(strokeDash=[5, 4], color="#b3412f").encode(y="target:Q"))
    return plain(alt.layer(*layers).properties(height=260))


@st.cache_data(max_entries=100, ttl=3600, show_spinner=False)
def stacked(records: Records, *, titles: tuple[str, str, str]) -> dict[str, Any]:
    """Open cases by age, stacked by kind; a click picks an age."""
    pick = alt.selection_point(name=PICK, fields=["age"], on="click")
    chart = (
        alt.Chart(inline(records))
        .mark_bar(cursor="pointer")
        .encode(
            x=alt.X("age_word:O", title=titles[0], sort=None, axis=alt.Axis(labelAngle=0)),
            y=alt.Y("cases:Q", title=titles[1], axis=alt.Axis(tickMinStep=1)),
            color=alt.Color("kind_word:N", title=titles[2]),
            opacity=alt.condition(pick, alt.value(1.0), alt.value(0.35)),
            tooltip=[
                alt.Tooltip("age_word:N", title=titles[0]),
                alt.Tooltip("kind_word:N", title=titles[2]),
                alt.Tooltip("cases:Q", title=titles[1]),
            ],
        )
        .add_params(pick)
    )
    return plain(chart.properties(height=260))


def inline(records: Records) -> alt.Data:
    """Records as the data of a chart, inside it."""
    return alt.Data(values=records)  # type: ignore[no-untyped-call]  # altair types all but this


def ink() -> str:
    """The colour of words on a chart: a chart's own would be black on the dark theme too."""
    return "#f0f0f0" if st.context.theme.type == "dark" else "#1c1c1c"


def ground() -> str:
    """The colour behind a chart: words on a line are read where it shines around them."""
    return "#14191a" if st.context.theme.type == "dark" else "#ffffff"


def draw(spec: dict[str, Any], *, key: str) -> dict[str, Any]:
    """Show a chart and give the fields of the mark that was picked; empty when none is."""
    chosen = st.vega_lite_chart(spec=spec, key=key, on_select="rerun", selection_mode=PICK)
    picked = chosen.selection.get(PICK) or [{}]
    return dict(picked[0])


def plain(chart: Any) -> dict[str, Any]:
    """A chart as the dictionary that is drawn."""
    spec: dict[str, Any] = chart.to_dict()
    spec.pop("$schema", None)
    return spec

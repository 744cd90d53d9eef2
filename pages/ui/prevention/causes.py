"""Pareto on the screen: causes by number and by loss, faults by product; a bar leads to cases."""

from typing import Any

import altair as alt
import streamlit as st

from core.prevention import causes
from core.prevention.causes import Asked, CauseBar, Causes, FaultBar, Faults, Weight
from pages.ui.kit import charts, filters, gate, headings, words
from pages.ui.kit.lists import page_number
from pages.ui.kit.words import _
from pages.ui.kpi import period
from pages.ui.prevention.alarms import cases


def show() -> None:
    """The filters, one Pareto, and the cases of the bar that was picked."""
    asked = _filters()
    names = {
        "cases": _("Causes by number"),
        "loss": _("Causes by loss"),
        "faults": _("Faults by product"),
    }
    by = filters.segments("pareto", "by", _("Pareto"), names, usual="cases")
    if by == "faults":
        _faults(gate.read(causes.faults, asked=asked), asked)
    else:
        weight = Weight(by)
        _causes(gate.read(causes.causes, asked=asked, weight=weight), asked, weight)


@st.cache_data(max_entries=300, ttl=3600, show_spinner=False)
def pareto(records: charts.Records, *, titles: tuple[str, str, str], format: str) -> dict[str, Any]:
    """Bars, the longest first, and the line of their cumulative share; a click picks a bar."""
    pick = alt.selection_point(name=charts.PICK, fields=["code"], on="click")
    names = alt.Axis(labelAngle=-40, labelOverlap=False, labelLimit=170)
    base = alt.Chart(charts.inline(records)).encode(
        x=alt.X("label:O", title=titles[0], sort=None, axis=names),
        tooltip=[
            alt.Tooltip("label:N", title=titles[0]),
            alt.Tooltip("value:Q", title=titles[1], format=format),
            alt.Tooltip("share:Q", title="%", format=".1%"),
            alt.Tooltip("cumulative:Q", title=titles[2], format=".1%"),
        ],
    )
    bars = (
        base.mark_bar(cursor="pointer", cornerRadiusEnd=3)
        .encode(
            y=alt.Y("value:Q", title=titles[1], axis=alt.Axis(format=format)),
            opacity=alt.condition(pick, alt.value(1.0), alt.value(0.35)),
        )
        .add_params(pick)
    )
    share = alt.Y(
        "cumulative:Q",
        title=titles[2],
        scale=alt.Scale(domain=[0, 1]),
        axis=alt.Axis(format=".0%", grid=False),
    )
    line = base.mark_line(point=True, color="#b3412f").encode(y=share)
    chart = alt.layer(bars, line).resolve_scale(y="independent").properties(height=400)
    spec: dict[str, Any] = chart.to_dict()
    spec.pop("$schema", None)
    return spec


def _filters() -> Asked:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        since, until = period.months("pareto")
        station = filters.station("pareto")
        classes = dict(gate.read(causes.classes))
        case_class = filters.select("pareto", "case_class", classes)
        product = filters.text("pareto", "product", label=words.field("product"))
    return Asked(since, until, station, product, case_class or "")


def _causes(found: Causes, asked: Asked, weight: Weight) -> None:
    _without_cause(found)
    if not found.bars:
        said = (
            _("No loss is on file for these cases: it is written down with the cause.")
            if found.cases
            else _("No causes in these months. Choose more months, or other filters.")
        )
        st.info(said, icon=":material/info:")
        return
    picked = charts.draw(_cause_chart(found.bars, weight), key=f"pareto_{weight}")
    chosen = next((bar.cause for bar in found.bars if bar.cause.value == picked.get("code")), None)
    if chosen is None:
        st.caption(_("Click a bar for its cases."))
        return
    _title(words.code(chosen))
    key = f"pareto·{chosen}"
    cases(gate.read(causes.cases_of_cause, asked=asked, cause=chosen, page=page_number(key)), key)


def _without_cause(found: Causes) -> None:
    if found.without_cause:
        text = words.n_(
            "One case has no cause yet and is not counted: it is found by investigating it.",
            "{n} cases have no cause yet and are not counted: it is found by investigating them.",
            found.without_cause,
        )
        st.caption(text)


def _cause_chart(bars: tuple[CauseBar, ...], weight: Weight) -> dict[str, Any]:
    by_loss = weight is Weight.LOSS
    records = [
        {
            "code": bar.cause.value,
            "label": words.code(bar.cause),
            "value": bar.loss_cents / 100 if by_loss else bar.cases,
            "share": bar.share,
            "cumulative": bar.cumulative,
        }
        for bar in bars
    ]
    titles = (_("Cause"), words.code(weight), _("Cumulative share"))
    return pareto(records, titles=titles, format=",.0f")


def _faults(found: Faults, asked: Asked) -> None:
    if found.unknown:
        text = words.n_(
            "One case names no product or no fault and is not counted: correct the case.",
            "{n} cases name no product or no fault and are not counted: correct these cases.",
            found.unknown,
        )
        st.caption(text)
    if not found.bars:
        said = _("No faults in these months. Choose more months, or other filters.")
        st.info(said, icon=":material/info:")
        return
    if found.bars[-1].cumulative < 1:
        st.caption(_("The {n} most frequent; shares are of all.", n=len(found.bars)))
    picked = charts.draw(_fault_chart(found.bars), key="pareto_faults")
    chosen = next((bar for bar in found.bars if _code(bar) == picked.get("code")), None)
    if chosen is None:
        st.caption(_("Click a bar for its cases."))
        return
    _title(_label(chosen))
    key = f"pareto·{_code(chosen)}"
    behind = gate.read(
        causes.cases_of_fault,
        asked=asked,
        product_id=chosen.product_id,
        fault_area=chosen.fault_area,
        page=page_number(key),
    )
    cases(behind, key)


def _fault_chart(bars: tuple[FaultBar, ...]) -> dict[str, Any]:
    records = [
        {
            "code": _code(bar),
            "label": _label(bar),
            "value": bar.cases,
            "share": bar.share,
            "cumulative": bar.cumulative,
        }
        for bar in bars
    ]
    titles = (_("Fault"), words.code(Weight.CASES), _("Cumulative share"))
    return pareto(records, titles=titles, format=",.0f")


def _title(name: str) -> None:
    headings.part(words.plain(name))
    st.caption(_("Click the bar again to clear the choice."))


def _code(bar: FaultBar) -> str:
    return f"{bar.product_id}:{bar.fault_area.value}"


def _label(bar: FaultBar) -> str:
    return f"{bar.product} · {words.code(bar.fault_area)}"

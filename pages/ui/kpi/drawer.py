"""What is behind a figure, beside its card: its parts, and the cases of one of them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import streamlit as st

from core import kpi
from core.kpi import Asked, Board, Breakdown, Dimension, Figure, FigureName, Part, Row, Side, Unit
from core.kpi.figures import Value
from core.tools.register import READ
from pages.ui.kit import charts as drawing
from pages.ui.kit import filters as kept
from pages.ui.kit import gate, places, words
from pages.ui.kit.lists import choose, turn_to
from pages.ui.kit.words import _
from pages.ui.kpi import amounts
from pages.ui.kpi.figures import Trend, breakdown, key_of, listed, moved, value
from pages.ui.kpi.parts import code_of, part_name, value_of
from pages.ui.kpi.period import compared

MONTH = "month"
DIMENSIONS = (
    Dimension.STATION,
    Dimension.TECHNICIAN,
    Dimension.PRODUCT,
    Dimension.FAULT_AREA,
    Dimension.CHANNEL,
    Dimension.KIND,
    Dimension.CASE_CLASS,
    Dimension.WAITED,
)


def open_at(name: FigureName) -> None:
    """Look into another figure: nothing of it is chosen yet."""
    _forget()
    st.session_state["kpi_figure"] = name.value


def show(board: Board, trend: Trend, asked: Asked) -> None:
    """The figure that somebody looks into, if any; the address says which, and what of it."""
    name = kept.picked("kpi", "figure", "", [each.value for each in FigureName])
    if not name:
        for field in ("by", "value", "side"):
            places.keep(f"kpi_{field}", "")
        return
    figure = board.figure(FigureName(name))
    dialog = st.dialog(words.code(figure.name), width="medium", position="right", on_dismiss=_close)
    dialog(_behind)(figure, trend.get(figure.name, ()), asked)


def _close() -> None:
    _forget()
    kept.unpick("kpi", "figure")


def _forget() -> None:
    kept.unpick("kpi", "value")
    st.session_state["kpi_side"] = None


def _behind(figure: Figure, months: Sequence[Row], asked: Asked) -> None:
    _head(figure, asked)
    names = {**{each.value: words.code(each) for each in DIMENSIONS}, MONTH: _("Month")}
    by = kept.one_of(
        "kpi",
        "by",
        _("By what"),
        names,
        usual=Dimension.STATION.value,
        draw=st.segmented_control,
        required=True,
        label_visibility="collapsed",
        on_change=_forget,
    )
    if by == MONTH:
        month = _month(figure, months)
        of_month = replace(asked, since=month, until=month, whole_months=True) if month else asked
        _cases(figure, of_month, is_chosen=bool(month))
    else:
        part = _part(figure, Dimension(by), asked)
        _cases(figure, asked, is_chosen=bool(part), **part)


def _head(figure: Figure, asked: Asked) -> None:
    said = {
        _("Value"): value(figure, figure.value),
        _("Target"): value(figure, figure.target),
        _("Period before"): value(figure, figure.previous),
        _("Last year"): value(figure, figure.year_before),
    }
    texts = (f"{name} **{text}**" for name, text in said.items() if text != "—")
    st.markdown(" \u2003 ".join(texts))
    st.caption(f"{words.in_domain('meaning', figure.name)} · {compared(asked)}")


def _part(figure: Figure, by: Dimension, asked: Asked) -> dict[str, Any]:
    """The parts, those that pulled the figure down the most first; the one that was chosen."""
    found = breakdown(figure=figure.name, dimension=by, asked=asked)
    parts = {code_of(part.value): part for part in _sorted(figure, found)}
    if not parts:
        st.info(_("No cases in this period."), icon=":material/info:")
        return {}
    rows = {place: _row(figure, by, part) for place, part in enumerate(parts.values())}
    chosen = _chosen(f"kpi_parts·{figure.name}·{by}·{places.arrival()}", list(parts), rows)
    return {"dimension": by, "value": value_of(chosen)} if chosen else {}


def _chosen(key: str, values: list[str], rows: Mapping[int, Mapping[str, Any]]) -> str:
    """The part that is marked in the table, or that the address asks for on arrival."""
    state = st.session_state
    wanted = kept.picked("kpi", "value", state.get("kpi_value·mark", ""), values)
    if wanted and f"{key}·ids" not in state:
        turn_to(key, values.index(wanted))
    place = choose(key, rows)
    return kept.picked("kpi", "value", "" if place is None else values[place], values)


def _sorted(figure: Figure, found: Breakdown) -> list[Part]:
    def pull(part: Part) -> float:
        by = part.contribution or 0.0
        if figure.unit is Unit.COUNT:
            return -abs(by)
        return -by if figure.lower_is_better else by

    return sorted(found.parts, key=pull)


def _row(figure: Figure, by: Dimension, part: Part) -> dict[str, str]:
    return {
        words.code(by): part_name(by, part.value, part.name),
        _("Value"): value(figure, part.now.value),
        _("Cases"): _count(figure, part.now),
        _("Part in the change"): moved(figure, part.contribution),
        _("Period before"): value(figure, part.before.value),
        _("Cases before"): _count(figure, part.before),
        _("Last year"): value(figure, part.year_before.value),
    }


def _count(figure: Figure, of: Value) -> str:
    if figure.unit is Unit.SHARE:
        return f"{words.number(of.numerator)} / {words.number(of.denominator)}"
    return words.number(of.denominator)


def _month(figure: Figure, months: Sequence[Row]) -> date | None:
    """The year by month, beside the target; the month that was chosen."""
    by_month = {f"{row.month:%Y-%m}": row.month for row in months if row.month}
    if not by_month:
        st.info(_("No cases in this period."), icon=":material/info:")
        return None
    records = [
        {
            MONTH: f"{row.month:%Y-%m}",
            "value": row.value,
            "share": f"{words.number(row.numerator, 1)} / {row.denominator}",
        }
        for row in months
    ]
    spec = drawing.columns(
        records,
        x=MONTH,
        titles=(_("Month"), words.code(figure.name)),
        format=amounts.axis(figure.unit),
        target=figure.target,
    )
    mark = drawing.draw(spec, key=f"kpi_month_{figure.name}").get(MONTH, "")
    return by_month.get(kept.picked("kpi", "value", mark, by_month))


def _cases(figure: Figure, asked: Asked, *, is_chosen: bool, **part: Any) -> None:
    """The cases of the part that was chosen, or of all, once somebody asks for them."""
    if not figure.sides:
        if gate.allowed(READ):
            places.link("tools", words.in_domain("page", "tools"))
        return
    if is_chosen and not places.asked("kpi_side"):
        # As if somebody had chosen it, or come by a link that says so.
        st.session_state["kpi_side"] = _worst_side(figure)
        places.keep("kpi_side", _worst_side(figure))
    sides = {each: words.code(each) for each in figure.sides}
    side = kept.segments("kpi", "side", _("Which cases"), sides, usual=None)
    # Of a long period they are the dearest question of the page, and few visitors ask it.
    if side is None:
        st.caption(_("Choose a row, or which cases, to see them."))
        return
    key = key_of(asked, "kpi_cases", figure.name, side, *part.values())
    listed(kpi.cases_behind, key=key, figure=figure.name, side=side, asked=asked, **part)


def _worst_side(figure: Figure) -> Side:
    wanted = Side.NUMERATOR if figure.lower_is_better else Side.REST
    return wanted if wanted in figure.sides else figure.sides[0]

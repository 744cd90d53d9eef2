"""Each figure on a card: its value, its target, where it goes, and the way to what is behind it."""

from collections.abc import Sequence
from typing import Literal

import streamlit as st

from core.kpi import Board, Figure, FigureName, FrozenFigure, Unit
from pages.ui.kit import words
from pages.ui.kit.words import _
from pages.ui.kpi import drawer
from pages.ui.kpi.figures import Trend, moved, value

FIRST = 8
# Of those alike, what a meeting asks for first.
HEADLINES = (
    FigureName.TIMELY_RESOLUTION,
    FigureName.SATISFACTION,
    FigureName.RESPONSE_ON_TIME,
    FigureName.COMPLAINT_RATE,
    FigureName.FOLLOW_UP_RATE,
    FigureName.RESOLUTION_HOURS,
    FigureName.RECEIVED,
    FigureName.RESOLVED,
)
# Told apart by whoever sees no red or no green.
Colour = Literal["blue", "red", "gray", "off"]
GOOD: Colour = "blue"
BAD: Colour = "red"


def ranked(board: Board) -> list[Figure]:
    """Off target first, then worse than before, then the others, then those that say nothing."""
    order = [*HEADLINES, *(name for name in FigureName if name not in HEADLINES)]
    return sorted(board.figures, key=lambda each: (_urgency(each), order.index(each.name)))


def show(figures: Sequence[Figure], trend: Trend) -> None:
    """A card for each figure, four beside each other where there is room."""
    grid = st.grid(4, gap="xxsmall", min_column_width=230)
    for figure in figures:
        with grid, st.container(border=True, gap=None, height="stretch"):
            _card(figure, [row.value for row in trend[figure.name] if row.enough])


def _card(figure: Figure, months: Sequence[float | None]) -> None:
    delta, said, colour = _direction(figure)
    st.metric(
        words.code(figure.name),
        _value(figure),
        delta,
        delta_color=colour,
        delta_description=said,
        help=_meaning(figure),
        chart_data=months if len(months) > 1 else None,
    )
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.markdown(_goal(figure), width="stretch")
        st.button(
            _("Look into"),
            key=f"kpi_open_{figure.name}",
            type="tertiary",
            icon=":material/list:",
            on_click=drawer.open_at,
            args=(figure.name,),
        )


def _urgency(figure: Figure) -> int:
    if not figure.enough:
        return 3
    if figure.reached is False:
        return 0
    return 1 if _is_better(figure) is False else 2


def _is_better(figure: Figure) -> bool | None:
    """Whether a figure is better than before; None where it is neither."""
    sign = moved(figure, figure.delta)[0]
    if sign not in "+-" or figure.unit is Unit.COUNT:
        return None
    return (sign == "-") is figure.lower_is_better


def _value(figure: Figure) -> str:
    if figure.value is None:
        return _("no data")
    if not figure.enough:
        return _("too few ({n})", n=figure.denominator)
    return value(figure, figure.value)


def _direction(figure: Figure) -> tuple[str | int | None, str | None, Colour]:
    """How much a figure moved, what that is in words, and its colour."""
    # Nothing at all before is no number to be compared with.
    is_first = figure.unit is Unit.COUNT and not figure.previous
    if figure.delta is None or is_first or not figure.enough:
        return None, None, "off"
    signed = moved(figure, figure.delta)
    if signed[0] not in "+-":
        return 0, _("as before"), "off"
    better = _is_better(figure)
    if better is None:
        return signed, _("on before"), "gray"
    return signed, _("better") if better else _("worse"), GOOD if better else BAD


def _goal(figure: Figure) -> str:
    """The target, by its colour, its sign and in words; and the counts."""
    says = figure.unit is not Unit.COUNT and figure.denominator
    counts = f":small[{_counts(figure)}]" if says else ""
    if figure.target is None:
        return counts
    said, colour = judged(figure)
    icon = {GOOD: ":material/check: ", BAD: ":material/close: "}.get(colour, "")
    return f":{colour}-badge[{icon}{said}] {counts}"


def judged(figure: Figure | FrozenFigure) -> tuple[str, Colour]:
    """What is said of a figure beside its target, and in which colour."""
    target = value(figure, figure.target)
    if figure.reached is None:
        return _("Target {target}", target=target), "gray"
    if figure.reached:
        return _("reached {target}", target=target), GOOD
    return _("missed {target}", target=target), BAD


def _counts(figure: Figure) -> str:
    cases = words.number(figure.denominator)
    # The numerator of a mean is a sum of hours or of scores: it says nothing.
    is_share = figure.unit is Unit.SHARE
    return f"{words.number(figure.numerator)} / {cases}" if is_share else _("of {n}", n=cases)


def _meaning(figure: Figure) -> str:
    meaning = words.in_domain("meaning", figure.name)
    wanted = words.in_domain("missing", figure.missing) if figure.missing else ""
    return " · ".join(part for part in (figure.id, meaning, wanted) if part)

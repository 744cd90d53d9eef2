"""What is off target, in a sentence each, written from the counts."""

from collections.abc import Mapping, Sequence

import streamlit as st

from core.kpi import Board, Dimension, Figure, FigureName, FrozenFigure, Reason
from pages.ui.kit import words
from pages.ui.kit.words import _
from pages.ui.kpi.figures import value
from pages.ui.kpi.parts import part_name

MOST = 3


def show(board: Board, shown: Sequence[Figure], why: Mapping[FigureName, Reason]) -> None:
    """The figures that miss their target, the first of them with the reasons."""
    if not any(figure.denominator for figure in shown):
        st.info(_("No cases in this period."), icon=":material/info:")
        return
    missed = [each for each in shown if each.reached is False]
    if missed:
        lines = [sentence(each, why.get(each.name, Reason())) for each in missed[:MOST]]
        st.markdown("  \n".join(lines))
    elif any(each.reached for each in shown):
        st.success(_("Every target is reached."), icon=":material/check_circle:")


def sentence(figure: Figure, reason: Reason) -> str:
    """Why a figure misses its target, as far as the counts say it."""
    what = _(
        "**{figure} {value}**, target {target}",
        figure=words.code(figure.name),
        value=value(figure, figure.value),
        target=value(figure, figure.target),
    )
    why = because(figure, reason)
    if not why:
        return _("{what}.", what=what)
    return _("{what}: {why}.", what=what, why=words.plain(why))


def because(figure: Figure | FrozenFigure, reason: Reason) -> str:
    """Where a figure is worst and what its missed cases have in common; empty if nobody knows."""
    return words.clauses([*_where(figure, reason), *_cause(figure, reason)])


def _where(figure: Figure | FrozenFigure, reason: Reason) -> list[str]:
    if reason.station is None:
        return []
    worst = value(figure, reason.station.value)
    return [_("worst is {station} with {value}", station=reason.station.station, value=worst)]


def _cause(figure: Figure | FrozenFigure, reason: Reason) -> list[str]:
    if reason.share is None:
        return []
    by = Dimension(reason.dimension)
    share, part = words.share(reason.share), part_name(by, reason.value, reason.name)
    if by is Dimension.WAITED:
        said = {"share": share, "wait": part[:1].lower() + part[1:]}
        if reason.is_there:
            return [_("of its cases that miss it {share} are or were {wait}", **said)]
        return [_("{share} of the cases that miss it are or were {wait}", **said)]
    said = {"share": share, "dimension": words.code(by).lower(), "part": part}
    if figure.lower_is_better:
        if reason.is_there:
            return [_("{share} of its cases counted have {dimension} “{part}”", **said)]
        return [_("{share} of the cases counted have {dimension} “{part}”", **said)]
    if reason.is_there:
        return [_("{share} of its cases that miss it have {dimension} “{part}”", **said)]
    return [_("{share} of the cases that miss it have {dimension} “{part}”", **said)]

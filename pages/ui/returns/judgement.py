"""What the rule book says of a line: which condition holds, which fails and why, who pays."""

from collections.abc import Callable

import streamlit as st

from core.codes import Fit, Payer, Wish
from core.returns import Hurdle
from core.returns.conditions import Judgement, Verdict, Why
from pages.ui.kit import words
from pages.ui.kit.words import _

COLOURS = {Fit.FITS: "green", Fit.OPEN: "orange", Fit.FAILS: "red"}
MARKS = {Fit.FITS: "✓", Fit.OPEN: "…", Fit.FAILS: "✗"}


def show(judgement: Judgement) -> None:
    """The condition that counts and who pays the freight; then every other one, and why not."""
    leading = judgement.leading
    if leading is None:
        st.markdown(f":red-badge[✗ {_none()}]")
    else:
        st.markdown(_head(leading))
        st.caption(_source(leading))
    rest = [each for each in judgement.verdicts if each is not leading]
    rest.sort(key=lambda each: list(Fit).index(each.fit))
    if rest:
        st.markdown("  \n".join(_line(each) for each in rest))


def freight(payer: Payer | None) -> str:
    """Who pays the freight, as a mark."""
    if payer is None:
        return ""
    said = _("Freight: {payer}", payer=words.code(payer))
    return f":{'blue' if payer is Payer.COMPANY else 'orange'}-badge[{said}]"


def instead(wishes: tuple[Wish, ...]) -> None:
    """What else could be asked for."""
    if wishes:
        names = words.listed(words.code(each) for each in wishes)
        st.info(_("Could be granted instead: {wishes}", wishes=names), icon=":material/lightbulb:")


def why(hurdle: Why) -> str:
    """What keeps a condition from holding, with the figures that it turns on."""
    said = words.code(hurdle.code)
    figures = FIGURES.get(hurdle.code)
    return f"{said} ({figures(hurdle)})" if figures else said


def _none() -> str:
    return _("No condition can hold")


def _head(verdict: Verdict) -> str:
    fit, text = verdict.fit, verdict.condition.text[words.language()]
    badge = f":{COLOURS[fit]}-badge[{MARKS[fit]} {words.code(fit)}]"
    parts = [badge, freight(verdict.freight), f"**{words.plain(text)}**"]
    head = " ".join(part for part in parts if part)
    return f"{head}  \n{_whys(verdict)}" if verdict.whys else head


def _source(verdict: Verdict) -> str:
    condition = verdict.condition
    parts = [condition.clause, condition.source[words.language()]]
    if verdict.last_day:
        parts.append(_("last day {day}", day=words.day(verdict.last_day)))
    return words.plain(" · ".join(parts))


def _line(verdict: Verdict) -> str:
    text = words.plain(verdict.condition.text[words.language()])
    mark = f":{COLOURS[verdict.fit]}[{MARKS[verdict.fit]}]"
    whys = f": {_whys(verdict)}" if verdict.whys else ""
    return f":small[{mark} {text}{whys} :gray[· {_source(verdict)}]]"


def _whys(verdict: Verdict) -> str:
    return words.plain(words.clauses(why(each) for each in verdict.whys))


def _late(hurdle: Why) -> str:
    return _("{most} days, last day {day}", most=hurdle.most, day=words.day(hurdle.last_day))


FIGURES: dict[Hurdle, Callable[[Why], str]] = {
    Hurdle.TOO_LATE: _late,
    Hurdle.TOO_FAR: lambda hurdle: f"{words.number(hurdle.most or 0)} km",
    Hurdle.TOO_FEW_REPAIRS: lambda hurdle: f"≥ {hurdle.least}",
}

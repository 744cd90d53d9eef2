"""One frozen figure as large as a room reads it: value, target, course, stations, its cases."""

from typing import Any

import streamlit as st

from core import kpi
from core.kpi import FrozenFigure
from core.meetings import lists
from core.meetings.lists import Moved
from core.meetings.view import MeetingView
from pages.ui.kit import filters, gate, headings, words
from pages.ui.kit.lists import open_case, page_number, table
from pages.ui.kit.words import _
from pages.ui.kpi.figures import value
from pages.ui.meetings import charts, sentences


def show(view: MeetingView, figure: FrozenFigure) -> None:
    """The figure; beside it its course and its stations, or its cases once they are asked for."""
    left, right = st.columns([2, 5], gap="medium")
    with left:
        _number(figure)
        _since_then(view.row.id, figure)
        side = _side(figure)
    with right:
        if side:
            _cases(view.row.id, figure, side)
        else:
            _drawn(figure)


def _number(figure: FrozenFigure) -> None:
    headings.part(" ".join(filter(None, (figure.id, words.code(figure.name)))))
    charts.number(figure, value(figure, figure.value))
    colour, sign = sentences.sign(figure)
    lines = [f":{colour}[{sign}]"] if colour else []
    if figure.target is not None:
        lines.append(_("The target is {target}", target=words.plain(value(figure, figure.target))))
    counted = f"{words.number(figure.numerator, 1)} / {figure.denominator}"
    lines.append(_("Counted {counted}", counted=words.plain(counted)))
    lines.append(_("Period before {value}", value=words.plain(value(figure, figure.previous))))
    lines.append(_("A year ago {value}", value=words.plain(value(figure, figure.year_before))))
    st.markdown("  \n".join(lines))


def _side(figure: FrozenFigure) -> kpi.Side | None:
    sides = {each: words.code(each) for each in kpi.DEFINITIONS[figure.name].sides}
    if not sides:
        return None
    label = _("Cases as they were frozen")
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(label, width="content")
        chosen: kpi.Side | None = filters.segments(
            *("meeting", "side", label, sides), usual=None, draw=st.pills
        )
    return chosen


def _cases(id: int, figure: FrozenFigure, side: kpi.Side) -> None:
    key = f"meeting·{id}·{figure.name}·{side}"
    asked: dict[str, Any] = {"id": id, "figure": figure.name}
    if gate.read(lists.is_cut, **asked):
        st.caption(_("There were more cases than are kept one by one: these are the newest."))
    found = gate.read(lists.cases, side=side, page=page_number(key), **asked)
    columns = ("number", "status", "customer", "station", "symptom", "received_at")
    if chosen := table(found, key=key, columns=columns, empty=_("No cases here."), once=True):
        open_case(chosen)


def _drawn(figure: FrozenFigure) -> None:
    is_everywhere = len(figure.stations) > 1
    parts = st.columns([3, 2] if is_everywhere else 1, gap="medium")
    with parts[0]:
        charts.months(figure)
    if is_everywhere:
        with parts[1]:
            charts.stations(figure)
    if said := sentences.of(figure):
        st.markdown(f"**{words.plain(said)}**")


def _since_then(id: int, figure: FrozenFigure) -> None:
    actor = gate.actor()
    now, moved = _now(actor.company, actor.id, id), _moved(actor.company, actor.id, id, figure.name)
    today = next((each for each in now if each.name is figure.name), figure)
    if today.value == figure.value and not moved:
        return
    said = [_("Moved since: now {value}.", value=words.plain(value(figure, today.value)))]
    st.warning(" ".join((*said, *_how(moved))), icon=":material/difference:")


def _how(moved: Moved) -> list[str]:
    said = []
    if moved.came:
        said.append(words.n_("One case more counts.", "{n} cases more count.", moved.came))
    if moved.gone:
        said.append(words.n_("One counts no more.", "{n} count no more.", moved.gone))
    if moved.turned:
        said.append(words.n_("One counts otherwise.", "{n} count otherwise.", moved.turned))
    return said


# Kept apart by person: people see different cases. It need not be as fresh as a form.
@st.cache_data(ttl=60, max_entries=100, show_spinner=False)
def _now(company: str, person: int | None, id: int) -> tuple[FrozenFigure, ...]:
    return gate.read(lists.now, id=id)


@st.cache_data(ttl=60, max_entries=500, show_spinner=False)
def _moved(company: str, person: int | None, id: int, name: kpi.FigureName) -> Moved:
    return gate.read(lists.moved, id=id, figure=name)

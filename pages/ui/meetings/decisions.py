"""Decisions on screen: typed under the figure, followed up, and seen in one's own work."""

from datetime import timedelta
from typing import Any

import streamlit as st

from core.codes import DecisionStatus, MeetingStatus
from core.improvements.actions import staff
from core.kpi import FigureName
from core.meetings import decisions, lists
from core.meetings.inputs import TakeDecision
from core.meetings.rules import HOLD
from core.meetings.view import DecisionView, MeetingView
from pages.ui.kit import actions, gate, headings, marks, places, words
from pages.ui.kit.forms import Form
from pages.ui.kit.lists import facts
from pages.ui.kit.words import _

ICONS = {
    DecisionStatus.OPEN: ":material/radio_button_unchecked:",
    DecisionStatus.DONE: ":material/check_circle:",
    DecisionStatus.DROPPED: ":material/cancel:",
}
WEEK = timedelta(days=7)


def show(view: MeetingView, name: FigureName) -> None:
    """What is decided on account of a figure, and what else is open."""
    if gate.allowed(HOLD) and view.row.status is MeetingStatus.OPEN:
        _form(view.row.id, name)
    for each in view.about(name):
        _one(each, shown=name, meeting_id=view.row.id)


def mine() -> None:
    """What was decided that whoever looks has to do."""
    rows = gate.read(lists.mine)
    if not rows:
        return
    headings.part(_("Decided for me to do"))
    for row in rows:
        _one(row)


def _form(meeting_id: int, name: FigureName) -> None:
    today = gate.now().astimezone(words.zone()).date()
    form = Form(
        f"decision·{meeting_id}·{name}",
        TakeDecision,
        options={"staff": gate.read(staff)},
        values={"due_on": today + WEEK},
    )
    with st.form(f"{form.name}·form", enter_to_submit=False, border=False):
        what, who, when, press = st.columns([6, 2, 2, 1], vertical_alignment="bottom")
        with what:
            form.field("text")
        with who:
            form.field("owner_id")
        with when:
            form.field("due_on")
        with press:
            pressed = st.form_submit_button(_("Decide"), type="primary", key=f"{form.name}·send")
    if pressed:
        about = {"meeting_id": meeting_id, "figure": name}
        form.send(decisions.take, done=_("Decided"), extra=about)


def _one(row: DecisionView, shown: FigureName | None = None, meeting_id: int = 0) -> None:
    with st.expander(_label(row, shown), icon=ICONS[row.status]):
        said: dict[str, Any] = {
            words.field("figure"): words.code(row.figure) if row.figure else "",
            words.field("meeting"): row.meeting if row.meeting_id != meeting_id else "",
            words.field("note"): row.note,
        }
        facts(said)
        if not meeting_id and gate.allowed(HOLD):
            places.link("meeting", _("To the meeting"), id=str(row.meeting_id))
        actions.panel(
            decisions.PROCESS,
            record_id=row.id,
            version=row.version,
            rules=row.actions,
            opened=False,
        )


def _label(row: DecisionView, shown: FigureName | None) -> str:
    due = words.plain(words.day(row.due_on))
    if row.late:
        late = _("overdue since {day}", day=due)
        due = f":red[{marks.LATE} {late}]"
    about = [words.code(row.figure)] if row.figure and shown and row.figure is not shown else []
    who = [words.plain(each) for each in (row.text, row.owner, *about)]
    settled = [words.code(row.status)] if row.status is not DecisionStatus.OPEN else []
    return " · ".join((*who, due, *settled))

"""The list of meetings, and the form that starts one."""

from datetime import date, timedelta
from typing import Any

import streamlit as st

from core.kpi import FigureName
from core.meetings import lists, meetings
from core.meetings.inputs import StartMeeting
from core.meetings.rules import HOLD
from core.meetings.view import MeetingRow
from core.people.people import own_station_options
from core.process.permissions import sees_all_stations
from pages.ui.kit import gate, places, words
from pages.ui.kit.forms import Form
from pages.ui.kit.lists import choose
from pages.ui.kit.words import _
from pages.ui.meetings import sentences

KEY, PLACE = "meetings", "meeting_new"


def show() -> None:
    """The meetings, the newest first; a row opens it."""
    rows = gate.read(lists.listed)
    if gate.allowed(HOLD):
        label = _("Start a meeting")
        begin = st.expander(label, expanded=not rows, key=PLACE, on_change="rerun")
        if begin.open:
            with begin:
                _form()
    if not rows:
        st.info(_("No meeting has been held yet."), icon=":material/info:")
        return
    if chosen := choose(KEY, {row.id: _cells(row) for row in rows}, once=True):
        places.go("meeting", id=str(chosen))


def _cells(row: MeetingRow) -> dict[str, Any]:
    return {
        words.field("topic"): row.topic,
        words.field("held_at"): words.moment(row.started_at),
        words.field("status"): words.code(row.status),
        words.field("decisions_open"): str(row.decisions or ""),
        words.field("period"): sentences.period(row),
        words.field("scope"): sentences.scope(row),
        words.field("held_by"): row.started_by,
    }


def _form() -> None:
    st.caption(_("The figures and their cases are kept as they stand when the meeting starts."))
    form = Form(KEY, StartMeeting, options=_options(), values=_first())
    with st.form(f"{KEY}_form", enter_to_submit=False):
        form.field("topic")
        for name, place in zip(
            ("since", "until", "station_id", "kind"), st.columns(4), strict=True
        ):
            with place:
                form.field(name)
        form.tell("figures", _figures(form))
        pressed = st.form_submit_button(_("Start the meeting"), type="primary", key=f"{KEY}_send")
    if pressed:
        form.send(meetings.start, then=_started)


def _figures(form: Form) -> list[FigureName]:
    return st.multiselect(
        words.field("figures"),
        list(FigureName),
        default=gate.read(lists.usual),
        format_func=words.code,
        help=_("They are gone through in this order."),
        **form.widget("figures"),
    )


def _started(id: int) -> None:
    st.session_state.pop(PLACE, None)
    places.go("meeting", id=str(id))


def _options() -> dict[str, Any]:
    return {"stations": gate.read(own_station_options)}


def _first() -> dict[str, Any]:
    """What is usual: a meeting about the month before."""
    today = gate.now().astimezone(words.zone()).date()
    until = date(today.year, today.month, 1) - timedelta(days=1)
    since = until.replace(day=1)
    own = None if sees_all_stations(gate.actor()) else gate.actor().station_id
    topic = _("Review of {month}", month=words.month(since))
    return {"topic": topic, "since": since, "until": until, "station_id": own}

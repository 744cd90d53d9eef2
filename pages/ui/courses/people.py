"""Who takes part in a course: invited, there or not, examined, certified."""

from functools import partial

import streamlit as st

from core.codes import CourseStatus, SeatStatus
from core.courses import actions as process
from core.courses import seats
from core.courses.inputs import InvitePerson
from core.courses.rules import PLAN
from core.courses.view import CourseView, SeatView
from core.customers import customers
from pages.ui.courses import said
from pages.ui.kit import actions, gate, headings, papers, places, words
from pages.ui.kit.forms import Form
from pages.ui.kit.lists import facts
from pages.ui.kit.words import _

GOES_ON = (CourseStatus.PLANNED, CourseStatus.HELD)


def show(row: CourseView) -> None:
    """Everybody with their steps, and the way to invite one more."""
    headings.part(_("Who takes part"))
    if not row.people:
        st.caption(_("Nobody is invited yet."))
    for each in row.people:
        _one(each)
    if hidden := row.taken - sum(each.status is not SeatStatus.EXCUSED for each in row.people):
        n = max(hidden, 0)
        st.caption(words.n_("One of another station", "{n} of other stations", n))
    if row.status in GOES_ON and gate.allowed(PLAN):
        with st.expander(_("Invite somebody"), icon=":material/person_add:"):
            _invite(row)


def _one(row: SeatView) -> None:
    # Somebody who is the customer is named once.
    parts = dict.fromkeys((row.name, row.customer, words.code(row.status), said.exam(row)))
    with st.expander(words.plain(" · ".join(part for part in parts if part))):
        icon = ":material/person:"
        places.link("customer", words.plain(row.customer), icon=icon, id=str(row.customer_id))
        facts(
            {
                words.field("exam_score"): said.exam(row),
                words.field("certificate_no"): said.certificate(row),
                words.field("opinion"): row.opinion,
            }
        )
        if row.status is SeatStatus.CERTIFIED:
            papers.of_seat(row.id, row.certificate_no)
        actions.panel(
            seats.PROCESS,
            record_id=row.id,
            version=row.version,
            rules=row.actions,
            opened=False,
        )


def _invite(row: CourseView) -> None:
    name = f"invite·{row.id}"
    text = st.text_input(_("Search for the customer"), key=f"{name}·who")
    found = gate.read(customers.find, text=text) if text.strip() else ()
    if not found:
        st.caption(_("By name, telephone number or serial number."))
        return
    labels = {each.id: words.plain(f"{each.name} {each.phone}") for each in found}
    chosen = st.selectbox(
        words.field("customer"), list(labels), format_func=labels.__getitem__, key=f"{name}·chosen"
    )
    form = Form(name, InvitePerson)
    with st.form(f"{name}·form", border=False, enter_to_submit=False):
        form.field("participant")
        pressed = st.form_submit_button(_("Invite"), type="primary", key=f"{name}·send")
    if pressed:
        invite = partial(process.invite, course_id=row.id)
        form.send(invite, extra={"customer_id": chosen}, done=_("Saved"))

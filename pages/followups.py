"""Follow-up 回访: the calls due today, the survey, and what an unhappy customer leads to."""

import streamlit as st

from core import followups
from pages.ui import actions, gate, words
from pages.ui.lists import case_link, choose, facts
from pages.ui.words import _

st.title(words.in_domain("page", "followups"))
calls = gate.read(followups.due_calls)
if not calls:
    st.info(_("No calls are due today."), icon=":material/check_circle:")
    st.stop()

left, right = st.columns([3, 2], gap="medium")
with left:
    chosen = choose(
        "calls",
        {
            call.id: {
                words.field("due_on"): ("▲ " if call.late else "") + words.day(call.due_on),
                words.field("number"): call.number,
                words.field("customer"): call.customer,
                words.field("phone"): call.phone,
                words.field("symptom"): call.symptom,
                words.field("attempts"): call.attempts,
            }
            for call in calls
        },
    )
    st.caption(words.n_("One call", "{n} calls", len(calls)))
call = next((call for call in calls if call.id == chosen), calls[0])
with right, st.container(border=True):
    case_link(call.case_id, f"{call.number} · {words.plain(call.customer)}")
    if call.phone:
        st.link_button(call.phone, f"tel:{call.phone}", icon=":material/call:")
    facts(
        {
            words.field("contact"): call.contact,
            words.field("symptom"): call.symptom,
            words.field("resolved_at"): words.moment(call.resolved_at),
        }
    )
    actions.panel(
        followups.PROCESS,
        record_id=call.id,
        version=call.version,
        rules=call.actions,
        after=lambda complaint: (
            complaint
            and gate.flash(
                _("The customer is unhappy: a complaint was registered and linked."),
                icon=":material/report:",
            )
        ),
    )

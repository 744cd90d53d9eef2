"""Follow-up 回访: the calls due today, the survey, and what an unhappy customer leads to."""

import streamlit as st

from core.followups import actions as followups
from core.followups.actions import CallResult, Receipt
from pages.ui.kit import actions, gate, headings, words
from pages.ui.kit.lists import case_link, choose, facts
from pages.ui.kit.words import _

# What somebody has to know, beside that it was saved.
GRAVE = {CallResult.REGISTERED, CallResult.REOPENED, CallResult.NOTHING_OPENED}


def say(receipt: Receipt) -> None:
    """What the call led to, no more and no less."""
    text = words.code(receipt.result)
    icon = ":material/report:" if receipt.result in GRAVE else ":material/phone_callback:"
    gate.flash(text.format(number=receipt.number, day=words.day(receipt.due_on)), icon=icon)


headings.title(words.in_domain("page", "followups"))
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
            words.field("unpaid_cents"): words.money(call.owed_cents) if call.owed_cents else "",
        }
    )
    actions.panel(
        followups.PROCESS,
        record_id=call.id,
        version=call.version,
        rules=call.actions,
        after=lambda _opened: say(gate.read(followups.receipt, id=call.id)),
    )

"""What stands beside a queue: the case with its other actions, its links, its story."""

import streamlit as st

from core.house import HOUSE
from core.requests import actions as requests
from core.requests import inputs
from core.requests.view import CaseView
from pages.ui.kit import actions, gate, places, words
from pages.ui.kit.lists import case_link
from pages.ui.kit.words import _
from pages.ui.requests import attachments, timeline


def other_actions(view: CaseView) -> None:
    """What else may be done with the case: wait, remark, hand over; open while nobody was told."""
    if not view.actions:
        return
    untold = any(rule.action is inputs.Acknowledge for rule in view.actions)
    with st.expander(_("Other actions"), icon=":material/more_horiz:", expanded=untold):
        actions.panel(
            requests.PROCESS,
            record_id=view.id,
            version=view.version,
            rules=view.actions,
        )


def story(view: CaseView) -> None:
    """What was told, the answer if there is one, and everything that happened."""
    if view.answer:
        st.markdown(f"**{words.field('answer')}**  \n{words.plain(view.answer)}")
    attachments.show(view.id, may_add=gate.allowed("request:note"))
    title = _("Timeline")
    st.markdown(f"**{title}**")
    timeline.show(view.timeline)


def links(view: CaseView, *, to_customer: bool) -> None:
    """From a case to all that it hangs together with, for those who may read it."""
    if to_customer:
        places.link(
            "customer",
            words.plain(view.customer.name),
            icon=":material/person:",
            id=str(view.customer.id),
        )
    if gate.allowed("emergency:read"):
        places.link("emergencies", _("Emergency"), icon=":material/emergency:", number=view.number)
    _to_file(view)
    if view.batch and gate.allowed("quality:read"):
        batch_link(view.batch)
    if view.origin:
        case_link(view.origin[0], _("Comes from {number}", number=view.origin[1]))
    for raised_id, number in view.raised:
        case_link(raised_id, _("Led to {number}", number=number))


def _to_file(view: CaseView) -> None:
    room = HOUSE.homes.get(view.kind)
    if room and gate.allowed(HOUSE.files[view.kind].read):
        page = room.name  # the queue of a kind of file is called as its room
        label = words.in_domain("page", page)
        places.link(page, label, icon=":material/fact_check:", id=str(view.id))


def batch_link(batch: str) -> None:
    """To all cases of a batch."""
    places.link(
        "batch",
        _("Batch {batch}", batch=words.plain(batch)),
        icon=":material/inventory_2:",
        batch=batch,
    )

"""One request that came online: its words and photos, who it may be, what may be done with it."""

import streamlit as st

from core.codes import OnlineStatus
from core.online import view
from core.online.actions import PROCESS
from core.online.view import OnlineView
from pages.ui.kit import actions, filing, gate, places, words
from pages.ui.kit.lists import case_link, facts
from pages.ui.kit.words import _
from pages.ui.requests import arrivals, caller


def show(online_id: int) -> None:
    """A request of the pile."""
    asked = gate.read(view.view, id=online_id)
    with st.container(border=True):
        st.subheader(words.code(asked.kind), anchor=False)
        told(asked)
        _settled(asked)
        if asked.status is OnlineStatus.WAITING:
            _hints(asked)
            _accept(asked)
        actions.panel(
            PROCESS,
            record_id=asked.id,
            version=asked.version,
            rules=asked.actions,
            opened=False,
        )


def told(asked: OnlineView) -> None:
    """What the customer wrote, as plain text, with the photos."""
    st.text(asked.body)
    facts(
        {
            words.field("customer"): asked.name or _("nameless"),
            words.field("phone"): asked.phone,
            words.field("email"): asked.email,
            words.field("address"): asked.address,
            words.field("product"): asked.product,
            words.field("serial"): asked.serial,
            words.field("received_at"): words.moment(asked.taken_at, year=True),
        }
    )
    if asked.asset_id:
        places.link("piece", _("By the label of this piece"), id=str(asked.asset_id))
    for photo in asked.photos:
        content, key = gate.later(view.content, id=photo.id), f"online_file_{photo.id}"
        filing.hand_out(photo.name, content, key=key, mime=photo.mime)


def _settled(asked: OnlineView) -> None:
    """What became of it."""
    if asked.case_id:
        case_link(asked.case_id, asked.case_number)
    if asked.handled_at:
        at = words.moment(asked.handled_at)
        parts = (words.code(asked.status), asked.handled_by, at, asked.reason)
        st.caption(words.plain(" · ".join(filter(None, parts))))


def _hints(asked: OnlineView) -> None:
    """What a person should see before deciding."""
    arrivals.known(asked.known)
    named = {case for each in asked.known for case in each.cases}
    arrivals.open_cases(case for case in asked.of_piece if case not in named)
    if asked.alike:
        st.warning(_("The same was asked for before:"), icon=":material/repeat:")
    for other in asked.alike:
        parts = (words.moment(other.taken_at), words.code(other.status), other.number)
        label = words.plain(" · ".join(filter(None, parts)))
        places.link("online", label, icon=":material/edit_note:", id=str(other.id))


def _accept(asked: OnlineView) -> None:
    """On to the form of a request, with what the customer wrote filled in."""
    alone = asked.known[0].name if len(asked.known) == 1 else ""
    # By its serial number intake finds the piece, and whose it is.
    who = asked.serial or alone or asked.phone or asked.email
    if st.button(_("Register as a request"), type="primary", key=f"online_accept_{asked.id}"):
        places.go("intake", **{"online": str(asked.id), caller.WHO: who})

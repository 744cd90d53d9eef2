"""At intake: a request that came online, with what the customer wrote filled in."""

import streamlit as st

from core.codes import Channel, OnlineStatus
from core.online import actions, view
from core.online.view import OnlineView
from pages.ui.kit import gate, places
from pages.ui.kit.words import _
from pages.ui.online import asked as shown
from pages.ui.requests.begun import Begun


def asked() -> Begun | None:
    """The online request that the address names, while it waits for somebody."""
    id = places.number("online")
    if id is None or not gate.allowed(actions.HANDLE):
        return None
    found = gate.read(view.view, id=id)
    if found.status is not OnlineStatus.WAITING:
        st.info(_("This request was seen to meanwhile."), icon=":material/check_circle:")
        places.link("online", _("All online requests"), icon=":material/arrow_back:")
        st.stop()
    return Begun(
        name=f"intake·online·{found.id}",
        version=found.version,
        channel=Channel.ONLINE,
        kind=found.kind,
        values=_values(found),
        show=lambda: _show(found),
        take=lambda uow, register, seen: actions.accept(
            uow, register, online_id=found.id, seen_version=seen
        ),
    )


def _values(found: OnlineView) -> dict[str, object]:
    return {
        "customer_name": found.name,
        "phone": found.phone,
        "email": found.email,
        "address": found.address,
        "symptom": found.body,
        "received_at": found.taken_at,
    }


def _show(found: OnlineView) -> None:
    with st.expander(_("The online request"), icon=":material/edit_note:", expanded=True):
        shown.told(found)

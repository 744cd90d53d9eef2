"""What whoever looks after the machine is told when its clock can hardly be right."""

from datetime import timedelta
from uuid import uuid4

import streamlit as st

from core.process import clock
from pages.ui.kit import gate, words
from pages.ui.kit.words import _


def warning() -> None:
    """On the home page: only when something speaks against the clock."""
    found = gate.read(clock.doubt) if gate.allowed(clock.EDIT) else None
    if found is None:
        return
    is_ahead = found.by > timedelta()
    said = _("The clock of the server was put {length} ahead, or nothing happened for so long.")
    if not is_ahead:
        said = _("The clock of the server is {length} behind what was written last.")
    told = [said.format(length=words.span(abs(found.by)))]
    if is_ahead and not found.rests:
        told.append(_("If it is wrong, put it right before anybody works."))
    elif found.rests:
        told.append(_("Reminders, escalations and backups rest until you say that it is right."))
    else:
        told.append(_("Cases go on by the time of their last step. Put the clock right."))
    st.warning(" ".join(told), icon=":material/schedule:")
    if st.button(_("The clock is right"), key="clock_right"):
        gate.send(uuid4().hex, clock.confirm)
        st.rerun()

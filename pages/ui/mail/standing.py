"""On the page of the company: whether its mailbox is read."""

import streamlit as st

from core.mail import boxes, standing
from pages.ui.kit import gate, headings, words
from pages.ui.kit.words import _


def show() -> None:
    """The mailbox, when it was read, and what went wrong last."""
    headings.part(_("Mailbox"))
    found = gate.read(standing.view)
    if found is None:
        st.caption(
            _("No mailbox is set up. {setting} names one: see README.", setting=boxes.SETTING)
        )
        return
    if found.address:
        st.markdown(words.plain(found.address))
    if found.fault:
        at = words.moment(found.failed_at, year=True) if found.failed_at else ""
        said = " · ".join(filter(None, (at, words.code(found.fault))))
        st.error(said, icon=":material/error:")
    if found.read_at:
        st.caption(_("Read on {at}.", at=words.moment(found.read_at, year=True)))
    elif not found.fault:
        st.caption(_("It has not been read yet."))

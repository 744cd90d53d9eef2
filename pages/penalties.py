"""Penalties 责任处罚: the own ones with the way to appeal; for those who decide, theirs."""

import streamlit as st

from core.complaints import penalties
from pages.ui.complaints import penalty
from pages.ui.kit import gate, headings, places, words
from pages.ui.kit.lists import choose
from pages.ui.kit.words import _

headings.title(words.in_domain("page", "penalties"))
rows = {row.id: row for row in gate.read(penalties.list_of)}
if not rows:
    st.info(_("No penalty that you may see."), icon=":material/check_circle:")
    st.stop()

left, right = st.columns([3, 2], gap="medium")
with left:
    chosen = choose("penalties", {id: penalty.cells(row) for id, row in rows.items()})
    st.caption(
        _("Only the person concerned, their superiors, the manager and the auditor see this.")
    )
if chosen is None:
    chosen = places.number("id")
with right:
    if chosen in rows:
        with st.container(border=True):
            penalty.show(rows[chosen])
    elif chosen:
        st.warning(_("There is no such penalty, or you may not see it."), icon=":material/block:")
    else:
        st.info(_("Choose a row to work on it."), icon=":material/touch_app:")

"""Emergencies 应急: what is open, who was told, what is due when, what is needed."""

import streamlit as st

from core.emergencies import lists
from core.kernel.inputs import clean_search
from pages.ui.emergencies import file
from pages.ui.kit import filters, gate, headings, places, words
from pages.ui.kit.lists import choose
from pages.ui.kit.words import _

headings.title(words.in_domain("page", "emergencies"))
names = {"open": _("Open emergencies"), "closed": _("Closed emergencies")}
which = filters.segments("emergencies", "which", _("Which emergencies"), names, usual="open")
closed = which == "closed"
rows = gate.read(lists.list_emergencies, closed=closed)
left, right = st.columns([3, 2], gap="medium")
with left:
    chosen = None
    if rows:
        chosen = choose(f"emergencies_{which}", {row.id: file.cells(row) for row in rows})
    else:
        st.info(_("No emergencies here."), icon=":material/check_circle:")
    if gate.allowed("emergency:declare") and not closed:
        number = clean_search(places.asked("number"))
        with st.expander(_("Declare an emergency"), expanded=bool(number)):
            file.declare(number)

if chosen is None:
    chosen = places.number("id")
with right:
    if chosen:
        with st.container(border=True):
            file.show(gate.read(lists.view, id=chosen))
    elif rows:
        st.info(_("Choose a row to work on it."), icon=":material/touch_app:")

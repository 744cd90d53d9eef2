"""Emergencies 应急: what is open, who was told, what is due when, what is needed."""

import streamlit as st

from core.emergencies import lists
from pages.ui import emergency, gate, words
from pages.ui.lists import choose
from pages.ui.words import _

st.title(words.in_domain("page", "emergencies"))
names = {"open": _("Open emergencies"), "closed": _("Closed emergencies")}
which = st.segmented_control(
    _("Which emergencies"),
    list(names),
    default="open",
    required=True,
    format_func=names.__getitem__,
    key="emergencies_which",
    label_visibility="collapsed",
)
closed = which == "closed"
rows = gate.read(lists.list_emergencies, closed=closed)
left, right = st.columns([3, 2], gap="medium")
with left:
    chosen = None
    if rows:
        chosen = choose(f"emergencies_{which}", {row.id: emergency.cells(row) for row in rows})
    else:
        st.info(_("No emergencies here."), icon=":material/check_circle:")
    if gate.allowed("emergency:declare") and not closed:
        number = st.query_params.get("number", "")
        with st.expander(_("Declare an emergency"), expanded=bool(number)):
            emergency.declare(number)

asked_for = st.query_params.get("id", "")
if chosen is None and asked_for.isdecimal() and len(asked_for) <= 9:
    chosen = int(asked_for)
with right:
    if chosen:
        with st.container(border=True):
            emergency.show(gate.read(lists.view, id=chosen))
    elif rows:
        st.info(_("Choose a row to work on it."), icon=":material/touch_app:")

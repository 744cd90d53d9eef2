"""Complaints 投诉: what is due next comes first, and the chosen one beside it, step by step."""

import streamlit as st

from core.complaints import lists
from core.requests import case
from pages.ui import address, complaint, complaint_bulk, complaint_queue, gate, words
from pages.ui.words import _

classes = gate.read(lists.classes)
with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
    st.title(words.in_domain("page", "complaints"), width="content")
    whose = complaint_queue.whose()
    several = complaint_bulk.is_bulk()
chosen_filters = complaint_queue.filters(whose, classes)
if several:
    chosen_filters = complaint_bulk.judged(chosen_filters)
found = complaint_queue.read(chosen_filters)
left, right = st.columns([5, 6], gap="medium")
if several:
    with left:
        ticked = complaint_bulk.pick_several(found, classes)
    with right, st.container(border=True):
        complaint_bulk.assign(ticked)
    st.stop()

with left:
    chosen = complaint_queue.pick(found, classes)
if chosen is None:
    chosen = address.number("id")
with right:
    if chosen:
        complaint.beside(gate.read(case.view, id=chosen))
    elif found.rows:
        st.info(_("Choose a row to work on it."), icon=":material/touch_app:")

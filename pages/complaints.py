"""Complaints 投诉: what is due next comes first, and the chosen one beside it, step by step."""

import streamlit as st

from core.complaints import lists
from core.requests import view as case
from pages.ui.complaints import bulk, file, queue
from pages.ui.kit import gate, headings, words
from pages.ui.kit.words import _

classes = gate.read(lists.classes)
with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
    headings.title(words.in_domain("page", "complaints"))
    several = bulk.is_bulk()
chosen_filters = queue.filters(classes)
if several:
    chosen_filters = bulk.judged(chosen_filters)
found = queue.read(chosen_filters)
left, right = st.columns([1, 1], gap="medium")
if several:
    with left:
        ticked = bulk.pick_several(found, classes)
    with right, st.container(border=True):
        bulk.assign(ticked)
    st.stop()

with left:
    chosen = queue.pick(found, classes)
with right:
    if chosen:
        file.show(gate.read(case.view, id=chosen))
    elif found.rows:
        st.info(_("Choose a row to work on it."), icon=":material/touch_app:")

"""Complaints 投诉: what is due next comes first, and the chosen one beside it, step by step."""

import streamlit as st

from core.complaints import lists
from pages.ui.complaints import bulk, file, queue
from pages.ui.kit import filters, gate, headings, words
from pages.ui.kit.queue import beside
from pages.ui.kit.words import _
from pages.ui.requests.beside import shows

classes = gate.read(lists.classes)
headings.title(words.in_domain("page", "complaints"))
with filters.bar():
    chosen_filters = queue.filters(classes)
    several = bulk.is_bulk()
if several:
    chosen_filters = bulk.judged(chosen_filters)
found = queue.read(chosen_filters)
if several:
    left, right = st.columns([1, 1], gap="medium")
    with left:
        ticked = bulk.pick_several(found, classes)
    with right, st.container(border=True):
        bulk.assign(ticked)
    st.stop()

beside(
    bool(found.rows),
    lambda: queue.pick(found, classes),
    shows(file.work, otherwise=_("This case is no complaint.")),
    widths=(1, 1),
)

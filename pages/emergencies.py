"""Emergencies 应急: what is open, who was told, what is due when, what is needed."""

import streamlit as st

from core.emergencies import lists
from pages.ui.emergencies import file
from pages.ui.kit import filters, gate, headings, places, queue, window, words
from pages.ui.kit.words import _

headings.title(words.in_domain("page", "emergencies"))
if window.is_narrow() and (alone := places.number("id")):
    places.link("emergencies", _("All emergencies"), icon=":material/arrow_back:")
    file.show(gate.read(lists.view, id=alone))
    st.stop()

names = {"open": _("Open emergencies"), "closed": _("Closed emergencies")}
which = filters.segments("emergencies", "which", _("Which emergencies"), names, usual="open")
rows = gate.read(lists.list_emergencies, closed=which == "closed")
queue.beside(
    bool(rows),
    lambda: file.pick(f"emergencies_{which}", rows, may_declare=which == "open"),
    lambda chosen: file.show(gate.read(lists.view, id=chosen)),
)

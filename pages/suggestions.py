"""Suggestions 建议: what is due next comes first, and the chosen one beside it (S12, A25)."""

import streamlit as st

from core import people
from pages.ui import filing, gate, suggesting, words
from pages.ui.words import _

st.title(words.in_domain("page", "suggestions"))
found = suggesting.read(suggesting.filters())
left, right = st.columns([3, 2], gap="medium")
with left:
    departments = dict(gate.read(people.department_options)) if found.rows else {}
    rows = {row.case.case_id: suggesting.cells(row, departments) for row in found.rows}
    chosen = filing.pick(suggesting.NAME, found, rows, _("No suggestions here."))
with right:
    if chosen:
        with st.container(border=True):
            suggesting.show(chosen)
    elif rows:
        st.info(_("Choose a row to work on it."), icon=":material/touch_app:")

"""Suggestions 建议: what is due next comes first, and the chosen one beside it (S12, A25)."""

import streamlit as st

from core.people import people
from pages.ui.kit import gate, headings, queue, words
from pages.ui.kit.words import _
from pages.ui.suggestions import file

headings.title(words.in_domain("page", "suggestions"))
found = file.read(file.filters())
left, right = st.columns([3, 2], gap="medium")
with left:
    departments = dict(gate.kept(people.department_options)) if found.rows else {}
    rows = {row.case.case_id: file.cells(row, departments) for row in found.rows}
    chosen = queue.pick(file.NAME, found, rows, empty=_("No suggestions here."))
with right:
    if chosen:
        with st.container(border=True):
            file.show(chosen)
    elif rows:
        st.info(_("Choose a row to work on it."), icon=":material/touch_app:")

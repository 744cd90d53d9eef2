"""Quality feedback 质量反馈: what is due next comes first, and the chosen one beside it (C7)."""

import streamlit as st

from pages.ui.kit import headings, places, queue, words
from pages.ui.kit.words import _
from pages.ui.quality import file

headings.title(words.in_domain("page", "quality"))
found = file.read(file.filters())
left, right = st.columns([3, 2], gap="medium")
with left:
    rows = {row.case.case_id: file.cells(row) for row in found.rows}
    chosen = queue.pick(file.NAME, found, rows, empty=_("No quality feedback here."))
    places.link("batch", _("Look up a batch"), icon=":material/inventory_2:")
with right:
    if chosen:
        with st.container(border=True):
            file.show(chosen)
    elif rows:
        st.info(_("Choose a row to work on it."), icon=":material/touch_app:")

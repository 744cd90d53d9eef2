"""Quality feedback 质量反馈: what is due next comes first, and the chosen one beside it (C7)."""

import streamlit as st

from pages.ui import filing, quality_review, words
from pages.ui.words import _

st.title(words.in_domain("page", "quality"))
found = quality_review.read(quality_review.filters())
left, right = st.columns([3, 2], gap="medium")
with left:
    rows = {row.case.case_id: quality_review.cells(row) for row in found.rows}
    chosen = filing.pick(quality_review.NAME, found, rows, _("No quality feedback here."))
    st.page_link("pages/batch.py", label=_("Look up a batch"), icon=":material/inventory_2:")
with right:
    if chosen:
        with st.container(border=True):
            quality_review.show(chosen)
    elif rows:
        st.info(_("Choose a row to work on it."), icon=":material/touch_app:")

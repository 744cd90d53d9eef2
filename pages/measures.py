"""My measures 我的改善措施: what I have to do so that a problem does not come back."""

import streamlit as st

from core.improvements import actions as improvements
from pages.ui.improvements import file
from pages.ui.kit import gate, headings, words
from pages.ui.kit.lists import case_link
from pages.ui.kit.words import _

headings.title(words.in_domain("page", "measures"))
rows = gate.read(improvements.mine)
if not rows:
    st.info(_("No measure is yours at the moment."), icon=":material/check_circle:")
for row in rows:
    with st.container(border=True):
        if gate.allowed("complaint:read"):
            case_link(row.case_id, row.number)
        file.show(row)

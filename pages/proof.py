"""Proof 历史校验: the last check of the history, a new one, and the signed heads."""

import streamlit as st

from pages.ui.kit import headings, words
from pages.ui.process import checking

headings.title(words.in_domain("page", "proof"))
left, right = st.columns([3, 2], gap="large")
with left:
    checking.last()
    checking.now()
with right:
    checking.heads()

"""What if 假设分析: judge a period again under the draft; nothing is written."""

import streamlit as st

from core import rulebook
from pages.ui import gate, judging, words
from pages.ui.words import _

st.title(words.in_domain("page", "what_if"))
draft = gate.read(rulebook.draft)
if draft is None:
    st.info(_("You have no draft. Start one on the page of the rule book."))
    st.page_link("pages/norms.py", label=words.in_domain("page", "norms"), icon=":material/gavel:")
    st.stop()

since, until = judging.period()
if st.button(_("Judge again"), type="primary", key="what_if_send"):
    judging.judge(draft, since, until)
outcome = judging.last(draft)
if outcome is None:
    st.caption(_("Choose a period: closed and open cases received in it are judged again."))
    st.stop()
judging.rates(outcome)
judging.changes(outcome, draft)

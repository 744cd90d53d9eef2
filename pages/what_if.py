"""What if 假设分析: judge a period again under the draft; nothing is written."""

import streamlit as st

from core.rulebook import book as rulebook
from pages.ui.kit import gate, headings, places, words
from pages.ui.kit.words import _
from pages.ui.rulebook import sentences, what_if

headings.title(words.in_domain("page", "what_if"))
draft = gate.read(rulebook.draft)
if draft is None:
    st.info(_("You have no draft. Start one on the page of the rule book."))
    places.link("norms", words.in_domain("page", "norms"), icon=":material/gavel:")
    st.stop()

with st.expander(_("What the draft changes")):
    if not sentences.difference(gate.read(rulebook.current), draft):
        st.caption(_("The draft is the rule book in force."))
since, until = what_if.period()
if st.button(_("Judge again"), type="primary", key="what_if_send"):
    what_if.judge(draft, since, until)
outcome = what_if.last(draft)
if outcome is None:
    st.caption(_("Choose a period: closed and open cases received in it are judged again."))
    st.stop()
what_if.rates(outcome, draft)
what_if.changes(outcome, draft)

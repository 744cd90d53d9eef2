"""Sign-ins 登录安全: the record of who came in, who has to wait, and how people sign in."""

import streamlit as st

from core.people import records
from pages.ui.kit import gate, headings, words
from pages.ui.kit.words import _
from pages.ui.people import access

headings.title(words.in_domain("page", "access"))
record, waiting, rules = st.tabs(
    [_("Record"), _("Who has to wait"), _("How people sign in")], key="access_tabs"
)
with record:
    access.record()
with waiting:
    access.waiting(may_unlock=gate.allowed(records.EDIT))
with rules:
    access.rules(may_edit=gate.allowed(records.EDIT))

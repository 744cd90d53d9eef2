"""Sign-ins 登录安全: the record of who came in, who has to wait, and how people sign in."""

import streamlit as st

from core.people import records
from pages.ui.erasing import retention
from pages.ui.frame.screens import SCREENS
from pages.ui.kit import gate, headings, words
from pages.ui.kit.words import _
from pages.ui.people import access, sights

headings.title(words.in_domain("page", "access"))
names = [_("Record"), _("Who has to wait"), _("How people sign in"), _("Who sees what")]
names += [_("How long things stay")]
record, waiting, rules, seen, ages = st.tabs(names, key="access_tabs")
with record:
    access.record()
with waiting:
    access.waiting(may_unlock=gate.allowed(records.EDIT))
with rules:
    access.rules(may_edit=gate.allowed(records.EDIT))
with seen:
    sights.show(SCREENS)
with ages:
    retention.show(may_edit=gate.allowed(records.EDIT))

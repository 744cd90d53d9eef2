"""Messages to customers: when the tool writes by itself, quiet hours, and the texts."""

import streamlit as st

from pages.ui.kit import headings, words
from pages.ui.kit.words import _
from pages.ui.messages import setting

headings.title(words.in_domain("page", "messages"))
first, second = st.tabs([_("When it is written"), _("Texts")], key="messages_tabs")
with first:
    setting.occasions()
with second:
    setting.texts()

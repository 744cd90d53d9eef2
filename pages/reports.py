"""Reports 服务报表: what was made of each week, month and quarter, as it was frozen."""

import streamlit as st

from core.reports import view
from pages.ui.kit import gate, headings, places, words
from pages.ui.kit.words import _
from pages.ui.reports import report, shelf

headings.title(words.in_domain("page", "reports"))
if chosen := places.number("id"):
    places.link("reports", _("All reports"), icon=":material/arrow_back:")
    report.show(gate.read(view.view, id=chosen))
    st.stop()
shelf.show()

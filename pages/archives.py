"""Archives 档案: customers on their way to another station, and who may read what (C10, C15)."""

import streamlit as st

from core.customers import handovers, readings
from pages.ui.customers import guarding
from pages.ui.kit import gate, headings, words
from pages.ui.kit.words import _

headings.title(words.in_domain("page", "archives"))
headings.part(_("Customers who go to another station"))
waiting = gate.read(handovers.waiting)
for each in waiting:
    guarding.handed(each)
if not waiting:
    st.caption(_("Nobody is offered or asked for."))

headings.part(_("Applications to read an archive"))
listed = gate.read(readings.listed)
for one in listed:
    guarding.read(one)
if not listed:
    st.caption(_("Nobody has applied. It is done on the page of a customer."))

if gate.allowed(readings.LOG):
    guarding.looks(gate.read(readings.looks))

"""A purchase of a customer: its lines, and what is put right of it (C9)."""

import streamlit as st

from core.customers import purchases
from pages.ui.customers import purchase
from pages.ui.kit import gate, headings, places
from pages.ui.kit.words import _

purchase_id = places.number("id")
if purchase_id is None:
    st.info(_("Search for a customer to open the archive."), icon=":material/search:")
    places.link("find", _("Search"))
    st.stop()

file = gate.read(purchases.file, id=purchase_id)
headings.title(purchase.name(file))
purchase.show(file)
purchase.work(file)

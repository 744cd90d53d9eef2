"""The workshop 维修间: goods in the shop by step, and the chosen piece with its next step."""

import streamlit as st

from core.workshop import view
from pages.ui.kit import gate, headings, places, window, words
from pages.ui.kit.words import _
from pages.ui.workshop import piece, pile

headings.title(words.in_domain("page", "workshop"))
if window.is_narrow() and (alone := places.number("id")):
    places.link("workshop", _("All goods in the shop"), icon=":material/arrow_back:")
    piece.show(gate.read(view.view, id=alone))
    st.stop()
pile.show()

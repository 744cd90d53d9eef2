"""Scan 扫码: a label opens its return or its repair in the shop, the code of a part its stock."""

from contextlib import suppress

import streamlit as st

from core.kernel.errors import Refused
from core.requests.lists import View
from core.returns import actions
from core.returns.rules import READ
from core.stock import catalogue
from core.workshop import view as workshop
from pages.ui.kit import gate, headings, places, scanning, words
from pages.ui.kit.words import _
from pages.ui.returns import labels

headings.title(words.in_domain("page", "scan"))
typed = st.text_input(
    _("Label"),
    key="scan_label",
    placeholder=_("Tap here, then scan the label"),
    icon=":material/qr_code_scanner:",
)
# Who comes back from the return scans the next label; its address would lead there again.
asked = typed or ("" if places.came_back() else places.asked("label"))
if not asked:
    asked = scanning.camera("scan", labels.seen_or_code)
if not asked:
    st.caption(_("A hand scanner types the label here; the camera of a tablet does as well."))
    if gate.allowed(READ):
        my_turn, icon = words.code(View.MY_TURN), ":material/undo:"
        places.link("returns", my_turn, icon=icon, returns_view="my_turn")
    st.stop()

label = labels.read(asked)
with suppress(Refused):  # no goods in the shop: a part or a parcel then
    places.go("workshop", id=str(gate.ask(workshop.by_number, label=label)))
with suppress(Refused):
    places.go("parts", id=str(gate.ask(catalogue.by_number, number=asked)))
try:
    found = gate.ask(actions.by_label, label=label)
except Refused:
    st.error(
        _("Nothing with this label that you may see. Scan it once more."),
        icon=":material/qr_code_2:",
    )
else:
    places.go("case", id=str(found))

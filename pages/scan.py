"""Scan 扫码: the label of a parcel opens its return."""

import streamlit as st

from core.kernel.errors import Refused
from core.requests.lists import View
from core.returns import actions
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
    asked = scanning.camera("scan", labels.seen)
if not asked:
    st.caption(_("A hand scanner types the label here; the camera of a tablet does as well."))
    places.link(
        "returns",
        words.code(View.MY_TURN),
        icon=":material/undo:",
        returns_view="my_turn",
    )
    st.stop()

label = labels.read(asked)
try:
    found = gate.ask(actions.by_label, label=label)
except Refused:
    st.error(
        _("No parcel with this label that you may see. Scan it once more."),
        icon=":material/qr_code_2:",
    )
else:
    places.go("case", id=str(found))

"""A link by which the customer answers the survey without being called."""

import streamlit as st

from core.care import calls
from core.care.inputs import GiveCareLink
from core.care.lists import CareRow
from core.links import links
from pages.ui.kit import gate, words
from pages.ui.kit.actions import taking
from pages.ui.kit.forms import Form
from pages.ui.kit.words import _
from pages.ui.links import shown

SHOWN = "care_link"


def offer(row: CareRow) -> None:
    """The button that makes it, and right after it the address and its code."""
    may = any(rule.action is GiveCareLink for rule in row.actions)
    if not may or not gate.read(links.is_offered):
        return
    call, secret = st.session_state.get(SHOWN, (None, ""))
    if call == row.id:
        shown.code(secret, note=_("Copy it now: it is shown this once. The survey opens by it."))
    form = Form(f"care_link·{row.id}", GiveCareLink, version=row.version)
    # The same for a form however often it is pressed: what is shown is what was stored.
    secret = st.session_state.setdefault(f"care_secret·{form.key}", links.new_secret())
    name = words.action(GiveCareLink.name)
    if st.button(name, key=f"care_link_{row.id}", icon=":material/qr_code_2:"):
        form.send_by(
            lambda filled, key: gate.send(
                key, lambda uow: taking(calls.PROCESS, row.id, form.seen)(uow, filled)
            ),
            extra={"digest": links.digest_of(secret)},
            then=lambda _done: st.session_state.update({SHOWN: (row.id, secret)}),
        )

"""On the page of a case: the articles that it took, and the way from its answer to a new one."""

import streamlit as st

from core.knowledge import uses
from core.knowledge.rules import READ, WRITE
from core.requests.view import CaseView
from pages.ui.kit import gate, places, words
from pages.ui.kit.words import _
from pages.ui.knowledge import offered, said


def of_case(view: CaseView) -> None:
    """Nothing before there is an answer."""
    if not view.answer or not gate.allowed(READ):
        return
    used = gate.read(uses.of_case, case_id=view.id)
    for each in used:
        with st.container(horizontal=True, vertical_alignment="center"):
            label = words.plain(f"{each.number} {each.headline}")
            places.link("knowledge", label, icon=said.ICON, id=str(each.id))
            if not each.said and not each.failed:
                offered.helped(view.id, each.id)
    if not used and gate.allowed(WRITE):
        label = _("Make an article of this answer")
        places.link("knowledge", label, icon=said.ICON, case=str(view.id))

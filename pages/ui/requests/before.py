"""What comes before somebody is sent: facts, a paper, guidance from afar (A14, D27)."""

import streamlit as st

from core.process.rules import Rule
from core.requests import inputs
from core.requests.ready import LackKind
from core.requests.view import CaseView
from pages.ui.kit import lacking, papers, words


def show(view: CaseView) -> None:
    """What the case still lacks, with the paper to be made and what is to be tried."""
    if not view.lacks:
        return
    st.warning(lacking.said(view.lacks), icon=":material/front_hand:")
    if lacking.wants_guidance(view.lacks) and view.guidance:
        st.caption(words.plain(view.guidance[words.language()]))
    for each in view.lacks:
        if each.kind is LackKind.PAPER:
            with st.container(horizontal=True):
                papers.download(each.name, view.id, view.number, place="before")


def comes_first(view: CaseView, rule: Rule) -> bool:
    """Whether an action has to come before somebody is sent."""
    return rule.action is inputs.Guide and lacking.wants_guidance(view.lacks)

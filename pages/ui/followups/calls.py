"""Follow-up calls on screen: when, by whom, the scores, the opinion and what else is wanted."""

from collections.abc import Sequence

import streamlit as st

from core.followups.opinions import CallView
from pages.ui.kit import words
from pages.ui.kit.lists import case_link, facts
from pages.ui.kit.words import _


def show(calls: Sequence[CallView], *, with_case: bool = False) -> None:
    """The calls, the newest first; `with_case` links each to the case that it is about."""
    for call in calls:
        with st.container(border=True):
            if with_case:
                case_link(call.case_id, call.number)
            at = words.moment(call.ended_at, year=True) if call.ended_at else words.day(call.due_on)
            who = _("the customer, by the link") if call.by_link else words.plain(call.caller)
            st.markdown(f"**{words.code(call.status)}** · {at} · {who}")
            facts(
                {
                    words.field("score"): f"{call.score:g}" if call.score is not None else "",
                    **{question: f"{score}/10" for question, score in call.scores},
                    words.field("opinion"): call.opinion,
                    words.field("other_needs"): call.other_needs,
                }
            )

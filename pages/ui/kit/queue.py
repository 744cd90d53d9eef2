"""What queues share: the rows of a page, news of the list, what is due next."""

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from core.requests.queues import CaseFacts, Page
from pages.ui.kit import gate, places, words
from pages.ui.kit.lists import choose
from pages.ui.kit.words import _


def pick(name: str, found: Page[Any], rows: Mapping[int, Mapping[str, Any]], empty: str) -> Any:
    """The rows of a queue; gives the case that was chosen, in the list or by the address."""
    if rows:
        chosen = choose(name, rows)
        if found.pages > 1:
            st.pagination(found.pages, key=f"{name}_page")
        st.caption(words.n_("One case", "{n} cases", found.total))
    else:
        st.info(empty, icon=":material/check_circle:")
        chosen = st.session_state.get(f"{name}·picked")
    return places.number("id") if chosen is None else chosen


@st.fragment(run_every="30s")
def watch(name: str, shown: int, count: Callable[[], int]) -> None:
    """Say that the list has changed; it is told, not moved under the mouse."""
    if st.session_state.pop(f"{name}·just_read", False):
        return
    now = count()
    if now != shown and st.button(
        _("The list has changed: {n} now. Show it.", n=now), key=f"{name}_again"
    ):
        st.rerun()


def due(case: CaseFacts) -> str:
    """When the next limit of a case is due; a mark where it is late."""
    mark = "▲ " if case.late else ""
    return mark + words.due(case.next_due, now=gate.now(), waits=case.waits is not None)


def due_by(case: CaseFacts) -> str:
    """Which limit that is, and its clause."""
    return f"{words.in_domain('limit', case.due_by)} {case.clause}" if case.due_by else "—"

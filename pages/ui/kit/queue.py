"""What queues share: the rows of a page, news of the list, which limit is due next."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

import streamlit as st

from core.requests.queues import CaseSummary
from pages.ui.kit import filters, gate, lists, places, words
from pages.ui.kit.lists import Leafed, Rows
from pages.ui.kit.words import _

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

FilterT = TypeVar("FilterT", bound="DataclassInstance")
PageT = TypeVar("PageT", bound=Leafed)


def pick(name: str, found: Leafed, rows: Rows, *, empty: str, once: bool = False) -> int | None:
    """The rows of a queue; gives the case that was chosen, in the list or by the address."""
    chosen = lists.pick(name, found, rows, empty=empty, once=once)
    return places.number("id") if chosen is None else chosen


def in_view(
    key: str, chosen: FilterT, place: Any, views: Callable[..., Any], **asked: Any
) -> FilterT:
    """The same filter for the part of the list that is chosen among those that `views` counts."""
    counts = gate.read(views, filters=chosen, **asked)
    with place:
        return replace(chosen, view=filters.view(key, counts))


def read(key: str, query: Callable[..., PageT], count: Callable[..., int], **asked: Any) -> PageT:
    """The page of a list that is looked at, and watched from now on: `count` counts its rows."""
    found = gate.read(query, page=lists.page_number(key), **asked)
    st.session_state[f"{key}·just_read"] = True
    _watch(key, found.total, lambda: gate.read(count, **asked))
    return found


@st.fragment(run_every="30s")
def _watch(name: str, shown: int, count: Callable[[], int]) -> None:
    # New work comes in while the list stands on the screen. It is told, not moved: a row that
    # jumps away under the mouse is the wrong row clicked.
    if st.session_state.pop(f"{name}·just_read", False):
        return
    now = count()
    if now != shown and st.button(
        _("The list has changed: {n} now. Show it.", n=now), key=f"{name}_again"
    ):
        st.rerun()


def due_by(case: CaseSummary) -> str:
    """Which limit that is, and its clause."""
    return f"{words.in_domain('limit', case.due_by)} {case.clause}" if case.due_by else "—"

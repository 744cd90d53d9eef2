"""What queues share: the rows of a page, news of the list, which limit is due next."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

import streamlit as st

from core.requests.queues import CaseSummary
from pages.ui.kit import filters, gate, lists, places, resting, window, words
from pages.ui.kit.lists import Leafed, Rows
from pages.ui.kit.words import _

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

FilterT = TypeVar("FilterT", bound="DataclassInstance")
PageT = TypeVar("PageT", bound=Leafed)


def pick(name: str, found: Leafed, rows: Rows, *, empty: str, alone: bool = False) -> int | None:
    """The rows of a queue; gives the case that lies beside it, which the address names.

    In a narrow window, or `alone`, none does: what is chosen there is opened on its own page.
    """
    if alone or window.is_narrow():
        _lead_away(lists.pick(name, found, rows, empty=empty, once=True))
        return None
    begin(name)
    return hold(lists.pick(name, found, rows, empty=empty))


def beside(
    has_rows: bool,
    pick: Callable[[], int | None],
    show: Callable[[int], None],
    *,
    widths: tuple[int, int] = (3, 2),
) -> None:
    """A list, and what is chosen in it beside it; in a narrow window the list alone."""
    if window.is_narrow():
        pick()
        return
    left, right = st.columns(widths, gap="medium")
    with left:
        chosen = pick()
    with right:
        if chosen:
            show(chosen)
        elif has_rows:
            st.info(_("Choose a row to work on it."), icon=":material/touch_app:")


def begin(name: str) -> None:
    """Whoever comes to a list finds the row chosen that the address names."""
    state = st.session_state
    if state.get("beside·arrival") != places.arrival():
        state["beside·arrival"] = places.arrival()
        lists.turn_to(name, places.number("id"))


def hold(chosen: int | None) -> int | None:
    """Name the row that lies beside its list in the address."""
    places.keep("id", str(chosen or ""))
    resting.follow()
    return chosen


def _lead_away(tapped: int | None) -> None:
    # A link leads on to what it names; whoever comes back from there wants the list.
    asked = None if places.came_back() else places.number("id")
    if opened := tapped or asked:
        lists.open_case(opened)


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

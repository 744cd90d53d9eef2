"""The address of a page: what it asks for, what it keeps, and the way from page to page.

Only here the address is read and written. No widget is bound to it: what is bound can be neither
set nor deleted in the same run, and it speaks in labels, which are words of one language.
"""

from typing import NoReturn

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

MOST_DIGITS = 9  # of a key: more of them no database holds


def asked(name: str) -> str:
    """What the address says under a name; empty where it says nothing."""
    return st.query_params.get(name, "")


def number(name: str) -> int | None:
    """A number in the address; None for anything else, and for digits of other scripts."""
    text = asked(name)
    is_number = text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS
    return int(text) if is_number else None


def keep(name: str, text: str) -> None:
    """Write into the address what is chosen now; nothing is not named in it."""
    if text and text != asked(name):
        st.query_params[name] = text
    elif not text and name in st.query_params:
        del st.query_params[name]


def clear() -> None:
    """Ask for nothing any more."""
    st.query_params.clear()


def arrive(page: str) -> None:
    """Note at the start of a run whether somebody has just come to the page, and from where."""
    state, context = st.session_state, get_script_run_ctx()
    state["address·links"] = []
    came_back = context is not None and context.is_history_navigation
    has_moved = state.pop("address·moved", False)
    if came_back or has_moved or page != state.get("address·page"):
        state["address·arrival"] = arrival() + 1
        state["address·came_back"] = came_back
        state["address·page"] = page
    if came_back:
        _put_right(page)


def arrival() -> int:
    """Counts how often somebody has come to a page, or to another address of the same page."""
    return int(st.session_state.get("address·arrival", 0))


def current() -> str:
    """The page that this window is on."""
    return str(st.session_state.get("address·page", ""))


def came_back() -> bool:
    """Whether the browser's Back or Forward led here: what opens by itself must not do so again."""
    return bool(st.session_state.get("address·came_back"))


def go(page: str, **parameters: str) -> NoReturn:
    """To another page; Back leads to this one as it was left."""
    state = st.session_state
    left = state.setdefault("address·left", {})
    left[state["address·page"], frozenset(parameters.items())] = st.query_params.to_dict()
    state["address·moved"] = True
    st.switch_page(f"pages/{page}.py", query_params=parameters)


def link(page: str, label: str, *, icon: str = "", **parameters: str) -> None:
    """A link to another page, or to another record on this one."""
    if page == current():
        _link_here(page, label, icon, parameters)
        return
    st.page_link(f"pages/{page}.py", label=label, icon=icon or None, query_params=parameters)


def _link_here(page: str, label: str, icon: str, parameters: dict[str, str]) -> None:
    # A link of Streamlit's to the same page leaves the address as it was: the next press there
    # would be about the record before.
    drawn = st.session_state["address·links"]
    name = f"{page}·{'·'.join(parameters.values())}"
    drawn.append(name)
    key = f"link·{name}·{drawn.count(name)}"
    if st.button(label, key=key, icon=icon or None, type="tertiary"):
        go(page, **parameters)


def _put_right(page: str) -> None:
    # Streamlit writes the next page's parameters before it leaves a page. So the browser goes back
    # to an address of the old page that asks for things of the new one: another record's number.
    left = st.session_state.get("address·left", {})
    before = left.pop((page, frozenset(st.query_params.to_dict().items())), None)
    if before is not None:
        st.query_params.from_dict(before)

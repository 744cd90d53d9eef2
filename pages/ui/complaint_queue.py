"""The queue of complaints: what narrows it, and its rows."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import streamlit as st

from core import people
from core.complaints import lists
from core.complaints.lists import ComplaintRow, Filter, Page, Whose
from core.permissions import sees_all_stations
from pages.ui import complaint_steps, gate, words
from pages.ui.lists import choose, page_number
from pages.ui.words import _

NAME = "complaints"
OPEN = tuple(complaint_steps.OPEN_STEP)


def whose() -> Whose:
    """Whose complaints are looked at: what the person has is offered."""
    may = {Whose.DEPARTMENT: gate.actor().department != ""}
    may[Whose.APPROVE] = gate.allowed("complaint:approve")
    key, offered = f"{NAME}_whose", [each for each in Whose if may.get(each, True)]
    st.session_state.setdefault(key, _asked_for(key, offered) or Whose.ALL)
    chosen: Whose = st.segmented_control(
        _("Whose"),
        offered,
        required=True,
        format_func=words.code,
        key=key,
        label_visibility="collapsed",
    )
    _keep(key, None if chosen is Whose.ALL else chosen)
    return chosen


def filters(whose: Whose, classes: Mapping[str, str]) -> Filter:
    """What narrows the queue; it stays in the address, so that a link shows the same list."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = Filter(
            whose=whose,
            text=_text(),
            case_class=_select("case_class", classes) or "",
            status=_select("step", {each: words.code(each) for each in OPEN}),
            late=st.toggle(_("Only late"), key=f"{NAME}_late", bind="query-params"),
        )
        return _more(chosen)


def read(chosen: Filter) -> Page:
    """The page of the queue that is looked at."""
    found = gate.read(lists.queue, filters=chosen, page=page_number(NAME))
    st.session_state[f"{NAME}·just_read"] = True
    _watch(chosen, found.total)
    return found


def pick(found: Page, classes: Mapping[str, str]) -> int | None:
    """The rows of the queue; gives the case of the one that was chosen."""
    if not found.rows:
        st.info(_("No complaints here."), icon=":material/check_circle:")
        picked: int | None = st.session_state.get(f"{NAME}·picked")
        return picked
    chosen = choose(NAME, {row.case_id: cells(row, classes) for row in found.rows})
    pager(found)
    return chosen


def cells(row: ComplaintRow, classes: Mapping[str, str]) -> dict[str, str]:
    """One complaint as a row: where it stands, what is due next and by which clause."""
    late = "▲ " if row.late else ""
    why = f"{words.in_domain('limit', row.due_by)} {row.clause}" if row.due_by else "—"
    return {
        words.field("next_due"): late
        + words.due(row.next_due, now=gate.now(), waits=row.waits is not None),
        words.field("step"): complaint_steps.label(row.status),
        words.field("customer"): row.customer,
        words.field("symptom"): row.symptom,
        _("Due by"): why,
        words.field("number"): row.number,
        words.field("case_class"): classes.get(row.case_class, ""),
        words.field("product"): row.product,
        words.field("handler"): row.handler,
    }


def _text() -> str:
    typed = st.text_input(
        _("Filter"),
        key=f"{NAME}_q",
        bind="query-params",
        placeholder=_("Number, phone, name, serial"),
        icon=":material/filter_list:",
        width=220,
    )
    return typed or ""


def _select(name: str, options: Mapping[Any, str]) -> Any:
    key = f"{NAME}_{name}"
    st.session_state.setdefault(key, _asked_for(key, options))
    chosen = st.selectbox(
        words.field(name),
        list(options),
        index=None,
        format_func=lambda value: options.get(value, str(value)),
        key=key,
        placeholder=_("All"),
        width=150,
    )
    _keep(key, chosen)
    return chosen


def _asked_for(key: str, offered: Iterable[Any]) -> Any:
    # A bound widget writes its label into the address, and a label speaks one language only.
    asked = st.query_params.get(key)
    return next((code for code in offered if str(code) == asked), None)


def _keep(key: str, code: Any) -> None:
    if code is not None:
        st.query_params[key] = str(code)
    elif key in st.query_params:
        del st.query_params[key]


def _more(chosen: Filter) -> Filter:
    # Their options are read only when they are wanted: opened, or set by the address.
    used = sum(f"{NAME}_{name}" in st.query_params for name in ("station", "product", "ended"))
    label = _("More ({n} used)", n=used) if used else _("More")
    more = st.popover(label, key=f"{NAME}_more", on_change="rerun", icon=":material/tune:")
    if not more.open and not used:
        return chosen
    with more:
        station = None
        if sees_all_stations(gate.actor()):
            station = _select("station", gate.read(people.station_options))
        product = _select("product", {model: model for model in gate.read(lists.products)})
        ended = st.toggle(_("Closed ones instead"), key=f"{NAME}_ended", bind="query-params")
    return replace(chosen, station_id=station, product=product or "", ended=ended)


@st.fragment(run_every="30s")
def _watch(chosen: Filter, shown: int) -> None:
    # Told, not moved: a row that jumps away under the mouse is the wrong row clicked.
    if st.session_state.pop(f"{NAME}·just_read", False):
        return
    now = gate.read(lists.count, filters=chosen)
    if now != shown and st.button(
        _("The list has changed: {n} now. Show it.", n=now), key=f"{NAME}_again"
    ):
        st.rerun()


def pager(found: Page) -> None:
    """Leaf through the queue, and how long it is."""
    if found.pages > 1:
        st.pagination(found.pages, key=f"{NAME}_page")
    st.caption(words.n_("One case", "{n} cases", found.total))

"""Lists of cases: a table whose row opens, filters kept in the address, paging."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from core import people
from core.codes import RequestKind
from core.permissions import sees_all_stations
from core.requests.lists import CaseRow, Filter, Page
from pages.ui import gate, resting, words
from pages.ui.words import _


def filters(name: str, kinds: list[RequestKind] | None = None) -> Filter:
    """The filters of a queue; they stay in the address, so that a link shows the same list."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        text = st.text_input(
            _("Filter"),
            key=f"{name}_q",
            bind="query-params",
            placeholder=_("Number, phone, name, serial"),
            icon=":material/filter_list:",
            width=260,
        )
        kind = _kind_filter(name, kinds)
        station = _station_filter(name)
        late = st.toggle(_("Only late"), key=f"{name}_late", bind="query-params")
    return Filter(text=text or "", kind=kind, station_id=station, late=late)


def table(
    page: Page, *, key: str, columns: tuple[str, ...], empty: str, once: bool = False
) -> int | None:
    """The rows of a page; gives the id of the case that was chosen.

    `once` forgets the choice as soon as it is given: for lists whose rows lead elsewhere.
    """
    if not page.rows:
        st.info(empty, icon=":material/check_circle:")
        return st.session_state.get(f"{key}·picked")
    chosen = choose(key, {row.id: _cells(row, columns) for row in page.rows}, once=once)
    _pager(page, key)
    return chosen


def choose(key: str, rows: Mapping[int, Mapping[str, Any]], *, once: bool = False) -> int | None:
    """A table whose rows can be chosen; gives the id of the chosen row.

    The browser names a row by its place in the table that it shows, and the table may have
    changed since: the place is read against the ids that were shown, and a changed table starts
    without a mark.
    """
    ids, state = tuple(rows), st.session_state
    shown, turn = state.get(f"{key}·ids", ids), state.get(f"{key}·turn", 0)
    marked = _marked(f"{key}_table·{turn}")
    if marked != state.get(f"{key}·marked"):
        state[f"{key}·marked"] = marked
        known = marked is not None and marked < len(shown)
        state[f"{key}·picked"] = shown[marked] if known else None
        if known:
            resting.wake()
    picked: int | None = state.get(f"{key}·picked")
    if ids != shown or (once and picked is not None):
        turn += 1
        state[f"{key}·turn"] = turn
        state[f"{key}·marked"] = None
    if once:
        state[f"{key}·picked"] = None
    state[f"{key}·ids"] = ids
    _draw(f"{key}_table·{turn}", rows)
    return picked


def _marked(table_key: str) -> int | None:
    state = st.session_state.get(table_key)
    rows = state["selection"]["rows"] if state else []
    return rows[0] if rows else None


def _draw(table_key: str, rows: Mapping[int, Mapping[str, Any]]) -> None:
    st.dataframe(
        pd.DataFrame(list(rows.values())),
        key=table_key,
        hide_index=True,
        on_select="rerun",
        selection_mode="single-row",
        height=560 if len(rows) > 14 else "auto",
        column_config={
            words.field("symptom"): st.column_config.TextColumn(width="medium"),
            words.field("address"): st.column_config.TextColumn(width="medium"),
        },
    )


def page_number(key: str) -> int:
    """The page that the person leafed to."""
    return int(st.session_state.get(f"{key}_page") or 1)


def open_case(case_id: int) -> None:
    """Go to a case's page."""
    st.switch_page("pages/case.py", query_params={"id": str(case_id)})


def case_link(case_id: int, label: str) -> None:
    """A link to a case's page."""
    st.page_link(
        "pages/case.py",
        label=label,
        icon=":material/folder_open:",
        query_params={"id": str(case_id)},
    )


def facts(pairs: Mapping[str, str]) -> None:
    """Labelled facts, as a small table without a head; empty ones are left out."""
    shown = {label: value for label, value in pairs.items() if value and value != "—"}
    lines = [f"**{words.plain(label)}**&nbsp; {words.plain(text)}" for label, text in shown.items()]
    st.markdown("  \n".join(lines))


def _kind_filter(name: str, kinds: list[RequestKind] | None) -> RequestKind | None:
    if kinds is not None and len(kinds) < 2:
        return None
    return st.selectbox(
        words.field("kind"),
        kinds or list(RequestKind),
        index=None,
        format_func=words.code,
        key=f"{name}_kind",
        placeholder=_("All"),
        width=160,
    )


def _station_filter(name: str) -> int | None:
    if not sees_all_stations(gate.actor()):
        return None
    options = gate.read(people.station_options)
    return st.selectbox(
        words.field("station"),
        list(options),
        index=None,
        format_func=lambda id: options[id],
        key=f"{name}_station",
        placeholder=_("All"),
        width=160,
    )


def _pager(page: Page, key: str) -> None:
    if page.pages > 1:
        st.pagination(page.pages, key=f"{key}_page")
    st.caption(words.n_("One case", "{n} cases", page.total))


def _cells(row: CaseRow, columns: tuple[str, ...]) -> dict[str, Any]:
    return {words.field(name): _cell(row, name) for name in columns}


def _cell(row: CaseRow, name: str) -> str:
    value = getattr(row, name)
    if name == "next_due":
        late = "▲ " if row.late else ""
        return late + words.due(value, now=gate.now(), waits=row.waits is not None)
    if name == "received_at":
        return words.moment(value)
    if name in ("kind", "status", "priority"):
        return words.code(value)
    return str(value)

"""Lists of cases: filters, a table whose row opens, paging."""

from collections.abc import Mapping
from typing import Any, NoReturn

import pandas as pd
import streamlit as st

from core.codes import RequestKind
from core.requests.lists import CaseRow, Filter, Page
from pages.ui.kit import filters as kept
from pages.ui.kit import gate, places, resting, words


def filters(name: str, kinds: list[RequestKind] | None = None) -> Filter:
    """The filters of a queue; they stay in the address, so that a link shows the same list."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        return Filter(
            text=kept.text(name, width=260),
            kind=_kind(name, kinds or list(RequestKind)),
            station_id=kept.station(name, width=160),
            late=kept.late(name),
        )


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


def open_case(case_id: int) -> NoReturn:
    """Go to a case's page."""
    places.go("case", id=str(case_id))


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


def _kind(name: str, kinds: list[RequestKind]) -> RequestKind | None:
    if len(kinds) < 2:
        return None
    offered = {each: words.code(each) for each in kinds}
    chosen: RequestKind | None = kept.select(name, "kind", offered, width=160)
    return chosen


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

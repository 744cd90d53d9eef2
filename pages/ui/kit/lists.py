"""Lists: filters, a table whose rows are chosen, leafing through it."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NoReturn, Protocol

import pandas as pd
import streamlit as st

from core.codes import RequestKind
from core.requests.lists import CaseRow, Cases, Filter
from core.requests.queues import CaseSummary
from pages.ui.kit import filters as kept
from pages.ui.kit import gate, places, resting, words

Rows = Mapping[int, Mapping[str, Any]]


class Leafed(Protocol):
    """One page of a list that core has found."""

    @property
    def pages(self) -> int:
        """How many pages there are."""

    @property
    def total(self) -> int:
        """How many rows there are on all of them."""


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
    page: Cases, *, key: str, columns: tuple[str, ...], empty: str, once: bool = False
) -> int | None:
    """The rows of a page; gives the id of the case that was chosen.

    `once` forgets the choice as soon as it is given: for lists whose rows lead elsewhere.
    """
    rows = {row.id: _cells(row, columns) for row in page.rows}
    return pick(key, page, rows, empty=empty, once=once)


def pick(
    key: str,
    found: Leafed,
    rows: Rows,
    *,
    empty: str,
    hint: str = "",
    are_cases: bool = True,
    once: bool = False,
) -> int | None:
    """As `table`, for rows of any kind; without rows `empty` says so, and `hint` why."""
    if rows:
        chosen = choose(key, rows, once=once)
        pager(key, found, are_cases=are_cases)
        return chosen
    st.info(empty, icon=":material/check_circle:")
    if hint:
        st.caption(hint)
    picked: int | None = st.session_state.get(f"{key}·picked")
    return picked


def pager(key: str, found: Leafed, *, are_cases: bool = True) -> None:
    """Leaf through a list; of cases it says how many there are."""
    if found.pages > 1:
        st.pagination(found.pages, key=f"{key}_page")
    if are_cases:
        st.caption(words.n_("One case", "{n} cases", found.total))


def choose(key: str, rows: Rows, *, once: bool = False) -> int | None:
    """A table whose rows can be chosen; gives the id of the chosen row.

    The browser names a row by its place in the table that it shows, and the table may have
    changed since: the place is read against the ids that were shown, and a changed table starts
    without a mark.
    """
    ids, state = tuple(rows), st.session_state
    shown, turn = state.get(f"{key}·ids", ids), state.get(f"{key}·turn", 0)
    marked = next(iter(_marked(f"{key}_table·{turn}")), None)
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


def tick(key: str, rows: Rows) -> tuple[int, ...]:
    """As `choose`, for several rows: what is ticked stays ticked when the table has changed."""
    ids, state = tuple(rows), st.session_state
    shown, turn = state.get(f"{key}·ids", ids), state.get(f"{key}·turn", 0)
    known = [place for place in _marked(f"{key}_table·{turn}") if place < len(shown)]
    picked = tuple(shown[place] for place in known if shown[place] in rows)
    state[f"{key}·turn"] = turn = turn + (ids != shown)
    state[f"{key}·ids"] = ids
    _draw(f"{key}_table·{turn}", rows, "multi-row", [ids.index(id) for id in picked])
    return picked


def _marked(table_key: str) -> Sequence[int]:
    state = st.session_state.get(table_key)
    places: Sequence[int] = state["selection"]["rows"] if state else ()
    return places


def _draw(
    table_key: str,
    rows: Rows,
    mode: Literal["single-row", "multi-row"] = "single-row",
    ticked: Sequence[int] | None = None,
) -> None:
    st.dataframe(
        pd.DataFrame(list(rows.values())),
        key=table_key,
        hide_index=True,
        on_select="rerun",
        selection_mode=mode,
        selection_default=None if ticked is None else {"selection": {"rows": list(ticked)}},
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
    places.link(
        "case",
        label,
        icon=":material/folder_open:",
        id=str(case_id),
    )


def facts(pairs: Mapping[str, str]) -> None:
    """Labelled facts, as a small table without a head; empty ones are left out."""
    shown = {label: value for label, value in pairs.items() if value and value != "—"}
    lines = [f"**{words.plain(label)}**&nbsp; {words.plain(text)}" for label, text in shown.items()]
    st.markdown("  \n".join(lines))


def due(case: CaseRow | CaseSummary) -> str:
    """When the next limit of a case is due; a mark where it is late."""
    mark = "▲ " if case.late else ""
    return mark + words.due(case.next_due, now=gate.now(), waits=case.waits is not None)


def _kind(name: str, kinds: list[RequestKind]) -> RequestKind | None:
    if len(kinds) < 2:
        return None
    offered = {each: words.code(each) for each in kinds}
    chosen: RequestKind | None = kept.select(name, "kind", offered, width=160)
    return chosen


def _cells(row: CaseRow, columns: tuple[str, ...]) -> dict[str, Any]:
    return {words.field(name): _cell(row, name) for name in columns}


def _cell(row: CaseRow, name: str) -> str:
    value = getattr(row, name)
    if name == "next_due":
        return due(row)
    if name == "received_at":
        return words.moment(value)
    if name in ("kind", "status", "priority"):
        return words.code(value)
    return str(value)

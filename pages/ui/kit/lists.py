"""Lists: a table whose rows are chosen, leafing through it."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Literal, NoReturn, Protocol

import pandas as pd
import streamlit as st

from core.codes import Priority
from core.requests.lists import CaseRow, Cases
from core.requests.queues import CaseSummary
from pages.ui.kit import gate, lacking, marks, places, resting, words
from pages.ui.kit.words import _

Rows = Mapping[int, Mapping[str, Any]]
Cell = tuple[int, str]

# In pixels: whatever somebody has typed, the columns that decide stay in sight.
WIDTHS = {
    48: ("quantity",),
    60: ("category", "kind", "priority", "severity"),
    66: ("customer", "handler", "owner", "station", "technician", "wish"),
    88: ("address", "amount", "batch", "case_class", "department", "product", "status"),
    110: ("lacks", "lines", "next_due", "phone", "received_at", "step", "symptom"),
    130: ("agreed", "number", "wanted"),
}
ROW_HEIGHT, HEAD_HEIGHT, MOST_ROWS = 32, 37, 15
# The district is what tells two addresses apart; the city is that of the station.
CITY = re.compile(r"^(?:\w{2,8}?省)?\w{2,6}?市(?=\w{1,6}?[区县市镇])")


class Leafed(Protocol):
    """One page of a list that core has found."""

    @property
    def pages(self) -> int:
        """How many pages there are."""

    @property
    def total(self) -> int:
        """How many rows there are on all of them."""


def table(
    page: Cases, *, key: str, columns: tuple[str, ...], empty: str, once: bool = False
) -> int | None:
    """The rows of a page; gives the id of the case that was chosen.

    `once` forgets the choice as soon as it is given: for lists whose rows lead elsewhere.
    """
    rows = {row.id: cells(row, columns) for row in page.rows}
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
        # Above the table, where its own tools come up under the mouse: no filter is below them.
        if are_cases:
            st.caption(words.n_("One case", "{n} cases", found.total))
        chosen = choose(key, rows, once=once)
        pager(key, found)
        return chosen
    st.info(empty, icon=":material/check_circle:")
    if hint:
        st.caption(hint)
    if resting.moves_on():
        st.session_state[f"{key}·picked"] = None
    picked: int | None = st.session_state.get(f"{key}·picked")
    return picked


def pager(key: str, found: Leafed) -> None:
    """Leaf through a list."""
    if found.pages > 1:
        st.pagination(found.pages, key=f"{key}_page")


def choose(key: str, rows: Rows, *, once: bool = False) -> int | None:
    """A table whose rows are chosen by any of their cells; gives the id of the chosen row.

    The browser names a row by its place in the table that it shows, and the table may have
    changed since: the place is read against the ids that were shown, and a changed table marks
    the chosen row where it stands now. After an action the next row is chosen.
    """
    ids, state = tuple(rows), st.session_state
    shown = state.get(f"{key}·ids", ids)
    _hear(key, shown)
    picked: int | None = state.get(f"{key}·picked")
    kept = None if once else picked
    if kept is not None and resting.moves_on():
        picked = kept = following(shown, ids, kept)
    if ids != shown or kept != state.get(f"{key}·picked"):
        _turn(key, rows, kept)
    state[f"{key}·picked"], state[f"{key}·ids"] = kept, ids
    _draw(_table(key), rows, default=state.get(f"{key}·first"))
    return picked


def turn_to(key: str, id: int | None) -> None:
    """From here on this row of a list is the chosen one, whatever was chosen there before."""
    state = st.session_state
    state[f"{key}·picked"] = id
    # Another table, and what was clicked in the one before is not heard any more.
    state[f"{key}·ids"], state[f"{key}·marked"] = (), _marked_cell(_table(key))


def following(shown: Sequence[int], now: Sequence[int], picked: int) -> int | None:
    """The row that comes after one that was worked on: of those that stood below it, or above."""
    if picked not in shown:
        return None
    place = shown.index(picked)
    # Of the next page, when it was the last one here and is gone.
    moved_up = now[place : place + 1] if picked not in now else ()
    candidates = (*shown[place + 1 :], *moved_up, *reversed(shown[:place]), picked)
    return next((id for id in candidates if id in now), None)


def _hear(key: str, shown: Sequence[int]) -> None:
    state, marked = st.session_state, _marked_cell(_table(key))
    if marked == state.get(f"{key}·marked"):
        return
    state[f"{key}·marked"] = marked
    if marked is None or marked[0] >= len(shown):
        state[f"{key}·picked"] = state[f"{key}·first"] = None
        return
    state[f"{key}·picked"] = shown[marked[0]]
    resting.wake()


def _turn(key: str, rows: Rows, picked: int | None) -> None:
    """From here on another table, with its mark where the chosen row stands now."""
    state, mark = st.session_state, None
    if picked is not None and picked in rows:
        mark = list(rows).index(picked), next(iter(rows[picked]))
    state[f"{key}·turn"] = state.get(f"{key}·turn", 0) + 1
    state[f"{key}·marked"] = mark
    state[f"{key}·first"] = {"cells": [mark]} if mark else None


def _table(key: str) -> str:
    return f"{key}_table·{st.session_state.get(f'{key}·turn', 0)}"


def tick(key: str, rows: Rows) -> tuple[int, ...]:
    """As `choose`, for several rows: what is ticked stays ticked when the table has changed."""
    ids, state = tuple(rows), st.session_state
    shown = state.get(f"{key}·ids", ids)
    known = [place for place in _marked_rows(_table(key)) if place < len(shown)]
    picked = tuple(shown[place] for place in known if shown[place] in rows)
    state[f"{key}·turn"] = state.get(f"{key}·turn", 0) + (ids != shown)
    state[f"{key}·ids"] = ids
    at = [ids.index(id) for id in picked]
    _draw(_table(key), rows, mode="multi-row", default={"rows": at})
    return picked


def _marked_rows(table_key: str) -> Sequence[int]:
    state = st.session_state.get(table_key)
    places: Sequence[int] = state["selection"]["rows"] if state else ()
    return places


def _marked_cell(table_key: str) -> Cell | None:
    state = st.session_state.get(table_key)
    cells = state["selection"]["cells"] if state else ()
    return (int(cells[0][0]), str(cells[0][1])) if cells else None


def _draw(
    table_key: str,
    rows: Rows,
    *,
    mode: Literal["single-cell", "multi-row"] = "single-cell",
    default: Any = None,
) -> None:
    st.dataframe(
        marks.coloured(pd.DataFrame(list(rows.values()))),
        key=table_key,
        hide_index=True,
        on_select="rerun",
        selection_mode=mode,
        selection_default={"selection": default} if default else None,
        row_height=ROW_HEIGHT,
        height=HEAD_HEIGHT + MOST_ROWS * ROW_HEIGHT if len(rows) > MOST_ROWS else "auto",
        column_config={
            words.field(name): st.column_config.Column(width=width)
            for width, names in WIDTHS.items()
            for name in names
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


def facts(pairs: Mapping[str, str], *, flowing: bool = False) -> None:
    """Labelled facts, a line each or in lines that flow; empty ones are left out."""
    shown = {label: value for label, value in pairs.items() if value and value != "—"}
    lines = [f"**{words.plain(label)}**&nbsp; {words.plain(text)}" for label, text in shown.items()]
    st.markdown((" \u2003" if flowing else "  \n").join(lines))


def due(case: CaseRow | CaseSummary) -> str:
    """When the next limit of a case is due; a mark where it is late, and where it is critical."""
    signs = marks.CRITICAL * (case.priority is Priority.CRITICAL) + marks.LATE * case.late
    mark = f"{signs} " if signs else ""
    return mark + words.due(case.next_due, now=gate.now(), waits=case.waits is not None)


def priority(of: Priority) -> str:
    """How pressing a case is, where it is more so than most; a mark where it is critical."""
    mark = f"{marks.CRITICAL} " if of is Priority.CRITICAL else ""
    return "" if of is Priority.NORMAL else mark + words.code(of)


def cells(row: CaseRow, columns: tuple[str, ...]) -> dict[str, Any]:
    """One case as a row with these columns."""
    return {words.field(name): _cell(row, name) for name in columns}


def _cell(row: CaseRow, name: str) -> str:
    if name == "next_due":
        return due(row)
    if name == "agreed" and row.agreed_from:
        return words.window(row.agreed_from, row.agreed_to)
    if name in ("wanted", "agreed"):
        return words.window(row.wanted_from, row.wanted_to) if row.wanted_from else ""
    if name == "lacks":
        return lacking.names(row.lacks)
    value = getattr(row, name)
    if name == "symptom" and row.urged:
        return " · ".join((_("Chased ×{n}", n=row.urged), str(value)))
    if name == "received_at":
        return words.moment(value)
    if name == "priority":
        return priority(value)
    if name == "category":
        return row.category or row.product
    if name == "address":
        return CITY.sub("", value)
    if name in ("kind", "status"):
        return words.code(value)
    return str(value)

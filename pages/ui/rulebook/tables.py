"""The tables of a draft, in the words in which the rule book is read; rows come and go."""

from collections.abc import Callable, Sequence
from typing import Any
from zlib import crc32

import pandas as pd
import streamlit as st

from core.norms import revisions
from core.norms.model import Norm
from pages.ui.kit import headings, words
from pages.ui.kit.words import _
from pages.ui.rulebook import parts
from pages.ui.rulebook.cells import Cell, Code, Row
from pages.ui.rulebook.parts import PARTS, SCOPE, TEXT

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
EMPTY: tuple[Any, ...] = (None, [], "")
# Parts that are edited as they are, in the order of the screen after limits and calendar.
PLAIN = ("return_conditions", "approvals", "penalties", "emergencies")


def edited(draft: Norm) -> dict[str, Any]:
    """Draw the tables of a draft; gives its data with what was changed there."""
    data = draft.model_dump(mode="json")
    # A table would put what was typed on top of a draft that has it already.
    turn = f"{crc32(draft.model_dump_json().encode()):x}"
    data["limits"] = _part(draft, "limits", turn, _new_limit)
    headings.part(_("Calendar"))
    data["hours"] = _hours(data["hours"], turn)
    data["routes"] = _ordered(_part(draft, "routes", turn, _nothing))
    for part in PLAIN:
        data[part] = _part(draft, part, turn, _new(data[part]))
    data["check_lists"] = _check_lists(draft, data["check_lists"], turn)
    data["clauses"] = _clauses(draft, turn)
    headings.part(_("Repeat faults"))
    return data | _repeats(data)


def _part(draft: Norm, part: str, turn: str, new: Callable[[Row, int], Row]) -> list[Row]:
    headings.part(words.in_domain("norm", part))
    if part == "routes":
        st.caption(_("The first that fits counts; what fits every case stays last."))
    return table(draft, part, PARTS[part], parts.rows_of(draft, part), turn, new)


def table(
    draft: Norm,
    key: str,
    cells: Sequence[Cell],
    rows: list[Row],
    turn: str,
    new: Callable[[Row, int], Row],
) -> list[Row]:
    """Draw rows as a table in which rows are changed, added and taken out; gives what is left.

    `new` makes the row below what was typed in an added one.
    """
    columns = {name: about for cell in cells for name, about in cell.columns(draft).items()}
    shown = [
        {name: value for cell in cells for name, value in cell.spread(row).items()} for row in rows
    ]
    edited = st.data_editor(
        pd.DataFrame(shown, columns=list(columns)),
        num_rows="dynamic",
        hide_index=True,
        column_config=columns,
        placeholder="",
        key=f"draft_{key}·{turn}",
    )
    kept = []
    records: list[Row] = edited.to_dict("records")  # type: ignore[assignment]
    for place, typed in zip(edited.index, records, strict=True):
        patch = {name: value for cell in cells for name, value in cell.gather(typed).items()}
        old = rows[place] if place < len(rows) else new(patch, place + 1)
        row = old | patch
        kept.append({name: value for name, value in row.items() if value is not None})
    return kept


def _nothing(_typed: Row, _number: int) -> Row:
    return {}


def _new(rows: list[Row]) -> Callable[[Row, int], Row]:
    """A row of a part whose rows have names, or have none: a name that nothing else has."""
    taken = {row.get("name") for row in rows}
    if taken == {None}:
        return _nothing

    def made(_typed: Row, number: int) -> Row:
        return {"name": next(n for n in _numbered(number) if n not in taken)}

    return made


def _numbered(first: int) -> Any:
    return (f"own_{number}" for number in range(first, first + 10_000))


def _new_limit(typed: Row, _number: int) -> Row:
    """What the packs know of a limit: its facts, and all that was left empty."""
    known = revisions.known_limits().get(typed.get("name") or "")
    if known is None:
        return {}
    row = known.model_dump(mode="json")
    for name in tuple(typed):
        if typed[name] in (None, []):
            typed[name] = row.get(name)
    return row


def _ordered(routes: list[Row]) -> list[Row]:
    """An added route would never be reached behind one that takes every case."""
    narrowing = (*(cell.field for cell in SCOPE), "region")
    return sorted(routes, key=lambda row: not any(row.get(name) not in EMPTY for name in narrowing))


def _hours(hours: dict[str, Any], turn: str) -> dict[str, Any]:
    weekly = {
        day: ", ".join("-".join(window) for window in hours["weekly"].get(day, ())) for day in DAYS
    }
    edited = st.data_editor(
        [{"label": words.in_domain("weekday", day), "windows": weekly[day]} for day in DAYS],
        hide_index=True,
        key=f"draft_hours·{turn}",
        column_config={
            "label": st.column_config.TextColumn(_("Day"), disabled=True),
            "windows": st.column_config.TextColumn(_("Open, as in 08:30-12:00, 13:30-17:30")),
        },
        placeholder="",
    )
    closed = st.text_area(
        _("Closed days of the company, one date a line"),
        value="\n".join(hours["closed"]),
        key=f"draft_closed·{turn}",
        height=80,
    )
    opened = st.text_area(
        _("Extra open days, as in 2026-02-14 09:00-12:00, one a line"),
        value="\n".join(_spelled(day, windows) for day, windows in hours["open"].items()),
        key=f"draft_open·{turn}",
        height=80,
    )
    return hours | {
        "open": {line.split()[0]: _windows(line[10:]) for line in opened.splitlines() if line[10:]},
        "weekly": {
            day: _windows(row["windows"])
            for day, row in zip(DAYS, edited, strict=True)
            if _windows(row["windows"])
        },
        "closed": [line.strip() for line in closed.splitlines() if line.strip()],
    }


def _spelled(day: str, windows: list[list[str]]) -> str:
    return f"{day} " + ", ".join("-".join(window) for window in windows)


def _windows(text: str | None) -> list[list[str]]:
    parts = [part.strip() for part in (text or "").replace("，", ",").split(",") if part.strip()]
    return [[side.strip() for side in part.split("-", 1)] for part in parts]


def _clauses(draft: Norm, turn: str) -> dict[str, Any]:
    headings.part(_("Clauses"))
    rows = [
        {
            "clause": clause,
            "text": {each.value: text for each, text in draft.clauses[clause].items()},
        }
        for clause in sorted(draft.clauses, key=parts.order)
    ]
    kept = table(draft, "clauses", (Cell("clause"), TEXT), rows, turn, _nothing)
    return {row.get("clause") or "": row["text"] for row in kept}


def _repeats(data: dict[str, Any]) -> dict[str, Any]:
    labels = {
        "repeat_days": (_("The same fault counts as a repeat for so many days"), 1),
        "repeat_count": (_("So many cases of one product model raise an alarm"), 2),
    }
    with st.container(horizontal=True):
        return {
            name: st.number_input(label, least, value=data[name], step=1, key=f"draft_{name}")
            for name, (label, least) in labels.items()
        }


def _check_lists(draft: Norm, lists: list[Row], turn: str) -> list[Row]:
    """Every item of every list in one table, the list beside it."""
    headings.part(words.in_domain("norm", "check_lists"))
    if not lists:
        st.caption(_("Nothing here in this rule book."))
        return lists
    names = {each["name"]: TEXT.said(draft, each, words.language()) for each in lists}
    items = [item | {"list": each["name"]} for each in lists for item in each["items"]]
    cells = (Code("list", lambda _norm: names), TEXT, parts.CLAUSE)
    kept = table(draft, "check_lists", cells, items, turn, _new(items))
    return [
        each
        | {
            "items": [
                {name: value for name, value in item.items() if name != "list"}
                for item in kept
                # An item of no list is shown as a mistake of the first.
                if item.get("list", lists[0]["name"]) == each["name"]
            ]
        }
        for each in lists
    ]

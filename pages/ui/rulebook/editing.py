"""The draft as it is typed: its tables by what they are about, and the values beside them."""

import json
from typing import Any
from zlib import crc32

import streamlit as st

from core.norms.model import Norm
from core.norms.parts import EmergencyLevel, Named
from core.rulebook.references import NAMED_BY
from pages.ui.kit import headings, words
from pages.ui.kit.words import _
from pages.ui.rulebook import values
from pages.ui.rulebook.cells import Row
from pages.ui.rulebook.tables import TABLES, Typed, draw

Rows = dict[str, list[Row]]
# What was typed before the names that tables offer changed, with the draft that it belongs to.
BASE, SETTLED = "draft_base", "draft_settled"
# Rows that other tables, or the rows inside them, choose by name.
CHOSEN = tuple(NAMED_BY)


def groups() -> dict[str, tuple[str, ...]]:
    """What stands together on the screen: tables, and values by their part."""
    return {
        _("Limits"): ("limits", "ladders", "ladders.steps", "emergencies"),
        _("Calendar"): ("hours", "station_hours"),
        _("Classes and routes"): ("departments", "classes", "classes.parts", "routes"),
        _("On file"): (
            *("requirements", "extra_fields", "extra_fields.choices"),
            *("check_lists", "check_lists.items"),
        ),
        _("Work on site"): ("work", "reach", "guidance", "qualifications", *values.ON_SITE),
        _("Returns and money"): ("return_conditions", "approvals", "penalties"),
        _("Survey and targets"): (
            "survey",
            "care",
            "points",
            "member_levels",
            "targets",
            "reports",
            *values.FIGURES,
        ),
        _("Book and clauses"): (*values.BOOK, "clauses", "principles"),
    }


def edited(draft: Norm) -> Typed:
    """Draw the tables of a draft; gives its data with what was changed there."""
    data = draft.model_dump(mode="json")
    of_draft = _crc(data)
    base = _base(of_draft) or {key: table.rows(data) for key, table in TABLES.items()}
    # A table would put what was typed on top of a draft that has it already.
    turn = _crc(data | {"base": base})
    offered, typed, rows = _offered(draft, base), Typed(data), Rows()
    shown = groups()
    for tab, keys in zip(st.tabs(list(shown)), shown.values(), strict=True):
        with tab:
            for key in keys:
                _draw(key, offered, base, turn, of_draft, typed, rows)
    for key, table in TABLES.items():
        table.put(typed, rows[key])
    st.session_state[BASE] = of_draft, turn, base, rows if _differ(draft, base, rows) else None
    return typed


def settle() -> None:
    """Draw the tables anew where the names that they choose from have changed."""
    of_draft, _turn, _base, rows = st.session_state[BASE]
    if rows is not None:
        st.session_state[BASE] = of_draft, "", rows, None
        st.session_state[SETTLED] = True
        st.rerun()


def _draw(
    key: str, offered: Norm, base: Rows, turn: str, of_draft: str, typed: Typed, rows: Rows
) -> None:
    if key in values.DRAWN:
        typed.data[key] = values.DRAWN[key](offered, typed.data[key], of_draft)
        return
    headings.part(TABLES[key].heading)
    if key == "routes":
        st.caption(_("The first that fits counts; what fits every case stays last."))
    rows[key] = draw(TABLES[key], offered, base[key], turn)


def _base(of_draft: str) -> Rows | None:
    """The rows that the tables are drawn with, where they are no longer those of the draft."""
    kept_of, turn, base, _rows = st.session_state.get(BASE, ("", "", {}, None))
    is_settled = st.session_state.pop(SETTLED, False)
    # Whoever comes back from another page finds the draft, without a half of what was typed.
    is_open = is_settled or f"draft_limits·{turn}" in st.session_state
    return base if kept_of == of_draft and is_open else None


def _crc(data: Any) -> str:
    return f"{crc32(json.dumps(data, sort_keys=True, default=str).encode()):x}"


def _offered(draft: Norm, rows: Rows) -> Norm:
    """The draft with the names that its tables may choose now."""
    names = _names(draft, rows)
    chosen = {
        part: tuple(
            (EmergencyLevel if part == "emergencies" else Named).model_construct(**row)
            for row in rows[part]
            if _name(part, row) in names[part]
        )
        for part in CHOSEN
    }
    clauses = {row["clause"]: row["text"] for row in rows["clauses"] if row.get("clause")}
    return draft.model_copy(update=chosen | {"clauses": clauses})


def _names(draft: Norm, rows: Rows) -> dict[str, dict[str, str]]:
    """What may be chosen of each part, by name: what the draft has, and what is typed in full."""
    speaks = words.language().value
    found = {"clauses": {row["clause"]: "" for row in rows["clauses"] if row.get("clause")}}
    for part in CHOSEN:
        before = {_name(part, each.model_dump()) for each in getattr(draft, part)}
        found[part] = {
            name: row["text"].get(speaks, "")
            for row in rows[part]
            if (name := _name(part, row)) in before or (name and all(row["text"].values()))
        }
    return found


def _name(part: str, row: Row) -> str:
    return str(row.get("level" if part == "emergencies" else "name") or "")


def _differ(draft: Norm, base: Rows, rows: Rows) -> bool:
    return _names(draft, base) != _names(draft, rows)

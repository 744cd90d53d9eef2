"""Where a day on the road begins, on screen: at the station or at home."""

from typing import Any

import streamlit as st

from core.roster import sight, starts
from core.roster.starts import SetDayStart, StartView
from pages.ui.kit import gate, headings, words
from pages.ui.kit.lists import choose
from pages.ui.kit.words import _
from pages.ui.roster import editing


def show() -> None:
    """Where everybody sets out, and the form of the one who is chosen."""
    rows = gate.read(starts.list_of)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        chosen = choose("starts", {row.person_id: _cells(row) for row in rows})
    one = next((row for row in rows if row.person_id == chosen), None)
    with right:
        if one is None:
            st.info(_("Choose a row to work on it."), icon=":material/touch_app:")
        elif gate.allowed(sight.EDIT):
            headings.part(words.plain(one.person))
            edit(one)


def edit(row: StartView) -> None:
    """The form of one person."""
    own = {"address": row.home, "latitude": row.home_latitude, "longitude": row.home_longitude}
    editing.form(
        f"start·{row.person_id}",
        SetDayStart,
        lambda uow, filled, seen: starts.set_start(
            uow, filled, person_id=row.person_id, seen_version=seen
        ),
        values={"day_start": row.day_start} | own,
        version=row.version,
    )


def _cells(row: StartView) -> dict[str, Any]:
    return {
        words.field("roster_person"): row.person,
        words.field("day_start"): words.code(row.day_start),
        words.field("address"): row.address,
        words.field("station"): row.station,
    }

"""The values of a draft that are no table: its name, whom it is for, when people work, numbers."""

from collections.abc import Callable
from functools import partial
from typing import Any

import streamlit as st

from core.codes import Channel, Language, RequestKind
from core.norms.model import Norm
from pages.ui.kit import headings, words
from pages.ui.kit.words import _
from pages.ui.rulebook.times import DAYS, opened, read, spelled

# Draws a value of a part, and gives what it is now: the draft, its value, the draft's turn.
Draw = Callable[[Norm, Any, str], Any]


def _texts(part: str, _norm: Norm, texts: dict[str, str], turn: str) -> dict[str, str]:
    with st.container(horizontal=True):
        return {
            each.value: st.text_input(
                f"{words.in_domain('norm', part)} · {words.NAMES[each]}",
                value=texts.get(each.value, ""),
                key=f"draft_{part}_{each.value}·{turn}",
            ).strip()
            for each in Language
        }


def _codes(
    part: str, members: type[RequestKind] | type[Channel], _norm: Norm, codes: list[str], turn: str
) -> list[str]:
    return st.multiselect(
        words.in_domain("norm", part),
        [each.value for each in members],
        default=codes,
        format_func=lambda code: words.code(members(code)),
        key=f"draft_{part}·{turn}",
    )


def _repeat_days(_norm: Norm, value: int, turn: str) -> int:
    label = _("The same fault counts as a repeat for so many days")
    return st.number_input(label, 1, value=value, step=1, key="draft_repeat_days")


def _repeat_count(_norm: Norm, value: int, turn: str) -> int:
    label = _("So many cases of one product model raise an alarm")
    return st.number_input(label, 2, value=value, step=1, key="draft_repeat_count")


def _rework_by(_norm: Norm, value: str, turn: str) -> str:
    names = {"same": _("Whoever did the work"), "other": _("Somebody else")}
    label = _("Who goes when own work has to be done again (A20)")
    key = f"draft_rework_by·{turn}"
    return st.radio(label, list(names), list(names).index(value), names.__getitem__, key=key)


def _unhappy_below(_norm: Norm, value: float, turn: str) -> float:
    label = words.in_domain("norm", "unhappy_below")
    return st.number_input(label, 0.0, 10.0, value=value, step=0.5, key=f"draft_unhappy·{turn}")


def _whole(part: str, least: int, _norm: Norm, value: int, turn: str) -> int:
    label = words.in_domain("norm", part)
    return st.number_input(label, least, value=value, step=1, key=f"draft_{part}·{turn}")


def _yes_no(part: str, _norm: Norm, value: bool, turn: str) -> bool:
    return st.checkbox(words.in_domain("norm", part), value=value, key=f"draft_{part}·{turn}")


def _hours(_norm: Norm, hours: dict[str, Any], turn: str) -> dict[str, Any]:
    headings.part(words.in_domain("norm", "hours"))
    edited = st.data_editor(
        [
            {
                "label": words.in_domain("weekday", day),
                "windows": spelled(hours["weekly"].get(day, ())),
            }
            for day in DAYS
        ],
        hide_index=True,
        key=f"draft_hours·{turn}",
        column_config={
            "label": st.column_config.TextColumn(_("Day"), disabled=True),
            "windows": st.column_config.TextColumn(_("Open, as in 08:30-12:00, 13:30-17:30")),
        },
        placeholder="",
    )
    weekly = {day: read(row["windows"]) for day, row in zip(DAYS, edited, strict=True)}
    return {"weekly": {day: windows for day, windows in weekly.items() if windows}} | _days(
        hours, turn
    )


def _days(hours: dict[str, Any], turn: str) -> dict[str, Any]:
    holidays = st.checkbox(
        words.in_domain("norm", "public_holidays"),
        value=bool(hours["public_holidays"]),
        key=f"draft_holidays·{turn}",
    )
    closed = st.text_area(
        _("Closed days of the company, one date a line"),
        value="\n".join(hours["closed"]),
        key=f"draft_closed·{turn}",
        height=80,
    )
    extra = st.text_area(
        _("Extra open days, as in 2026-02-14 09:00-12:00, one a line"),
        value="\n".join(f"{day} {spelled(windows)}" for day, windows in hours["open"].items()),
        key=f"draft_open·{turn}",
        height=80,
    )
    return {
        "public_holidays": "CN" if holidays else None,
        "closed": [line.strip() for line in closed.splitlines() if line.strip()],
        "open": opened(extra.splitlines()),
    }


FIGURES: dict[str, Draw] = {
    "unhappy_below": _unhappy_below,
    "repeat_days": _repeat_days,
    "repeat_count": _repeat_count,
    "rework_by": _rework_by,
}
ON_SITE: dict[str, Draw] = {
    "renewal_days": partial(_whole, "renewal_days", 1),
}
BOOK: dict[str, Draw] = {
    "title": partial(_texts, "title"),
    "about": partial(_texts, "about"),
    "kinds": partial(_codes, "kinds", RequestKind),
    "channels": partial(_codes, "channels", Channel),
    "follow_up_kinds": partial(_codes, "follow_up_kinds", RequestKind),
    "free_kinds": partial(_codes, "free_kinds", RequestKind),
    "repair_extends_warranty": partial(_yes_no, "repair_extends_warranty"),
}
DRAWN: dict[str, Draw] = {"hours": _hours} | FIGURES | ON_SITE | BOOK

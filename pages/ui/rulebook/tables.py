"""The tables of a draft: limits, calendar, routes, conditions, check-lists, repeat faults."""

from typing import Any

import streamlit as st

from core.codes import LimitUnit
from core.norms.model import Norm
from pages.ui.kit import headings, words
from pages.ui.kit.words import _

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def edited(draft: Norm) -> dict[str, Any]:
    """Draw the tables of a draft; gives its data with what was changed there."""
    data = draft.model_dump(mode="json")
    headings.part(_("Time limits"))
    data["limits"] = _limits(draft, data["limits"])
    headings.part(_("Calendar"))
    data["hours"] = _hours(data["hours"])
    headings.part(_("Routes"))
    data["routes"] = _rows("routes", data["routes"], ("region", "department", "station"))
    headings.part(_("Return conditions"))
    data["return_conditions"] = _rows(
        "conditions", data["return_conditions"], ("days", "goods", "freight", "inspection")
    )
    headings.part(_("Check-lists"))
    data["check_lists"] = _check_lists(data["check_lists"])
    headings.part(_("Repeat faults"))
    return data | _repeats(data)


def _limits(draft: Norm, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    columns = {
        "label": st.column_config.TextColumn(_("Limit"), disabled=True),
        "clause": st.column_config.SelectboxColumn(_("Clause"), options=sorted(draft.clauses)),
        "unit": st.column_config.SelectboxColumn(
            _("Unit"), options=[unit.value for unit in LimitUnit], format_func=_unit
        ),
        "amount": st.column_config.NumberColumn(_("Amount"), min_value=0, step=1),
        "ladder": st.column_config.SelectboxColumn(_("Escalation"), options=[*draft.ladders]),
    }
    shown = [
        {
            "label": words.in_domain("limit", row["name"]),
            **{name: row[name] for name in columns if name != "label"},
        }
        for row in rows
    ]
    edited = st.data_editor(shown, hide_index=True, key="draft_limits", column_config=columns)
    return [
        row | {name: new[name] for name in columns if name != "label"}
        for row, new in zip(rows, edited, strict=True)
    ]


def _unit(value: object) -> str:
    return words.code(LimitUnit(str(value)))


def _hours(hours: dict[str, Any]) -> dict[str, Any]:
    weekly = {
        day: ", ".join("-".join(window) for window in hours["weekly"].get(day, ())) for day in DAYS
    }
    edited = st.data_editor(
        [{"label": words.in_domain("weekday", day), "windows": weekly[day]} for day in DAYS],
        hide_index=True,
        key="draft_hours",
        column_config={
            "label": st.column_config.TextColumn(_("Day"), disabled=True),
            "windows": st.column_config.TextColumn(_("Open, as in 08:30-12:00, 13:30-17:30")),
        },
    )
    closed = st.text_area(
        _("Closed days of the company, one date a line"),
        value="\n".join(hours["closed"]),
        key="draft_closed",
        height=80,
    )
    opened = st.text_area(
        _("Extra open days, as in 2026-02-14 09:00-12:00, one a line"),
        value="\n".join(_spelled(day, windows) for day, windows in hours["open"].items()),
        key="draft_open",
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


def _rows(key: str, rows: list[dict[str, Any]], names: tuple[str, ...]) -> list[dict[str, Any]]:
    shown = [{"for": _about(row), **{name: row[name] for name in names}} for row in rows]
    if not shown:
        st.caption(_("Nothing here in this rule book."))
        return rows
    labels = {name: st.column_config.Column(words.in_domain("norm", name)) for name in names}
    labels["for"] = st.column_config.TextColumn(_("For"), disabled=True)
    edited = st.data_editor(shown, hide_index=True, key=f"draft_{key}", column_config=labels)
    return [
        row | {name: new[name] for name in names} for row, new in zip(rows, edited, strict=True)
    ]


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


def _about(row: dict[str, Any]) -> str:
    if "text" in row:
        return str(row["text"][words.language().value])
    return ", ".join([*row.get("kinds", ()), *row.get("classes", ())]) or _("all cases")


def _check_lists(lists: list[dict[str, Any]]) -> list[dict[str, Any]]:
    shown = [
        {"list": each["text"][words.language().value], **item["text"]}
        for each in lists
        for item in each["items"]
    ]
    if not shown:
        st.caption(_("Nothing here in this rule book."))
        return lists
    columns = {"list": st.column_config.TextColumn(_("Check-list"), disabled=True)}
    edited = iter(
        st.data_editor(shown, hide_index=True, key="draft_check_lists", column_config=columns)
    )
    changed = []
    for each in lists:
        items = []
        for item in each["items"]:
            new = next(edited)
            texts = {language: new[language] for language in item["text"]}
            items.append(item | {"text": texts})
        changed.append(each | {"items": items})
    return changed

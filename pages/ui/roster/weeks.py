"""Weeks on screen: whose working time, from which day on."""

from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any

import streamlit as st

from core.codes import Weekday
from core.people import people
from core.roster import shifts, sight
from core.roster.shifts import SetWeek, Week, WorkDay
from pages.ui.kit import gate, headings, words
from pages.ui.kit.lists import choose
from pages.ui.kit.words import _
from pages.ui.roster import editing

Owner = dict[str, int | None]
COMPANY: Owner = {"person_id": None, "station_id": None}
# What a new week starts with: most of it is as everywhere.
USUAL = [
    {
        "weekday": day,
        "starts": "08:30",
        "ends": "17:30",
        "break_starts": "12:00",
        "break_ends": "13:00",
    }
    for day in list(Weekday)[:5]
]


def show() -> None:
    """All weeks, and the form of the one that is chosen or of a new one."""
    weeks = dict(enumerate(gate.read(shifts.list_of), 1))
    st.caption(
        _(
            "A person's own week counts before that of the station, that before the company's;"
            " without any of them the working calendar of the rule book holds."
        )
    )
    left, right = st.columns([3, 2], gap="medium")
    with left:
        chosen = choose("weeks", {number: cells(week) for number, week in weeks.items()})
    with right:
        if not gate.allowed(sight.EDIT):
            return
        if chosen in weeks:
            _one(weeks[chosen])
        else:
            _new()


def cells(week: Week) -> dict[str, Any]:
    """One week as a row of the list."""
    return {
        words.field("whose"): whose(week),
        words.field("valid_from"): words.day(week.valid_from),
        words.field("days"): said(week.days),
    }


def whose(week: Week) -> str:
    """Whose week it is."""
    if week.person_id or week.station_id:
        return week.owner
    return _("The whole company")


def said(days: Iterable[WorkDay]) -> str:
    """A week as people say it: days with the same hours in one."""
    parts = []
    for hours, same in groupby(days, _hours):
        names = [words.code(day.weekday) for day in same]
        span = names[0] if len(names) == 1 else f"{names[0]}–{names[-1]}"
        parts.append(f"{span} {hours}")
    return " · ".join(parts)


def _hours(day: WorkDay) -> str:
    if not day.break_starts:
        return f"{day.starts}–{day.ends}"
    return f"{day.starts}–{day.break_starts}, {day.break_ends}–{day.ends}"


def _new() -> None:
    headings.part(_("New week"))
    owners = _owners()
    key = st.selectbox(
        words.field("whose"),
        list(owners),
        format_func=lambda key: owners[key][0],
        key="week_owner",
    )
    owner = owners[key][1]
    editing.form(
        f"week·{key}",
        SetWeek,
        lambda uow, filled, _seen: shifts.set_week(uow, filled, **owner),
        values={"days": USUAL},
    )


def _owners() -> Mapping[str, tuple[str, Owner]]:
    """Whose week may be set, by a key of its own."""
    me = gate.actor()
    stations = gate.read(people.station_options)
    if gate.read(_keeps_all):
        found: dict[str, tuple[str, Owner]] = {"company": (_("The whole company"), COMPANY)}
    else:
        found = {}
        stations = {id: name for id, name in stations.items() if id == me.station_id}
    for id, name in stations.items():
        found[f"station{id}"] = (name, {"station_id": id})
    for id, name in gate.read(sight.options).items():
        found[f"person{id}"] = (name, {"person_id": id})
    return found


def _keeps_all(uow: Any) -> bool:
    return sight.keeps_all(uow.actor)


def _one(week: Week) -> None:
    headings.part(words.plain(whose(week)))
    owner: Owner = {"person_id": week.person_id, "station_id": week.station_id}
    key = f"person{week.person_id}" if week.person_id else f"station{week.station_id}"
    if (key if any(owner.values()) else "company") not in _owners():
        st.caption(words.plain(said(week.days)))
        return
    name = f"week·{week.person_id}·{week.station_id}·{week.valid_from}"
    editing.form(
        name,
        SetWeek,
        lambda uow, filled, _seen: shifts.set_week(uow, filled, **owner),
        values={"valid_from": week.valid_from, "days": week.days},
    )
    editing.removal(
        name,
        lambda uow, _filled, _seen: shifts.drop_week(uow, valid_from=week.valid_from, **owner),
        version=0,
    )

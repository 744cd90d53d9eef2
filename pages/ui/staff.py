"""The administrator's lists of people and stations, each with its forms."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from core import people
from core.inputs import Input
from core.people import (
    AddPerson,
    AddStation,
    EditPerson,
    EditStation,
    PersonView,
    SetPassword,
    StationView,
)
from pages.ui import gate, words
from pages.ui.forms import Form
from pages.ui.words import _


def people_list() -> None:
    """Everybody, and the forms for the one who was chosen or for a new person."""
    everybody = gate.read(people.list_people)
    stations = {"stations": gate.read(people.station_options)}
    left, right = st.columns([3, 2], gap="medium")
    with left:
        chosen = _table("people", [_person_cells(person) for person in everybody])
    with right:
        if chosen is None:
            st.subheader(_("New person"))
            _form("add_person", AddPerson, people.add_person, options=stations)
        else:
            _one_person(everybody[chosen], stations)


def station_list() -> None:
    """All stations, and the form for the chosen one or for a new station."""
    stations = gate.read(people.list_stations)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        chosen = _table("stations", [_station_cells(station) for station in stations])
    with right:
        if chosen is None:
            st.subheader(_("New station"))
            _form("add_station", AddStation, people.add_station)
        else:
            _one_station(stations[chosen])


def _one_person(person: PersonView, options: Any) -> None:
    st.subheader(words.plain(person.name))
    values = {name: getattr(person, name) for name in EditPerson.model_fields}
    edit = _bound(people.edit_person, person)
    _form(f"person·{person.id}", EditPerson, edit, options=options, values=values)
    with st.expander(_("New password")):
        _form(f"password·{person.id}", SetPassword, _bound(people.set_password, person))


def _one_station(station: StationView) -> None:
    st.subheader(words.plain(station.name))
    values = {name: getattr(station, name) for name in EditStation.model_fields}
    edit = _bound(people.edit_station, station)
    _form(f"station·{station.id}", EditStation, edit, values=values)


def _bound(command: Callable[..., Any], record: PersonView | StationView) -> Callable[..., Any]:
    return lambda uow, filled: command(
        uow, id=record.id, command=filled, seen_version=record.version
    )


def _form(
    name: str,
    model: type[Input],
    command: Callable[..., Any],
    *,
    options: Any = None,
    values: Any = None,
) -> None:
    form = Form(name, model, options=options, values=values)
    with st.form(f"{name}_form", enter_to_submit=False):
        form.fields()
        pressed = st.form_submit_button(_("Save"), type="primary", key=f"{name}_send")
    if pressed:
        form.send(command, done=_("Saved"))


def _table(name: str, rows: list[dict[str, Any]]) -> int | None:
    if not rows:
        st.info(_("Nobody and nothing here yet: use the form."))
        return None
    chosen = st.dataframe(
        rows, hide_index=True, on_select="rerun", selection_mode="single-row", key=f"{name}_list"
    )
    picked = chosen.selection.rows
    return picked[0] if picked and picked[0] < len(rows) else None


def _person_cells(person: PersonView) -> dict[str, Any]:
    return {
        words.field("name"): person.name,
        words.field("username"): person.username,
        words.field("role"): words.code(person.role),
        words.field("station"): person.station,
        words.field("phone"): person.phone,
        words.field("active"): person.active,
    }


def _station_cells(station: StationView) -> dict[str, Any]:
    return {
        words.field("name"): station.name,
        words.field("region"): station.region,
        words.field("phone"): station.phone,
        words.field("active"): station.active,
    }

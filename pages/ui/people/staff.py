"""The administrator's lists of people and stations, each with its forms."""

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from core.kernel.inputs import Input
from core.people import passwords, people, second_steps
from core.people.passwords import SetPassword
from core.people.people import (
    AddPerson,
    AddStation,
    EditPerson,
    EditStation,
    PersonView,
    StationView,
)
from pages.ui.kit import gate, headings, outside, words
from pages.ui.kit.forms import Form
from pages.ui.kit.lists import choose
from pages.ui.kit.words import _


def people_list() -> None:
    """Everybody, and the forms for the one who was chosen or for a new person."""
    everybody = gate.read(people.list_people)
    departments = gate.read(people.department_options)
    options = {"stations": gate.read(people.station_options), "departments": departments}
    left, right = st.columns([3, 2], gap="medium")
    with left:
        rows = {p.id: _person_cells(p, departments) for p in everybody}
        chosen = choose("people", _narrowed(rows))
    with right:
        if chosen is None:
            headings.part(_("New person"))
            _form(
                "add_person",
                AddPerson,
                people.add_person,
                options=options,
                name_is=_("Full name"),
            )
        else:
            _one_person(next(p for p in everybody if p.id == chosen), options)


def _narrowed(rows: dict[int, dict[str, Any]]) -> dict[int, dict[str, Any]]:
    """The rows that hold each of the words that are looked for."""
    typed = st.text_input(
        _("Find in the list"),
        key="people_find",
        icon=":material/search:",
        placeholder=_("Name, role, station, phone …"),
    )
    sought = typed.lower().split()
    texts = {id: " ".join(map(str, cells.values())).lower() for id, cells in rows.items()}
    found = {id: rows[id] for id, text in texts.items() if all(word in text for word in sought)}
    if sought and not found:
        st.info(_("Nobody found."))
    return found


def station_list() -> None:
    """All stations, and the form for the chosen one or for a new station."""
    stations = gate.read(people.list_stations)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        chosen = choose("stations", {s.id: _station_cells(s) for s in stations})
    with right:
        if chosen is None:
            headings.part(_("New station"))
            _form(
                "add_station",
                AddStation,
                people.add_station,
                name_is=_("Name of the station"),
            )
        else:
            _one_station(next(s for s in stations if s.id == chosen))


def _one_person(person: PersonView, options: Any) -> None:
    headings.part(words.plain(person.name))
    values = {name: getattr(person, name) for name in EditPerson.model_fields}
    # A department that the rule book no longer names stays the person's own until it is changed.
    kept = {person.department: person.department} if person.department else {}
    departments = kept | dict(options["departments"])
    _form(
        f"person·{person.id}",
        EditPerson,
        people.edit_person,
        record=person,
        options={**options, "departments": departments},
        values=values,
        name_is=_("Full name"),
    )
    with st.expander(_("New password")):
        _form(f"password·{person.id}", SetPassword, passwords.set_password, record=person)
        st.caption(_("It is changed at the next sign-in."))
    if person.id in gate.read(second_steps.has_codes):
        _lost_telephone(person.id)


def _lost_telephone(person_id: int) -> None:
    form = Form(f"telephone·{person_id}", Input)
    if st.button(_("The telephone for codes is lost"), key=f"telephone·{person_id}"):
        form.send(
            lambda uow, _input: second_steps.take_away(uow, id=person_id),
            done=_("No more codes are asked for, until a telephone is set up again."),
        )


def _one_station(station: StationView) -> None:
    headings.part(words.plain(station.name))
    values = {name: getattr(station, name) for name in EditStation.model_fields}
    _form(
        f"station·{station.id}",
        EditStation,
        people.edit_station,
        record=station,
        values=values,
        name_is=_("Name of the station"),
    )


def _shown(model: type[Input]) -> list[str]:
    """What is asked; the name at the company's own sign-in service only where there is one."""
    hidden = set() if outside.is_offered() else {"outside_name"}
    return [name for name in model.model_fields if name not in hidden]


def _form(
    name: str,
    model: type[Input],
    command: Callable[..., Any],
    *,
    record: PersonView | StationView | None = None,
    options: Any = None,
    values: Any = None,
    name_is: str = "",
) -> None:
    version = record.version if record else 0
    form = Form(name, model, options=options, values=values, version=version)
    with st.form(f"{name}_form", enter_to_submit=False):
        for field in _shown(model):
            form.field(field, **({"label": name_is} if field == "name" else {}))
        pressed = st.form_submit_button(_("Save"), type="primary", key=f"{name}_send")
    if pressed and record:
        form.send(
            lambda uow, filled: command(uow, id=record.id, command=filled, seen_version=form.seen),
            done=_("Saved"),
        )
    elif pressed:
        form.send(command, done=_("Saved"))


def _person_cells(person: PersonView, departments: Mapping[str, str]) -> dict[str, Any]:
    department = departments.get(person.department, person.department)
    return {
        _("Full name"): person.name,
        words.field("username"): person.username,
        words.field("role"): words.code(person.role),
        words.field("station"): person.station,
        words.field("department"): department,
        words.field("is_head"): person.is_head,
        words.field("phone"): person.phone,
        words.field("active"): person.active,
    }


def _station_cells(station: StationView) -> dict[str, Any]:
    return {
        _("Name of the station"): station.name,
        words.field("region"): station.region,
        words.field("phone"): station.phone,
        words.field("active"): station.active,
    }

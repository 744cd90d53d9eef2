"""Stations, people and passwords, as the administrator keeps them."""

from typing import Any

import bcrypt
import pytest

from core.kernel.errors import InvalidInput, NotAllowed, NotFound, Stale
from core.kernel.inputs import parse
from core.people import passwords, people
from core.process import history
from db.codes import Role
from db.tables import History, Person, Station
from tests.company_cast import PASSWORD, Company

NEW = {"username": "wang.wu", "name": "王五", "role": "agent", "password": "battery staple"}
FACTS = {"name": "agent", "role": "agent", "station_id": 1, "phone": "", "active": True}


def add(company: Company, who: str = "admin", **facts: Any) -> int:
    return company.do(who, people.add_person, parse(people.AddPerson, NEW | facts))


def edit(company: Company, whom: str, who: str = "admin", **facts: Any) -> None:
    row = company.get(Person, company[whom].id)
    version = facts.pop("seen_version", row.version)
    command = parse(people.EditPerson, FACTS | {"role": row.role} | facts)
    company.do(who, people.edit_person, id=row.id, command=command, seen_version=version)


def station(company: Company, name: str, who: str = "admin") -> int:
    return company.do(who, people.add_station, people.AddStation(name=name))


def codes(refusal: pytest.ExceptionInfo[InvalidInput]) -> set[tuple[str, str]]:
    return {(problem.field, problem.code) for problem in refusal.value.problems}


def test_a_person_is_added_with_a_hashed_password(company: Company) -> None:
    person_id = add(company, username="Wang.Wu", station_id=2, phone="025-8888")
    row = company.get(Person, person_id)
    assert (row.username, row.name, row.role, row.station_id) == ("wang.wu", "王五", Role.AGENT, 2)
    assert bcrypt.checkpw(b"battery staple", row.password_hash.encode())
    assert company.history("person", person_id) == [("added", None, None)]


@pytest.mark.parametrize("name", ["agent", "AGENT", " Agent "])
def test_a_user_name_is_given_once(company: Company, name: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        add(company, username=name)
    assert codes(refusal) == {("username", "taken")}


@pytest.mark.parametrize(
    ("facts", "problems"),
    [
        ({"username": "王 五"}, {("username", "username")}),
        ({"username": "x" * 41}, {("username", "string_too_long")}),
        ({"username": "\x00"}, {("username", "missing")}),
        ({"username": "İ" * 40}, {("username", "string_too_long")}),
        ({"password": "short"}, {("password", "password_short")}),
        ({"password": " " * 20}, {("password", "password_short")}),
        ({"password": "密" * 25}, {("password", "password_long")}),
        ({"role": "king", "phone": "?"}, {("role", "enum"), ("phone", "phone")}),
        ({"name": "", "username": ""}, {("name", "missing"), ("username", "missing")}),
        ({"extra": 1}, {("extra", "extra_forbidden")}),
    ],
)
def test_bad_facts_are_all_named(facts: dict[str, Any], problems: set[tuple[str, str]]) -> None:
    with pytest.raises(InvalidInput) as refusal:
        parse(people.AddPerson, NEW | facts)
    assert codes(refusal) == problems


@pytest.mark.parametrize("station_id", [77, 0, 2**31, -1])
def test_people_belong_to_stations_that_exist(company: Company, station_id: int) -> None:
    with pytest.raises(InvalidInput) as added:
        add(company, station_id=station_id)
    with pytest.raises(InvalidInput) as edited:
        edit(company, "agent", station_id=station_id)
    assert codes(added) == codes(edited) == {("station_id", "not_an_option")}


def test_somebody_of_a_closed_station_can_still_be_edited(company: Company) -> None:
    closed = people.EditStation(name="North", active=False)
    company.do("admin", people.edit_station, id=1, command=closed, seen_version=1)
    edit(company, "agent", phone="025-8888")
    with pytest.raises(InvalidInput):
        edit(company, "agent.stranger", station_id=1)


def test_an_edit_tells_what_changed(company: Company) -> None:
    edit(company, "agent", name="李四", station_id=2)
    (row,) = company.rows(History, subject="person", action="edited")
    assert row.data == {"name": ["agent", "李四"], "station_id": [1, 2]}
    assert row.actor_id == company["admin"].id
    assert company.see("admin", history.verify) == ()


@pytest.mark.parametrize("facts", [{"active": False}, {"role": "agent"}])
def test_administrators_do_not_lock_themselves_out(company: Company, facts: Any) -> None:
    with pytest.raises(NotAllowed):
        edit(company, "admin", **{"station_id": None} | facts)
    row = company.get(Person, company["admin"].id)
    assert (row.role, row.active) == (Role.ADMIN, True)


def test_somebody_was_faster(company: Company) -> None:
    edit(company, "agent", phone="11111", seen_version=1)
    with pytest.raises(Stale):
        edit(company, "agent", phone="22222", seen_version=1)
    reset = passwords.SetPassword(password="battery staple")
    with pytest.raises(Stale):
        company.do("admin", passwords.set_password, id=2, command=reset, seen_version=9)
    assert company.get(Person, company["agent"].id).phone == "11111"


def test_nobody_there(company: Company) -> None:
    command = parse(people.EditPerson, FACTS)
    with pytest.raises(NotFound):
        company.do("admin", people.edit_person, id=4242, command=command, seen_version=1)


@pytest.mark.parametrize("who", ["agent", "manager", "leader", "auditor"])
def test_people_are_the_administrators_business(company: Company, who: str) -> None:
    with pytest.raises(NotAllowed):
        add(company, who)
    with pytest.raises(NotAllowed):
        edit(company, "agent", who)
    with pytest.raises(NotAllowed):
        station(company, "West", who)
    with pytest.raises(NotAllowed):
        company.see(who, people.list_people)
    assert len(company.rows(Person)) == len(company.people)
    assert len(company.rows(Station)) == 2


def test_changing_ones_own_password(company: Company) -> None:
    right = passwords.ChangePassword(current=PASSWORD, password="battery staple")
    company.do("agent", passwords.change_password, right)
    row = company.get(Person, company["agent"].id)
    assert bcrypt.checkpw(b"battery staple", row.password_hash.encode())
    assert company.history("person", row.id) == [("password_changed", None, None)]


@pytest.mark.parametrize("current", ["wrong horse", "", "x" * 100, "密" * 30, "nul\x00"])
def test_the_old_password_is_asked_for(company: Company, current: str) -> None:
    before = company.get(Person, company["agent"].id).password_hash
    wrong = passwords.ChangePassword(current=current, password="battery staple")
    with pytest.raises(InvalidInput) as refusal:
        company.do("agent", passwords.change_password, wrong)
    assert codes(refusal) == {("current", "wrong_password")}
    assert company.get(Person, company["agent"].id).password_hash == before


def test_stations_open_and_close(company: Company) -> None:
    west = station(company, "West")
    with pytest.raises(InvalidInput) as refusal:
        station(company, " West ")
    assert codes(refusal) == {("name", "taken")}
    assert company.see("agent", people.station_options) == {1: "North", 2: "South", west: "West"}
    closed = people.EditStation(name="West", active=False)
    company.do("admin", people.edit_station, id=west, command=closed, seen_version=1)
    assert company.see("agent", people.station_options) == {1: "North", 2: "South"}
    assert [s.active for s in company.see("agent", people.list_stations)] == [True, True, False]
    assert company.history("station", west) == [("added", None, None), ("edited", None, None)]
    with pytest.raises(InvalidInput):
        renamed = people.EditStation(name="North")
        company.do("admin", people.edit_station, id=west, command=renamed, seen_version=2)
    with pytest.raises(Stale):
        company.do("admin", people.edit_station, id=west, command=closed, seen_version=1)


def test_everybody_is_listed(company: Company) -> None:
    rows = company.see("admin", people.list_people)
    assert {row.username for row in rows} == set(company.people)
    assert {row.station for row in rows} == {"", "North", "South"}

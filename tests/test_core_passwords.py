"""Passwords: what is too easy, whose they are, and who is asked for theirs once more."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from core import sweep
from core.imports import staff
from core.imports.files import SourceFile
from core.kernel.errors import AskAgain, InvalidInput, NotAllowed
from core.kernel.inputs import parse
from core.kernel.unit_of_work import transaction
from core.people import company as companies
from core.people import passwords, people, second_steps, sign_ins
from core.people.sign_ins import Lacking
from core.process.permissions import RECENT
from core.rulebook import book
from db.codes import AccessKind, NoticeKind, Role
from db.tables import AccessEvent, History, Notice, Person
from db.tables import Company as CompanyRow
from tests.company_cast import NOW, PASSWORD, Company

NEW = {"username": "wang.wu", "name": "王五", "role": "agent", "password": "battery staple"}
HOUR = timedelta(hours=1)


def refused(company: Company, password: str, **facts: Any) -> set[tuple[str, str]]:
    with pytest.raises(InvalidInput) as refusal:
        command = parse(people.AddPerson, NEW | {"password": password} | facts)
        company.do("admin", people.add_person, command)
    return {(problem.field, problem.code) for problem in refusal.value.problems}


@pytest.mark.parametrize(
    "password",
    [
        *("password1234", "qwertyuiop12", "123456789012", "aaaaaaaaaaaa", "1qaz2wsx3edc"),
        *("administrator", "iloveyou1234", "Passw0rd2024!", "wang.wu.2024", "wang.wuwang.wu"),
    ],
)
def test_what_is_guessed_early_is_refused(sqlite_company: Company, password: str) -> None:
    assert refused(sqlite_company, password) == {("password", "password_common")}


def test_eleven_characters_are_too_few(sqlite_company: Company) -> None:
    assert refused(sqlite_company, "kx7m9qpthhw") == {("password", "password_short")}
    assert refused(sqlite_company, "密" * 11) == {("password", "password_short")}


def test_a_password_that_was_given_is_changed_at_the_first_sign_in(company: Company) -> None:
    id = company.do("admin", people.add_person, parse(people.AddPerson, NEW))
    with transaction(company.engine, write=True) as session:
        here, there = (sign_ins.open_for(session, "wang.wu", NOW) for _ in range(2))
    assert held(company, here) is Lacking.PASSWORD
    with transaction(company.engine, write=False) as session:
        assert sign_ins.holder(session, here, NOW) is None
        (actor,) = [sign_ins.held(session, here, NOW).actor]
    own = Company(company.engine, {"wang": actor})
    same = passwords.ChangePassword(current="battery staple", password="battery staple")
    with pytest.raises(InvalidInput) as refusal:
        own.do("wang", passwords.change_password, same, keep=here)
    assert refusal.value.problems[0].code == "password_same"
    other = passwords.ChangePassword(current="battery staple", password="another password")
    own.do("wang", passwords.change_password, other, keep=here)
    with transaction(company.engine, write=False) as session:
        assert sign_ins.holder(session, here, NOW) == actor
        assert sign_ins.held(session, there, NOW) is None
    assert not company.get(Person, id).password_is_given
    assert [row.kind for row in company.rows(AccessEvent, person_id=id)] == [
        AccessKind.SIGNED_IN,
        AccessKind.SIGNED_IN,
        AccessKind.PASSWORD_CHANGED,
    ]


def held(company: Company, secret: str) -> Lacking | None:
    with transaction(company.engine, write=False) as session:
        found = sign_ins.held(session, secret, NOW)
        assert found is not None
        return found.lacking


def test_a_password_of_the_administrator_lasts_until_the_sign_in(sqlite_company: Company) -> None:
    company = sqlite_company
    for who, is_given in (("agent", True), ("admin", False)):
        person = company.get(Person, company[who].id)
        command = passwords.SetPassword(password="battery staple")
        facts = {"id": person.id, "command": command, "seen_version": person.version}
        company.do("admin", passwords.set_password, **facts)
        assert company.get(Person, person.id).password_is_given == is_given
    sweep.run(company.engine, now=NOW)
    (told,) = company.rows(Notice, kind=NoticeKind.ACCESS, person_id=company["agent"].id)
    assert told.data["fact"] == "password_changed"
    sweep.run(company.engine, now=NOW + HOUR)
    assert len(company.rows(Notice, kind=NoticeKind.ACCESS, person_id=company["agent"].id)) == 1


def test_many_people_change_their_first_password(sqlite_company: Company) -> None:
    file = SourceFile("staff.csv", "姓名,用户名,岗位\n张三,zhangsan,agent\n".encode())
    command = staff.StartPassword.model_validate({"password": "password1234"})
    with pytest.raises(InvalidInput) as refusal:
        sqlite_company.do("admin", staff.add, command, file=file, roles={"agent": "agent"})
    assert refusal.value.problems[0].code == "password_common"
    command = staff.StartPassword.model_validate({"password": "battery staple"})
    sqlite_company.do("admin", staff.add, command, file=file, roles={"agent": "agent"})
    (person,) = sqlite_company.rows(Person, username="zhangsan")
    assert person.password_is_given


def test_the_password_is_asked_for_again_before_roles_passwords_and_rule_books_change(
    sqlite_company: Company,
) -> None:
    company = sqlite_company
    old, fresh = NOW - RECENT - timedelta(seconds=1), NOW - RECENT
    agent = company.get(Person, company["agent"].id)
    facts = people.EditPerson(name="agent", role=Role.MANAGER)
    seen = {"id": agent.id, "seen_version": agent.version}
    telephone = second_steps.GiveCode(code="1")
    file = SourceFile("staff.csv", b"")
    start = staff.StartPassword.model_validate({"password": "battery staple"})
    safety = companies.EditSafety(idle_hours=8)
    sign = book.Sign(in_force_on=NOW.date(), signed_by="x")
    asked = (
        (people.add_person, (parse(people.AddPerson, NEW),), {}),
        (people.edit_person, (), seen | {"command": facts}),
        (passwords.set_password, (), seen | {"command": start}),
        (staff.add, (start,), {"file": file, "roles": {}}),
        (book.sign, (sign,), {}),
        (companies.edit_safety, (safety,), {"seen_version": 1}),
        (second_steps.begin, (telephone,), {"recovery": (), "secret": ""}),
        (second_steps.stop, (), {}),
        (second_steps.take_away, (), {"id": agent.id}),
        (second_steps.renew_recovery, (), {"recovery": ()}),
    )
    before = len(company.rows(History))
    company.people["late"] = replace(company["admin"], confirmed_at=old)
    for verb, given, more in asked:
        with pytest.raises(AskAgain):
            company.do("late", verb, *given, **more)
    assert len(company.rows(History)) == before
    company.people["admin"] = replace(company["admin"], confirmed_at=fresh)
    company.do("admin", people.edit_person, command=facts, **seen)
    assert company.get(Person, agent.id).role is Role.MANAGER


def test_the_rules_of_signing_in_are_changed_by_the_administrator_only(
    sqlite_company: Company,
) -> None:
    company = sqlite_company
    command = companies.EditSafety(idle_hours=2, code_roles=(Role.ADMIN, Role.MANAGER))
    with pytest.raises(NotAllowed):
        company.do("auditor", companies.edit_safety, command, seen_version=1)
    with pytest.raises(NotAllowed):
        company.see("manager", companies.safety)
    version = company.see("auditor", companies.safety).version
    company.do("admin", companies.edit_safety, command, seen_version=version)
    assert company.see("auditor", companies.safety).code_roles == (Role.MANAGER, Role.ADMIN)
    assert company.rows(History, subject="company")[-1].data == {
        "idle_hours": [12, 2],
        "code_roles": [[], ["manager", "admin"]],
    }
    with transaction(company.engine, write=True) as session:
        secret = sign_ins.open_for(session, "agent", NOW)
        for minutes, is_in in ((119, True), (121, False)):
            at = NOW + timedelta(minutes=minutes)
            assert (sign_ins.held(session, secret, at) is not None) == is_in


def test_who_does_something_stays_and_the_sweep_writes_it_down(company: Company) -> None:
    with transaction(company.engine, write=True) as session:
        busy, idle = (sign_ins.open_for(session, "agent", NOW) for _ in range(2))
    sign_ins.mark_seen(busy, NOW + 11 * HOUR)
    sweep.run(company.engine, now=NOW + 11 * HOUR)
    at = NOW + 13 * HOUR
    with transaction(company.engine, write=False) as session:
        assert sign_ins.held(session, busy, at) is not None
        assert sign_ins.held(session, idle, at) is None
    (mine,) = company.see("agent", sign_ins.own, secret=busy, now=at)
    assert (mine.is_this, mine.seen_at) == (True, NOW + 11 * HOUR)
    assert company.see("manager", sign_ins.own, secret=busy, now=at) == ()


def test_signing_out_everywhere_else(company: Company) -> None:
    with transaction(company.engine, write=True) as session:
        here, there = (sign_ins.open_for(session, "agent", NOW) for _ in range(2))
        other = sign_ins.open_for(session, "manager", NOW)
    company.do("agent", sign_ins.end_elsewhere, secret=here)
    with transaction(company.engine, write=False) as session:
        found = [sign_ins.holder(session, each, NOW) for each in (here, there, other)]
    assert found == [company["agent"], None, company["manager"]]


def test_the_token_of_the_first_start_founds_once(engine: Any) -> None:
    facts = {
        "company": "A",
        "time_zone": "UTC",
        "language": "en",
        "pack": "appliance",
        "admin_name": "A",
        "username": "admin",
        "password": PASSWORD,
    }
    with transaction(engine, write=True) as session:
        token = companies.token(session)
    with transaction(engine, write=True) as session:
        assert companies.token(session) == token
    nobody = Company(engine, {"tool": companies.system_actor()})
    with pytest.raises(InvalidInput) as refusal:
        nobody.do("tool", companies.first_start, parse_first(facts, "x"))
    assert refusal.value.problems[0].code == "wrong_token"
    assert nobody.rows(CompanyRow) == []
    nobody.do("tool", companies.first_start, parse_first(facts, token))
    with transaction(engine, write=True) as session:
        assert companies.token(session) is None
    with pytest.raises(NotAllowed):
        nobody.do("tool", companies.first_start, parse_first(facts, token))


def parse_first(facts: dict[str, str], token: str | None) -> companies.FirstStart:
    return parse(companies.FirstStart, facts | {"token": token})

"""The record of sign-ins: what stands in it, who reads it, and who is told of an attack."""

from datetime import datetime, timedelta

import pytest

from core import sweep
from core.kernel.errors import NotAllowed
from core.kernel.unit_of_work import transaction
from core.people import attempts, records, sign_ins
from core.people.records import KEPT, Place
from db.codes import AccessKind, NoticeKind, Role
from db.tables import AccessEvent, Notice
from tests.company_cast import NOW, PASSWORD, Company

HERE = Place("203.0.113.7", "Firefox")
MINUTE = timedelta(minutes=1)


def fail(company: Company, who: str, at: datetime = NOW, place: Place = HERE) -> None:
    with transaction(company.engine, write=True) as session:
        tried = sign_ins.attempt(session, who, at, address=place.address)
        assert not sign_ins.is_right(tried, "wrong")
        sign_ins.note_wrong(session, tried, at, place)


def come_in(company: Company, who: str, at: datetime = NOW) -> str:
    with transaction(company.engine, write=True) as session:
        tried = sign_ins.attempt(session, who, at, address=HERE.address)
        assert sign_ins.is_right(tried, PASSWORD)
        return sign_ins.open_for(session, who, at, tried=tried, place=HERE)


def test_sign_ins_failures_and_waits_are_on_record(company: Company) -> None:
    for _ in range(7):
        fail(company, "agent")
    fail(company, "correct horse")  # a password in the field of the name
    secret = come_in(company, "manager")
    with transaction(company.engine, write=True) as session:
        sign_ins.end(session, secret, NOW)
    rows = company.see("auditor", records.read).rows
    told = [(row.kind, row.person, row.times, row.address, row.agent) for row in rows]
    place = (HERE.address, HERE.agent)
    assert told == [
        (AccessKind.SIGNED_OUT, "manager", 1, "", ""),
        (AccessKind.SIGNED_IN, "manager", 1, *place),
        (AccessKind.FAILED, "", 1, *place),
        (AccessKind.HELD_BACK, "agent", 2, *place),
        (AccessKind.FAILED, "agent", 5, *place),
    ]
    assert "horse" not in str([vars(row) for row in company.rows(AccessEvent)])
    found = company.see("admin", records.read, kind=AccessKind.FAILED)
    assert (len(found.rows), found.total, found.pages) == (2, 2, 1)
    mine = company.see("admin", records.read, person_id=company["manager"].id)
    assert {row.person for row in mine.rows} == {"manager"}


def test_the_audit_and_the_administrator_read_it_and_nobody_else(sqlite_company: Company) -> None:
    for role in Role:
        who = sqlite_company.cast(role)[0].name
        if role in (Role.AUDITOR, Role.ADMIN):
            assert sqlite_company.see(who, records.read).rows == ()
            assert sqlite_company.see(who, attempts.waiting) == ()
        else:
            for query in (records.read, attempts.waiting):
                with pytest.raises(NotAllowed):
                    sqlite_company.see(who, query)
    with pytest.raises(NotAllowed):
        sqlite_company.do("auditor", attempts.let_in, person_id=1)


def test_spraying_is_told_to_the_administrators_once_a_day(company: Company) -> None:
    for number in range(attempts.FROM_ADDRESS - 1):
        fail(company, f"name{number}")
    sweep.run(company.engine, now=NOW)
    assert company.rows(Notice) == []
    for number in range(30):
        fail(company, f"more{number}")
    for minutes in (0, 1, 20):
        sweep.run(company.engine, now=NOW + minutes * MINUTE)
    (notice,) = company.rows(Notice)
    assert (notice.kind, notice.person_id) == (NoticeKind.ACCESS, company["admin"].id)
    assert notice.data == {"fact": "attacked", "address": HERE.address}
    fail(company, "again", NOW + timedelta(hours=25))
    assert len(company.rows(AccessEvent, kind=AccessKind.ATTACKED)) == 1


def test_many_addresses_against_one_name_are_an_attack(sqlite_company: Company) -> None:
    for number in range(attempts.FOR_NAME):
        fail(sqlite_company, "agent", place=Place(f"10.0.{number // 250}.{number % 250}"))
    (event,) = sqlite_company.rows(AccessEvent, kind=AccessKind.ATTACKED)
    assert event.address == "10.0.0.99"


def test_who_has_to_wait_is_let_in_by_name_and_by_address(company: Company) -> None:
    for _ in range(6):
        fail(company, "agent")
        fail(company, "nobody at all")
        fail(company, "manager", place=Place("198.51.100.9"))
    for number in range(12):
        fail(company, f"name{number}")
    waiting = company.see("auditor", attempts.waiting)
    assert {(each.name, each.address) for each in waiting} == {
        ("agent", ""),
        ("manager", ""),
        ("", HERE.address),
    }
    assert company.see("admin", attempts.waiting, now=NOW + timedelta(hours=2)) == ()
    company.do("admin", attempts.let_in, person_id=company["agent"].id)
    company.do("admin", attempts.let_in, address=HERE.address)
    assert {each.name for each in company.see("admin", attempts.waiting)} == {"manager"}
    assert come_in(company, "agent")
    (event, _) = company.rows(AccessEvent, kind=AccessKind.UNLOCKED)
    assert (event.person_id, event.by_id) == (company["agent"].id, company["admin"].id)


def test_the_password_given_again_is_counted_like_every_other(company: Company) -> None:
    secret = come_in(company, "agent")
    later = NOW + timedelta(hours=1)
    with transaction(company.engine, write=True) as session:
        for _ in range(5):
            tried = sign_ins.attempt_again(session, secret, later, HERE.address)
            assert not sign_ins.is_right(tried, "wrong")
        tried = sign_ins.attempt_again(session, secret, later, "198.51.100.9")
        assert sign_ins.is_right(tried, PASSWORD)  # a known browser at another address
        sign_ins.confirm(session, secret, later, tried)
        found = sign_ins.holder(session, secret, later)
    assert found is not None
    assert found.confirmed_at == later
    with transaction(company.engine, write=True) as session:
        for made_up in ("", "x"):
            assert not sign_ins.is_right(sign_ins.attempt_again(session, made_up, later), PASSWORD)


def test_the_record_is_kept_for_a_year_and_a_month(sqlite_company: Company) -> None:
    fail(sqlite_company, "agent")
    sweep.run(sqlite_company.engine, now=NOW + KEPT)
    assert len(sqlite_company.rows(AccessEvent)) == 1
    sweep.run(sqlite_company.engine, now=NOW + KEPT + MINUTE)
    assert sqlite_company.rows(AccessEvent) == []

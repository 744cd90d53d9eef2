"""A full disk, a lock that is held, a database that is away: said in words, and nothing half saved."""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from sqlalchemy import event, func, select
from sqlalchemy.exc import OperationalError

from core import sweep
from core.kernel import database, health, hindrances
from core.kernel.errors import Hindered, NotFound
from core.kernel.hindrances import Hindrance
from core.kernel.unit_of_work import transaction
from core.people import sign_ins, unwritten
from core.people.records import Place
from db.codes import AccessKind
from db.session import make_engine
from db.tables import AccessEvent, History, ServiceRequest, SignIn, SignInAttempt
from tests.company_cast import PASSWORD, Company

AT = datetime(2026, 3, 3, 2, 0, tzinfo=UTC)
HOME = Place("192.0.2.7", "a browser")


@pytest.fixture
def full(sqlite_company: Company) -> Iterator[Company]:
    """A company whose disk takes forty pages more."""
    company = sqlite_company
    company.engine.dispose()

    def limit(connection: Any, _record: Any) -> None:
        with closing(connection.execute("PRAGMA page_count")) as cursor:
            (pages,) = cursor.fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages + 40}").close()

    event.listen(company.engine, "connect", limit)
    yield company
    event.remove(company.engine, "connect", limit)
    company.engine.dispose()


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    yield
    unwritten.written(*unwritten.taken())
    health._known.clear()


def test_a_full_disk_is_told_and_nothing_is_half_saved(full: Company) -> None:
    before = _counts(full)
    with pytest.raises(Hindered) as caught:
        for _each in range(200):
            full.register(symptom="x" * 1500)
    assert caught.value.details["reason"] is Hindrance.DISK
    after = _counts(full)
    assert after[0] > before[0]  # what was told as registered is there, with its history
    with transaction(full.engine, write=False) as session:
        numbers = session.scalars(select(ServiceRequest.number)).all()
    assert len(numbers) == len({*numbers}) == after[0]


def _counts(company: Company) -> tuple[int, int]:
    with transaction(company.engine, write=False) as session:
        cases = session.scalar(select(func.count(ServiceRequest.id))) or 0
        return cases, session.scalar(select(func.count(History.id))) or 0


def test_a_lock_that_is_held_is_told_and_the_health_says_so(
    served: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert health.standing(AT) is None
    monkeypatch.setattr(database, "PATIENCE", 0)
    monkeypatch.setattr(health, "FRESH", -1)
    path = served.engine.url.database
    with closing(sqlite3.connect(str(path), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert health.standing(AT) is Hindrance.BUSY
        with transaction(served.engine, write=False) as session:  # reading goes on
            assert session.scalar(select(func.count(SignIn.digest))) == 0
        other.execute("ROLLBACK")
    assert health.standing(AT) is None


@pytest.mark.parametrize(
    ("error", "found"),
    [
        (OSError(errno.ENOSPC, ""), Hindrance.DISK),
        (OSError(errno.EACCES, ""), None),
        (psycopg.errors.DiskFull(), Hindrance.DISK),
        (psycopg.errors.AdminShutdown(), Hindrance.AWAY),
        (psycopg.errors.TooManyConnections(), Hindrance.BUSY),
        (psycopg.errors.LockNotAvailable(), Hindrance.BUSY),
        (psycopg.errors.ReadOnlySqlTransaction(), Hindrance.READ_ONLY),
        (psycopg.OperationalError("connection refused"), Hindrance.AWAY),
        (psycopg.errors.UniqueViolation(), None),
        (ValueError(), None),
    ],
    ids=lambda each: type(each).__name__ if isinstance(each, Exception) else str(each),
)
def test_what_is_in_the_way_is_told_apart(error: Exception, found: Hindrance | None) -> None:
    wrapped = OperationalError("", {}, error) if isinstance(error, psycopg.Error) else error
    assert hindrances.of(wrapped) is found


def test_a_server_that_is_not_there_is_told() -> None:
    engine = make_engine("postgresql://nobody@127.0.0.1:1/nothing")
    with pytest.raises(Hindered) as caught, transaction(engine, write=False) as session:
        session.execute(select(1))
    assert caught.value.details["reason"] is Hindrance.AWAY


def signed_in(company: Company, who: str, password: str = PASSWORD) -> str | None:
    """As the door does while nothing can be written; None for a wrong password."""
    with transaction(company.engine, write=False) as session:
        tried = sign_ins.attempt_unwritten(session, who, AT, address=HOME.address)
        if not sign_ins.is_right(tried, password):
            return None
        return sign_ins.open_unwritten(session, who, AT, tried=tried, place=HOME)


def holder(company: Company, secret: str, at: datetime = AT) -> str | None:
    with transaction(company.engine, write=False) as session:
        found = sign_ins.holder(session, secret, at)
    return found.name if found else None


def test_people_come_in_to_read_and_it_is_written_down_afterwards(company: Company) -> None:
    secret = signed_in(company, "agent") or ""
    assert holder(company, secret) == "agent"
    assert company.rows(SignIn) == []
    sweep.run(company.engine, now=AT + timedelta(minutes=1))
    (row,) = company.rows(SignIn)
    assert (row.person_id, row.started_at, row.address) == (company["agent"].id, AT, HOME.address)
    assert [e.kind for e in company.rows(AccessEvent)] == [AccessKind.SIGNED_IN]
    assert unwritten.taken() == ({}, {})
    assert holder(company, secret) == "agent"
    sign_ins.end_unwritten(secret, AT)
    assert holder(company, secret) is None
    sweep.run(company.engine, now=AT + timedelta(minutes=2))
    assert company.rows(SignIn)[0].ended_at == AT
    assert holder(company, secret) is None


def test_an_unwritten_sign_in_ends_as_others_do(sqlite_company: Company) -> None:
    company = sqlite_company
    secret = signed_in(company, "agent") or ""
    assert holder(company, secret, AT + timedelta(hours=13)) is None  # nothing done meanwhile
    assert holder(company, "anything") is None
    with transaction(company.engine, write=True) as session:
        person = session.get_one(sign_ins.Person, company["agent"].id)
        person.password_hash = person.password_hash[:-1] + "x"
    assert holder(company, secret) is None


def test_wrong_passwords_are_counted_without_a_row(sqlite_company: Company) -> None:
    for _each in range(5):
        assert signed_in(sqlite_company, "agent", "wrong horse battery") is None
    assert signed_in(sqlite_company, "agent") is None  # has to wait now
    assert signed_in(sqlite_company, "manager")
    for name in range(20):
        signed_in(sqlite_company, f"nobody{name}", "x")
    assert signed_in(sqlite_company, "leader") is None  # and so has the address
    assert sqlite_company.rows(SignInAttempt) == []


def test_a_password_that_changed_meanwhile_opens_nothing(sqlite_company: Company) -> None:
    with transaction(sqlite_company.engine, write=False) as session:
        tried = sign_ins.attempt_unwritten(session, "agent", AT)
        changed = sign_ins.replace(tried, password_hash="another")
        with pytest.raises(NotFound):
            sign_ins.open_unwritten(session, "agent", AT, tried=changed, place=HOME)


def test_a_sign_in_of_a_clock_that_was_far_ahead_holds_no_year(sqlite_company: Company) -> None:
    with transaction(sqlite_company.engine, write=True) as session:
        secret = sign_ins.open_for(session, "agent", AT + timedelta(days=365))
    assert holder(sqlite_company, secret, AT + timedelta(days=365)) == "agent"
    assert holder(sqlite_company, secret) is None

"""Who holds a sign-in: what opens it and what ends it."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from core.erasing import retention
from core.house import HOUSE
from core.kernel.errors import NotFound
from core.kernel.unit_of_work import Actor, system_actor, transaction, unit_of_work
from core.people import passwords, people, sign_ins
from db.codes import Language, Role
from db.tables import Company as CompanyRow
from db.tables import Person, SignIn
from tests.company_cast import NOW, PASSWORD, PASSWORD_HASH, Company

SECOND = timedelta(seconds=1)
NEW_PASSWORD = passwords.SetPassword(password="battery staple")


def write(company: Company, verb: Any, *given: Any) -> Any:
    with transaction(company.engine, write=True) as session:
        return verb(session, *given)


def opened(company: Company, who: str = "agent") -> str:
    secret: str = write(company, sign_ins.open_for, who, NOW)
    return secret


def holder(company: Company, secret: str, at: datetime = NOW, **more: Any) -> Actor | None:
    with transaction(company.engine, write=False) as session:
        return sign_ins.holder(session, secret, at, **more)


def may_sign_in(company: Company, who: str) -> bool:
    return write(company, sign_ins.attempt, who, NOW).password_hash != sign_ins.NOBODY


def change(company: Company, who: str, **facts: Any) -> None:
    with transaction(company.engine, write=True) as session:
        session.execute(update(Person).where(Person.username == who).values(**facts))


def test_the_holder_is_the_person_as_of_now(company: Company) -> None:
    secret = opened(company)
    assert holder(company, secret) == company["agent"]
    change(company, "agent", role=Role.MANAGER, station_id=None, name="李经理")
    actor = holder(company, secret)
    assert actor is not None
    assert (actor.role, actor.station_id, actor.name) == (Role.MANAGER, None, "李经理")


def test_the_table_holds_a_digest_and_never_the_secret(company: Company) -> None:
    secret = opened(company)
    (row,) = company.rows(SignIn)
    assert secret not in (row.digest, str(vars(row)))
    assert len(row.digest) == 64
    assert holder(company, row.digest) is None
    assert len({opened(company) for _ in range(20)}) == 20


@pytest.mark.parametrize("secret", ["", "guess", "x" * 10_000, "\x00", "🙂"])
def test_a_made_up_secret_holds_nothing(company: Company, secret: str) -> None:
    opened(company)
    assert holder(company, secret) is None


def test_it_expires(company: Company) -> None:
    secret = opened(company)
    end = NOW + timedelta(days=sign_ins.DAYS)
    sign_ins.mark_seen(secret, end - SECOND)
    assert holder(company, secret, end - SECOND) is not None
    assert holder(company, secret, end) is None


def test_signing_out_ends_this_sign_in_only(company: Company) -> None:
    here, there = opened(company), opened(company)
    write(company, sign_ins.end, here, NOW + SECOND)
    assert holder(company, here) is None
    assert holder(company, there) is not None
    write(company, sign_ins.end, here, NOW + 2 * SECOND)
    assert [row.ended_at for row in company.rows(SignIn) if row.ended_at] == [NOW + SECOND]


def test_a_disabled_person_holds_nothing(company: Company) -> None:
    secret, other = opened(company), opened(company, "manager")
    facts = people.EditPerson(name="agent", role=Role.AGENT, station_id=1, active=False)
    agent = company.get(Person, company["agent"].id)
    company.do("admin", people.edit_person, id=agent.id, command=facts, seen_version=agent.version)
    assert holder(company, secret) is None
    assert not may_sign_in(company, "agent")
    assert holder(company, other) is not None
    with pytest.raises(NotFound):
        opened(company)
    # Let in again, the old cookie stays worthless.
    change(company, "agent", active=True)
    assert holder(company, secret) is None


@pytest.mark.parametrize("by", ["agent", "admin"])
def test_a_new_password_ends_all_sign_ins(company: Company, by: str) -> None:
    here, there, other = opened(company), opened(company), opened(company, "manager")
    if by == "agent":
        own = passwords.ChangePassword(current=PASSWORD, password="battery staple")
        company.do("agent", passwords.change_password, own)
    else:
        agent = company.get(Person, company["agent"].id)
        facts = {"id": agent.id, "command": NEW_PASSWORD, "seen_version": agent.version}
        company.do("admin", passwords.set_password, **facts)
    assert holder(company, here) is None
    assert holder(company, there) is None
    assert holder(company, other) is not None
    assert company.get(Person, company["agent"].id).password_hash != PASSWORD_HASH


def test_the_row_of_a_sign_in_is_dropped_when_its_browser_is_known_no_more(
    company: Company,
) -> None:
    opened(company)
    for days, left in ((180, 1), (181, 0)):
        with unit_of_work(
            company.engine, system_actor(), HOUSE, write=True, now=NOW + timedelta(days=days)
        ) as uow:
            retention.sweep(uow, None)
        assert len(company.rows(SignIn)) == left


def test_the_language_is_the_persons_own_then_the_browsers_then_the_companys(
    company: Company,
) -> None:
    secret = opened(company)

    def language(guess: Language | None = None) -> Language | None:
        actor = holder(company, secret, guess=guess)
        return actor and actor.language

    assert company.get(CompanyRow, 1).language is Language.ZH
    assert language() is Language.ZH
    assert language(guess=Language.EN) is Language.EN
    choice = people.ChooseLanguage(language=Language.ZH)
    company.do("agent", people.choose_language, choice)
    assert language(guess=Language.EN) is Language.ZH

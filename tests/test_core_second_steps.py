"""Codes of the telephone: set up, given once, counted when wrong, and a way in without them."""

from datetime import datetime, timedelta

import pyotp
import pytest

from core.kernel.errors import InvalidInput, NotAllowed
from core.kernel.unit_of_work import transaction
from core.people import company as companies
from core.people import passwords, second_steps, sign_ins
from core.people.records import Place
from core.people.second_steps import GiveCode
from core.people.sign_ins import Lacking
from db.codes import AccessKind, Role
from db.tables import AccessEvent, History, RecoveryCode, SecondStep
from tests.company_cast import NOW, Company

HALF, MINUTE = timedelta(seconds=30), timedelta(minutes=1)
HERE = Place("203.0.113.7", "Firefox")


def opened(company: Company, who: str = "admin", at: datetime = NOW) -> str:
    with transaction(company.engine, write=True) as session:
        return sign_ins.open_for(session, who, at)


def lacking(company: Company, secret: str, at: datetime = NOW) -> Lacking | None:
    with transaction(company.engine, write=False) as session:
        found = sign_ins.held(session, secret, at)
        assert (sign_ins.holder(session, secret, at) is None) == (found.lacking is not None)
        return found.lacking


def code(company: Company, at: datetime = NOW, who: str = "admin") -> str:
    row = company.get(SecondStep, company[who].id)
    return pyotp.TOTP(row.secret).at(at)


def turned_on(company: Company, who: str = "admin", at: datetime = NOW) -> tuple[str, ...]:
    """Set up as of a minute ago, so that the code of now is still free."""
    recovery = second_steps.new_recovery_codes()
    company.do(who, second_steps.prepare)
    command = GiveCode(code=code(company, at - MINUTE, who))
    more = {"recovery": recovery, "secret": "", "now": at - MINUTE}
    company.do(who, second_steps.begin, command, **more)
    return recovery


def give(company: Company, secret: str, text: str, at: datetime = NOW) -> bool:
    with transaction(company.engine, write=True) as session:
        return second_steps.give(session, secret, text, at, HERE)


def test_codes_are_set_up_with_the_first_one(company: Company) -> None:
    secret = opened(company)
    assert company.see("admin", second_steps.telephone) is None
    for _ in range(2):
        company.do("admin", second_steps.prepare)
    telephone = company.see("admin", second_steps.telephone)
    assert telephone.address.startswith("otpauth://totp/Test%20company:admin?secret=")
    recovery = second_steps.new_recovery_codes()
    more = {"recovery": recovery, "secret": secret}
    with pytest.raises(InvalidInput):
        company.do("admin", second_steps.begin, GiveCode(code="000000"), **more)
    assert lacking(company, secret) is None
    company.do("admin", second_steps.begin, GiveCode(code=f" {code(company)} "), **more)
    # This sign-in has given a code; the next one has to.
    assert lacking(company, secret) is None
    assert company.see("admin", second_steps.telephone) is None
    later = opened(company)
    assert lacking(company, later) is Lacking.CODE
    assert not give(company, later, code(company))  # it was taken already
    assert give(company, later, code(company, NOW + HALF), NOW + HALF)
    assert lacking(company, later) is None
    standing = company.see("admin", second_steps.standing)
    assert (standing.since, standing.left, standing.is_asked) == (NOW, 10, False)
    assert len(set(recovery)) == 10
    stored = str([vars(row) for row in company.rows(RecoveryCode)])
    assert not [each for each in recovery if each in stored]


def test_a_role_that_is_asked_for_codes_sets_them_up_first(sqlite_company: Company) -> None:
    company = sqlite_company
    command = companies.EditSafety(idle_hours=12, code_roles=(Role.ADMIN,))
    company.do("admin", companies.edit_safety, command, seen_version=1)
    secret = opened(company)
    assert lacking(company, secret) is Lacking.CODES
    assert lacking(company, opened(company, "agent")) is None
    company.do("admin", second_steps.prepare)
    more = {"recovery": (), "secret": secret}
    company.do("admin", second_steps.begin, GiveCode(code=code(company)), **more)
    assert lacking(company, secret) is None
    with pytest.raises(NotAllowed) as refusal:
        company.do("admin", second_steps.stop)
    assert refusal.value.details == {"reason": "codes_asked"}


def test_five_wrong_codes_make_the_next_one_wait_in_every_sign_in(company: Company) -> None:
    turned_on(company)
    first = opened(company)
    assert [give(company, first, "12345") for _ in range(5)] == [False] * 5
    # The password given anew starts nothing from nought.
    second = opened(company)
    assert not give(company, second, code(company))
    assert not give(company, second, code(company, NOW + HALF), NOW + HALF)
    at = NOW + MINUTE
    assert give(company, second, code(company, at), at)
    (event,) = company.rows(AccessEvent, kind=AccessKind.CODE_FAILED)
    assert (event.times, event.person_id, event.address) == (7, company["admin"].id, HERE.address)


@pytest.mark.parametrize("seconds", [-60, -30, 0, 30, 60])
def test_a_telephone_may_go_half_a_minute_wrong(sqlite_company: Company, seconds: int) -> None:
    turned_on(sqlite_company, at=NOW - timedelta(minutes=9))
    theirs = code(sqlite_company, NOW + timedelta(seconds=seconds))
    assert give(sqlite_company, opened(sqlite_company), theirs) == (abs(seconds) <= 30)


@pytest.mark.parametrize("text", ["", "1", "１２３４５６", "\x00", "x" * 9999, "-----", "🙂"])
def test_no_text_breaks_the_check(company: Company, text: str) -> None:
    secret = opened(company)
    assert not give(company, secret, text)  # nobody is asked for one
    turned_on(company)
    assert not give(company, opened(company), text)
    assert not give(company, "no such sign-in", text)


def test_a_recovery_code_is_good_once(company: Company) -> None:
    recovery = turned_on(company)
    theirs = turned_on(company, "agent")
    assert not give(company, opened(company), theirs[0])
    assert give(company, opened(company), f" {recovery[3].upper()} ")
    assert not give(company, opened(company), recovery[3])
    assert company.see("admin", second_steps.standing).left == 9
    fresh = second_steps.new_recovery_codes()
    company.do("admin", second_steps.renew_recovery, recovery=fresh)
    assert not give(company, opened(company), recovery[4])
    assert give(company, opened(company), fresh[0])


def test_codes_are_turned_off_by_oneself_by_the_administrator_and_on_the_server(
    company: Company,
) -> None:
    for way in ("own", "admin", "server"):
        turned_on(company, "agent")
        agent = company["agent"].id
        with pytest.raises(NotAllowed):
            company.do("manager", second_steps.take_away, id=agent)
        assert company.see("admin", second_steps.has_codes) == {agent}
        if way == "own":
            company.do("agent", second_steps.stop)
        elif way == "admin":
            company.do("admin", second_steps.take_away, id=agent)
        else:
            company.do("admin", passwords.renew_password, username="agent")
        assert company.rows(SecondStep) == company.rows(RecoveryCode) == []
    facts = [row.action for row in company.rows(History, subject="person", subject_id=agent)]
    assert facts == ["codes_on", "codes_off"] * 3 + ["password_changed"]

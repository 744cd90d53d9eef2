"""Tries to sign in: wrong ones are counted before they are checked, and turned against nobody."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlalchemy import update

from core import sweep
from core.kernel.errors import NotFound
from core.kernel.unit_of_work import transaction
from core.people import attempts, passwords, people, sign_ins
from core.people.sign_ins import Attempt
from db.tables import Person, SignIn, SignInAttempt
from tests.company_cast import NOW, PASSWORD, PASSWORD_HASH, Company

HERE, THERE = "203.0.113.7", "198.51.100.9"
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


def attempt(
    company: Company, who: str = "agent", at: datetime = NOW, place: str = HERE, browser: str = ""
) -> Attempt:
    with transaction(company.engine, write=True) as session:
        return sign_ins.attempt(session, who, at, address=place, browser=browser)


def is_open(company: Company, who: str = "agent", at: datetime = NOW, **more: str) -> bool:
    """Whether a right password would be looked at now; the try itself is taken back."""
    with transaction(company.engine, write=True) as session:
        place, browser = more.get("place", HERE), more.get("browser", "")
        tried = sign_ins.attempt(session, who, at, address=place, browser=browser)
        session.rollback()
    return tried.password_hash != sign_ins.NOBODY


def sign_in(
    company: Company, who: str = "agent", at: datetime = NOW, place: str = HERE, browser: str = ""
) -> str:
    tried = attempt(company, who, at, place, browser)
    assert sign_ins.is_right(tried, PASSWORD)
    with transaction(company.engine, write=True) as session:
        return sign_ins.open_for(session, who, at, tried=tried)


def fail(company: Company, times: int, who: str = "agent", at: datetime = NOW, **more: str) -> int:
    """Wrong passwords; how many of them were checked."""
    return sum(attempt(company, who, at, **more).reserved.id is not None for _ in range(times))


def test_five_wrong_passwords_make_the_next_one_wait_and_the_waits_grow(company: Company) -> None:
    assert fail(company, 4) == 4
    assert is_open(company)
    assert fail(company, 9) == 1
    at = NOW
    for minutes in (1, 2, 4, 8, 16, 32, 60, 60):
        assert not is_open(company, at=at + minutes * MINUTE - SECOND)
        at += minutes * MINUTE
        assert is_open(company, at=at)
        assert fail(company, 3, at=at) == 1
    assert is_open(company, at=at + timedelta(days=1, seconds=1))


def test_sixty_guesses_at_once_are_five(company: Company) -> None:
    with ThreadPoolExecutor(12) as pool:
        checked = list(pool.map(lambda _: fail(company, 1), range(60)))
    assert sum(checked) == attempts.TRIES
    assert len(company.rows(SignInAttempt)) == attempts.TRIES


def test_a_right_password_clears_the_count(company: Company) -> None:
    fail(company, 4)
    sign_in(company)
    assert company.rows(SignInAttempt) == []
    assert fail(company, 9) == 5


def test_the_opening_asks_again(company: Company) -> None:
    tried = attempt(company)
    fail(company, 4)
    with transaction(company.engine, write=True) as session:
        assert sign_ins.open_for(session, "agent", NOW, tried=tried)
    fail(company, 5)
    with (
        pytest.raises(NotFound),
        transaction(company.engine, write=True) as session,
    ):
        sign_ins.open_for(session, "agent", NOW, tried=Attempt(tried.reserved, "", PASSWORD_HASH))
    other = attempt(company, "manager")
    manager = company.get(Person, company["manager"].id)
    command = passwords.SetPassword(password="battery staple")
    company.do(
        "admin",
        passwords.set_password,
        id=manager.id,
        command=command,
        seen_version=manager.version,
    )
    with pytest.raises(NotFound), transaction(company.engine, write=True) as session:
        sign_ins.open_for(session, "manager", NOW, tried=other)


def test_an_attack_on_every_name_shuts_nobody_out(company: Company) -> None:
    browsers = {who: sign_in(company, who, place=HERE) for who in ("agent", "admin", "manager")}
    later = NOW + timedelta(days=30)  # their sign-ins have expired
    names = [person.username for person in company.rows(Person)]
    for name in names:
        fail(company, 5, name, later, place=HERE)
    for who, browser in browsers.items():
        assert is_open(company, who, later, place=HERE, browser=browser)
        assert is_open(company, who, later, place=THERE)
        assert not is_open(company, who, later, place=HERE)
    # Somebody else's cookie makes no browser known.
    assert not is_open(company, "agent", later, place=HERE, browser=browsers["admin"])
    assert sign_in(company, "admin", later, HERE, browsers["admin"])


def test_one_guess_for_each_name_is_slowed_down(company: Company) -> None:
    checked = [fail(company, 1, f"name{number}") for number in range(60)]
    assert checked == [1] * attempts.FROM_ADDRESS + [0] * (60 - attempts.FROM_ADDRESS)
    assert not is_open(company, "agent")
    assert is_open(company, "agent", place=THERE)
    assert is_open(company, "agent", at=NOW + attempts.LONGEST_FOR_OTHERS)


def test_one_network_of_ipv6_is_one_address(company: Company) -> None:
    for number in range(5):
        fail(company, 1, place=f"2001:db8:1:2::{number:x}")
    assert not is_open(company, place="2001:db8:1:2:ffff::1")
    assert is_open(company, place="2001:db8:1:3::1")
    fail(company, 5, "manager", place="::ffff:203.0.113.7")
    assert not is_open(company, "manager", place=HERE)


def test_many_addresses_against_one_name_are_slowed_down(company: Company) -> None:
    browser = sign_in(company)
    checked = sum(fail(company, 1, place=f"10.0.{n // 250}.{n % 250}") for n in range(130))
    assert checked == attempts.FOR_NAME
    assert not is_open(company, place="192.0.2.1")
    assert is_open(company, place="192.0.2.1", at=NOW + attempts.LONGEST_FOR_OTHERS)
    assert is_open(company, place="192.0.2.1", browser=browser)


def test_a_known_browser_has_five_tries_of_its_own_and_is_then_a_stranger(company: Company) -> None:
    browser = sign_in(company)
    fail(company, 5)
    assert fail(company, 5, browser=browser) == 5
    assert not is_open(company, browser=browser)
    assert is_open(company, browser=browser, place=THERE)
    assert is_open(company, browser=browser, at=NOW + timedelta(days=1, seconds=1))


def test_a_sign_in_that_was_ended_still_makes_the_browser_known(company: Company) -> None:
    browser = sign_in(company)
    with transaction(company.engine, write=True) as session:
        sign_ins.end(session, browser, NOW)
    fail(company, 5)
    assert is_open(company, browser=browser)
    assert company.rows(SignIn)[0].ended_at == NOW


UNKNOWN = ["nobody", "", "\x00", "a\x00gents\ud800", "🙂" * 5000, "correct horse"]


@pytest.mark.parametrize("name", UNKNOWN)
def test_unknown_names_are_counted_and_told_like_known_ones(company: Company, name: str) -> None:
    tried = [attempt(company, name) for _ in range(7)]
    known = [attempt(company, "manager", place=THERE) for _ in range(7)]
    for unknown, right in zip(tried, known, strict=True):
        assert (unknown.reserved.id is None) == (right.reserved.id is None)
        assert unknown.reserved.standing.until == right.reserved.standing.until
        assert not sign_ins.is_right(unknown, PASSWORD)


def test_nobodys_password_costs_as_much_as_a_persons(company: Company) -> None:
    made = company.do("admin", people.add_person, people.AddPerson(**NEW))
    theirs = company.get(Person, made).password_hash
    assert theirs.split("$")[:3] == sign_ins.NOBODY.split("$")[:3]
    with transaction(company.engine, write=True) as session:
        session.execute(update(Person).where(Person.username == "agent").values(active=False))
    fail(company, 5, "manager")
    for who in ("nobody", "agent", "manager"):
        assert attempt(company, who).password_hash == sign_ins.NOBODY


NEW = {"username": "wang.wu", "name": "王五", "role": "agent", "password": "battery staple"}


@pytest.mark.parametrize("typed", ["Agent", " AGENT ", "ａｇｅｎｔ", "ＡＧＥＮＴ　", "a\x00gent"])
def test_a_name_is_the_same_however_it_is_typed(company: Company, typed: str) -> None:
    assert is_open(company, typed)
    fail(company, 5, typed)
    assert not is_open(company, "agent")


def test_a_name_in_full_width_letters_is_stored_in_half_width(company: Company) -> None:
    command = people.AddPerson(**NEW | {"username": "ＷＡＮＧ８"})
    made = company.do("admin", people.add_person, command)
    assert company.get(Person, made).username == "wang8"


@pytest.mark.parametrize(
    "password", ["", "x" * 72, "x" * 73, "密" * 5000, PASSWORD + "\x00", PASSWORD + "y" * 99]
)
def test_no_password_of_any_length_breaks_the_check(company: Company, password: str) -> None:
    assert not sign_ins.is_right(attempt(company), password)
    assert sign_ins.is_right(attempt(company), f" {PASSWORD} ")


def test_a_longer_password_is_not_the_first_72_bytes_of_it(company: Company) -> None:
    long = "correct horse battery staple " * 2 + "0123456789abcd"
    assert len(long) == 72
    command = people.AddPerson(**NEW | {"password": long})
    company.do("admin", people.add_person, command)
    assert sign_ins.is_right(attempt(company, "wang.wu"), long)
    assert not sign_ins.is_right(attempt(company, "wang.wu"), long + "x")


def test_the_table_tells_no_names(company: Company) -> None:
    fail(company, 1, "correct horse battery")
    (row,) = company.rows(SignInAttempt)
    assert "correct" not in str(vars(row))
    assert len(row.name) == 64


@pytest.mark.parametrize("days", [365, -365])
def test_a_clock_that_was_wrong_locks_nobody(company: Company, days: int) -> None:
    fail(company, 5, at=NOW + timedelta(days=days))
    assert is_open(company)
    assert fail(company, 9) == 5
    sweep.run(company.engine, now=NOW)
    assert {row.at for row in company.rows(SignInAttempt)} == {NOW}


def test_clocks_of_two_machines_may_differ_a_little(company: Company) -> None:
    fail(company, 5, at=NOW + 2 * MINUTE)
    assert not is_open(company, at=NOW)
    assert is_open(company, at=NOW + 3 * MINUTE)


def test_a_new_password_by_the_administrator_lets_in_at_once(company: Company) -> None:
    fail(company, 5)
    agent = company.get(Person, company["agent"].id)
    command = passwords.SetPassword(password="battery staple")
    company.do(
        "admin", passwords.set_password, id=agent.id, command=command, seen_version=agent.version
    )
    assert is_open(company)


def test_a_locked_name_does_not_end_a_sign_in(company: Company) -> None:
    secret = sign_in(company)
    fail(company, 9)
    with transaction(company.engine, write=False) as session:
        assert sign_ins.holder(session, secret, NOW) == company["agent"]

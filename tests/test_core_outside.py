"""People whom the company's own sign-in service vouches for: who comes in, and what is asked yet."""

from datetime import timedelta

import pytest

from core.kernel.errors import InvalidInput
from core.kernel.inputs import parse
from core.kernel.unit_of_work import transaction
from core.people import outside, people, sign_ins
from core.people.people import EditPerson
from core.people.records import Place
from core.people.sign_ins import Lacking
from db.codes import AccessKind
from db.tables import AccessEvent, Person, SecondStep, SignIn
from tests.company_cast import NOW, Company

HERE = Place(address="10.0.0.7")
LATER = NOW + timedelta(hours=2)


def called(company: Company, who: str, name: str, **facts: object) -> None:
    """The administrator writes down what the service calls somebody."""
    person = company.get(Person, company[who].id)
    own = {key: getattr(person, key) or "" for key in ("name", "phone")}
    own |= {"role": person.role, "station_id": person.station_id, "outside_name": name}
    command = parse(EditPerson, own | facts)
    edit = {"id": person.id, "command": command, "seen_version": person.version}
    company.do("admin", people.edit_person, **edit)


def come(company: Company, name: str) -> str | None:
    with transaction(company.engine, write=True) as session:
        return outside.open_for(session, name, NOW, HERE)


def test_who_is_known_comes_in_and_nobody_else(company: Company) -> None:
    called(company, "agent", " Agent@Example.com ")
    assert come(company, "other@example.com") is None and come(company, " ") is None
    secret = come(company, "AGENT@example.COM")
    (row,) = company.rows(SignIn)
    assert row.outside and row.person_id == company["agent"].id and row.address == "10.0.0.7"
    kinds = [each.kind for each in company.rows(AccessEvent)]
    assert kinds == [AccessKind.FAILED, AccessKind.SIGNED_IN]  # two alike are one line
    with transaction(company.engine, write=False) as session:
        held = sign_ins.holder(session, secret or "", NOW)
    assert held and held.id == company["agent"].id
    with pytest.raises(InvalidInput) as taken:
        called(company, "manager", "agent@example.com")
    assert [each.code for each in taken.value.details["problems"]] == ["taken"]
    # Another name, or none: what the service said of the old one is worth nothing at once.
    called(company, "agent", "")
    assert company.rows(SignIn)[0].ended_at and come(company, "agent@example.com") is None
    called(company, "agent", "agent@example.com", active=False)
    assert come(company, "agent@example.com") is None


def test_a_code_is_asked_all_the_same_and_a_given_password_is_not(company: Company) -> None:
    called(company, "agent", "agent@example.com")
    with transaction(company.engine, write=True) as session:
        session.get_one(Person, company["agent"].id).password_is_given = True
    secret = come(company, "agent@example.com") or ""
    with transaction(company.engine, write=True) as session:
        held = sign_ins.held(session, secret, NOW)
        assert held and held.lacking is None
        session.add(SecondStep(person_id=company["agent"].id, secret="A" * 32, confirmed_at=NOW))
    with transaction(company.engine, write=False) as session:
        held = sign_ins.held(session, secret, NOW)
    assert held and held.lacking is Lacking.CODE


def test_the_service_asked_again_counts_once_as_the_password(company: Company) -> None:
    called(company, "agent", "agent@example.com")
    called(company, "manager", "manager@example.com")
    secret = come(company, "agent@example.com") or ""
    at = LATER - timedelta(minutes=1)
    tries = [("manager@example.com", at), ("agent@example.com", NOW), ("agent@example.com", at)]
    with transaction(company.engine, write=True) as session:
        counted = [outside.confirm(session, secret, name, since, LATER) for name, since in tries]
        again = outside.confirm(session, secret, "agent@example.com", at, LATER)
    assert (counted, again) == ([False, False, True], False)
    assert company.rows(SignIn)[0].confirmed_at == LATER

"""The company is founded once, with its rule book and its first administrator."""

from typing import Any

import pytest
from sqlalchemy import Engine, select

from core.house import HOUSE
from core.kernel.errors import InvalidInput, NotAllowed, Stale
from core.kernel.inputs import parse
from core.kernel.unit_of_work import system_actor, transaction, unit_of_work
from core.norms import revisions
from core.people import company as companies
from core.process import history
from db.codes import Language, Role
from db.tables import Company as CompanyRow
from db.tables import NormRevision, Person, Station
from tests.company_cast import NOW, Company

FIRST = {
    "company": "江南电器",
    "time_zone": "Asia/Shanghai",
    "language": "zh_CN",
    "pack": "appliance",
    "hotline": "400-800-1234",
    "station": "南京站",
    "admin_name": "管理员",
    "username": "Admin",
    "password": "correct horse",
}


def set_up(engine: Engine, **facts: Any) -> int:
    with unit_of_work(engine, system_actor(), HOUSE, write=True, now=NOW) as uow:
        return companies.set_up(uow, parse(companies.SetUp, FIRST | facts))


def found(engine: Engine) -> companies.CompanyView | None:
    with transaction(engine, write=False) as session:
        return companies.find(session)


def rows(engine: Engine, table: type) -> list[Any]:
    with transaction(engine, write=False) as session:
        return list(session.scalars(select(table)))


def test_founding(engine: Engine) -> None:
    assert found(engine) is None
    admin_id = set_up(engine)
    company = found(engine)
    assert company is not None
    assert (company.name, company.time_zone) == ("江南电器", "Asia/Shanghai")
    assert (company.language, company.hotline) == (Language.ZH, "400-800-1234")
    assert len(company.cookie_key) >= 32
    (admin,) = rows(engine, Person)
    assert (admin.id, admin.username, admin.role) == (admin_id, "admin", Role.ADMIN)
    assert [station.name for station in rows(engine, Station)] == ["南京站"]
    (revision,) = rows(engine, NormRevision)
    assert (revision.number, revision.pack, revision.signed_by) == (1, "appliance", "管理员")
    assert revision.in_force_on == NOW.date()
    assert revisions.norm_of(revision) == revisions.shipped("appliance")
    with unit_of_work(engine, system_actor(), HOUSE, write=False) as uow:
        assert history.verify(uow) == ()


def test_only_once(engine: Engine) -> None:
    set_up(engine)
    with pytest.raises(NotAllowed):
        set_up(engine, username="second")
    assert len(rows(engine, CompanyRow)) == len(rows(engine, Person)) == 1


def test_a_company_may_begin_without_stations(engine: Engine) -> None:
    set_up(engine, station="")
    assert rows(engine, Station) == []


def test_the_rule_book_is_in_force_from_the_local_day(engine: Engine) -> None:
    set_up(engine, time_zone="Pacific/Auckland")  # 15:00 there, the same day
    set_up_on = rows(engine, NormRevision)[0].in_force_on
    assert set_up_on.isoformat() == "2026-03-02"


def test_all_bad_fields_at_once() -> None:
    bad = {
        "company": " ",
        "time_zone": "Mars/Olympus",
        "language": "tlh",
        "pack": "pirates",
        "hotline": "call me",
        "username": "a b",
        "password": "1234567",
    }
    with pytest.raises(InvalidInput) as refusal:
        parse(companies.SetUp, FIRST | bad)
    assert {(p.field, p.code) for p in refusal.value.problems} == {
        ("company", "missing"),
        ("time_zone", "time_zone"),
        ("language", "enum"),
        ("pack", "not_an_option"),
        ("hotline", "phone"),
        ("username", "username"),
        ("password", "password_short"),
    }


EDIT = companies.EditCompany(name="江北电器", time_zone="UTC", language=Language.EN)


def test_the_administrator_edits_the_facts(company: Company) -> None:
    company.do("admin", companies.edit, EDIT, seen_version=1)
    row = company.get(CompanyRow, 1)
    assert (row.name, row.time_zone, row.language) == ("江北电器", "UTC", Language.EN)
    assert company.history("company", 1)[-1] == ("edited", None, None)
    with pytest.raises(Stale):
        company.do("admin", companies.edit, EDIT, seen_version=1)


@pytest.mark.parametrize("who", ["agent", "manager", "leader", "auditor"])
def test_nobody_else_does(company: Company, who: str) -> None:
    with pytest.raises(NotAllowed):
        company.do(who, companies.edit, EDIT, seen_version=1)
    with pytest.raises(NotAllowed):
        company.see(who, companies.view)
    assert company.get(CompanyRow, 1).name == "Test company"

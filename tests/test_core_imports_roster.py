"""Lists of certificates and regions: judged row by row, then all of it added or nothing."""

from datetime import date

import pytest

from core.imports import roster
from core.imports.files import SourceFile
from core.kernel.errors import InvalidInput, NotAllowed
from db.tables import Qualification, Region, RegionPlace
from tests.company_cast import Company

GOOD = "姓名\t证件\t证号\t有效期至\ntechnician\t电工证\t京A-1\t2027/3/1\ntechnician.colleague\theight_work\t\t\n"
REGIONS = "区域,网点,地址关键字,第一责任人,替班人\n浦东,North,浦东新区、张江路,technician,technician.colleague\n"


def listed(text: str) -> SourceFile:
    return SourceFile("pasted.txt", text.encode())


def wrong(company: Company, what: str, text: str) -> list[set[str]]:
    rows = company.see("manager", roster.read, what=what, file=listed(text))
    return [{bad.field for bad in row.problems} for row in rows]


def test_certificates_are_added_from_a_list(company: Company) -> None:
    assert company.do("manager", roster.add, what="certificates", file=listed(GOOD)) == 2
    (one,) = company.rows(Qualification, kind="electrician")
    (two,) = company.rows(Qualification, kind="height_work")
    assert (one.person_id, one.number, one.valid_until) == (
        *(company["technician"].id, "京A-1", date(2027, 3, 1)),
    )
    assert (two.person_id, two.valid_until) == (company["technician.colleague"].id, None)


def test_regions_are_added_from_a_list(company: Company) -> None:
    assert company.do("manager", roster.add, what="regions", file=listed(REGIONS)) == 1
    (region,) = company.rows(Region)
    assert (region.station_id, region.stand_in_id) == (
        *(company.NORTH, company["technician.colleague"].id),
    )
    assert [place.text for place in company.rows(RegionPlace)] == ["浦东新区", "张江路"]


def test_what_is_wrong_is_said_and_nothing_is_added(sqlite_company: Company) -> None:
    company = sqlite_company
    text = "姓名,证件,有效期至\n张三,电工证,2027-01-01\ntechnician,驾照,明年\n,电工证,\n"
    assert wrong(company, "certificates", text) == [
        *({"roster_person"}, {"kind", "valid_until"}, {"roster_person"}),
    ]
    before = len(company.rows(Qualification))
    with pytest.raises(InvalidInput):
        company.do(
            "manager", roster.add, what="certificates", file=listed(GOOD + "张三\t电工证\t\t\n")
        )
    assert len(company.rows(Qualification)) == before
    with pytest.raises(InvalidInput):
        wrong(company, "regions", "区域,网点\n浦东,North\n")
    with pytest.raises(NotAllowed):
        company.see("technician", roster.read, what="certificates", file=listed(GOOD))

"""Each station to its own: what is shown of others' cases, and who changes whose customer (C15)."""

from typing import Any

import pytest
from sqlalchemy import text

from core import overview, printing
from core.complaints import lists as complaint_lists
from core.complaints import view as complaint_view
from core.complaints.inputs import Link, Merge
from core.customers import customers
from core.customers.customers import EditCustomer
from core.imports import saved_maps
from core.kernel.errors import InvalidInput, NotAllowed, NotFound
from core.kernel.inputs import parse
from core.people import company as company_facts
from core.people import passwords, people
from core.process import history, limits
from core.process.permissions import GRANTS
from core.requests import inputs, intake, lists
from core.requests import view as case
from db.codes import FaultArea, Language, RequestKind, Role
from db.tables import Asset, Complaint, Customer, History, ServiceRequest
from tests import printed_papers
from tests.company_cast import PASSWORD, Company

BOUND = ("agent", "dispatcher", "technician", "support")
FACTS = {"customer_name": "王大明", "phone": "025-66668888", "reason": "听错"}


def theirs(company: Company, **facts: Any) -> int:
    """A case of station South."""
    return company.register("agent.stranger", station_id=company.SOUTH, **facts)


def prospect(company: Company, who: str, asset_id: int) -> intake.Prospect:
    asked = {"kind": RequestKind.REPAIR, "fault_area": FaultArea.FUNCTION}
    return company.see(who, intake.prospect, asset_id=asset_id, **asked)


# What is shown


@pytest.mark.parametrize("who", BOUND)
def test_earlier_cases_of_a_piece_are_those_that_one_may_see(company: Company, who: str) -> None:
    theirs(company, serial="S1")
    (asset,) = company.rows(Asset)
    again = {"customer_id": asset.customer_id, "customer_name": "", "phone": ""}
    bare = prospect(company, who, asset.id)
    assert (bare.earlier, bare.open_cases, bare.repeats) == ((), 0, ())
    own = company.register(asset_id=asset.id, station_id=company.NORTH, **again)
    theirs(company, asset_id=asset.id, **again)
    shown = prospect(company, who, asset.id)
    assert [each.id for each in shown.earlier] == [own]
    assert (shown.open_cases, len(shown.repeats)) == (1, 1)
    assert len(prospect(company, "manager", asset.id).earlier) == 3


@pytest.mark.parametrize("asset_id", [77, -1, 0, 2**31, 10**30])
def test_a_piece_of_nobody_tells_nothing(company: Company, asset_id: int) -> None:
    with pytest.raises(NotFound):
        prospect(company, "agent", asset_id)


def test_a_repeated_fault_is_raised_but_not_told_to_a_station(company: Company) -> None:
    theirs(company, serial="S1")
    (asset,) = company.rows(Asset)
    again = {"customer_id": asset.customer_id, "customer_name": "", "phone": ""}
    for _ in range(10):
        last = company.register(asset_id=asset.id, station_id=company.NORTH, **again)
    about = {"subject": "repeat_fault"}
    assert company.rows(History, **about)
    told = company.see("agent", history.timeline, case_id=last)
    assert not [event for event in told if event.subject == "repeat_fault"]
    case_id = company.rows(History, **about)[0].case_id
    told = company.see("manager", history.timeline, case_id=case_id)
    assert [event for event in told if event.subject == "repeat_fault"]


def tied(company: Company) -> tuple[int, int, str]:
    """A complaint of North that says it comes from, and then goes on in, one of South."""
    there = theirs(company, kind="complaint")
    here = company.complaint()
    number = company.get(ServiceRequest, there).number
    company.act("manager", Complaint, here, Link(number=number))
    company.act("manager", Complaint, here, Merge(number=number))
    return company.get(Complaint, here).request_id, there, number


def test_ties_to_other_stations_cases_are_not_told(company: Company) -> None:
    here, there, number = tied(company)
    for who, sees in (("agent", False), ("agent.stranger", False), ("manager", True)):
        if who == "agent.stranger":
            assert company.see(who, case.view, id=there).raised == ()
            continue
        shown = company.see(who, case.view, id=here)
        file = company.see(who, complaint_view.view, case_id=here)
        assert (shown.origin == (there, number)) is sees
        assert (file.merged_into == (there, number)) is sees
        assert (number in repr(shown)) is sees
        assert (number in repr(file)) is sees
    assert company.see("manager", case.view, id=there).raised[0][0] == here
    for who, sees in (("agent", False), ("manager", True)):
        paper = {"paper": "complaint_form", "case_id": here, "word": lambda _list, code: code}
        facts = company.see(who, printing.render, language=Language.EN, **paper)
        assert (number in "".join(printed_papers.lines(facts.content))) is sees


@pytest.mark.parametrize("who", ["agent", "technician"])
def test_what_is_shown_is_the_same_without_the_other_station(company: Company, who: str) -> None:
    own = company.register(serial="S1")
    (asset,) = company.rows(Asset)

    def seen() -> list[Any]:
        return [
            prospect(company, who, asset.id),
            company.see(who, case.view, id=own),
            company.see(who, lists.of_customer, customer_id=asset.customer_id),
            company.see(who, overview.overview),
            company.see(who, lists.count, name=lists.Queue.DISPATCH),
        ]

    before = seen()
    again = {"customer_id": asset.customer_id, "customer_name": "", "phone": ""}
    for kind in ("repair", "complaint"):
        theirs(company, asset_id=asset.id, kind=kind, **again)
    other = theirs(company, customer_name="南店客户", phone="13811112222")
    with company.engine.begin() as connection:
        connection.execute(
            text("UPDATE requests SET origin_id = :own WHERE id = :other"),
            {"own": own, "other": other},
        )
    assert seen() == before


# Asking for the permission


QUERIES = {
    "timeline": (history.timeline, {"case_id": 1}),
    "limits": (limits.of_case, {"request_id": 1}),
}


@pytest.mark.parametrize("name", QUERIES)
def test_what_belongs_to_a_case_is_seen_with_the_case(company: Company, name: str) -> None:
    company.register()
    query, asked = QUERIES[name]
    assert company.see("agent", query, **asked)
    with pytest.raises(NotFound):
        company.see("agent.stranger", query, **asked)
    for id in (77, 0, 2**31):
        with pytest.raises(NotFound):
            company.see("manager", query, **dict.fromkeys(asked, id))


def test_counts_and_templates_ask_for_the_permission(company: Company) -> None:
    slip = {"paper": "acceptance_slip", "language": Language.ZH}
    for query, asked, permission in (
        (complaint_lists.count, {}, "complaint:read"),
        (printing.template, slip, "paper:edit"),
        (lists.of_customer, {"customer_id": 1}, "case:read"),
        (lists.count, {"name": lists.Queue.DESK}, "case:read"),
        (overview.overview, {}, "case:read"),
    ):
        for role in Role:
            may = permission in GRANTS[role]
            try:
                company.see(role.value, query, **asked)
            except NotAllowed:
                assert not may, (query, role)
            else:
                assert may, (query, role)


# Who changes whose customer


def edit(company: Company, who: str, **facts: Any) -> None:
    version = company.get(Customer, 1).version
    command = parse(EditCustomer, FACTS | {"station_id": 1} | facts)
    company.do(who, customers.edit, id=1, command=command, seen_version=version)


@pytest.mark.parametrize("role", BOUND)
def test_another_stations_customer_is_not_changed(company: Company, role: str) -> None:
    company.register()
    for station_id in (None, 1, 2):
        with pytest.raises(NotAllowed) as refusal:
            edit(company, f"{role}.stranger", station_id=station_id)
        assert refusal.value.details == {"reason": "another_station", "station": "North"}
    assert company.get(Customer, 1).name == "王小明"
    edit(company, role)
    assert company.get(Customer, 1).name == "王大明"


def test_whoever_sees_all_stations_changes_every_customer(company: Company) -> None:
    company.register()
    for who in ("finance", "warehouse", "handler"):  # other departments (C10)
        with pytest.raises(NotAllowed):
            edit(company, who)
    for who in ("manager", "quality", "leader"):
        edit(company, who, customer_name=who, station_id=2 if who == "leader" else 1)
        assert company.get(Customer, 1).name == who
    assert company.get(Customer, 1).station_id == 2


def test_a_customer_of_no_station_is_everybodys_until_one_takes_it(company: Company) -> None:
    company.register()
    edit(company, "manager", station_id=None)
    edit(company, "technician.stranger", customer_name="南", station_id=None)
    with pytest.raises(InvalidInput) as refusal:
        edit(company, "agent.stranger", station_id=1)
    assert [(x.field, x.code) for x in refusal.value.problems] == [
        ("station_id", "own_station_only")
    ]
    edit(company, "agent.stranger", station_id=2)
    with pytest.raises(NotAllowed):
        edit(company, "agent")


def test_a_station_does_not_push_its_customer_upon_another(company: Company) -> None:
    company.register()
    with pytest.raises(InvalidInput):
        edit(company, "agent", station_id=2)
    assert company.get(Customer, 1).station_id == 1


def test_the_archive_says_whose_customer_it_is(company: Company) -> None:
    company.register()
    for who, may in (("agent", True), ("agent.stranger", False), ("auditor", False)):
        shown = company.see(who, customers.view, id=1)
        assert (shown.station, shown.may_edit) == ("North", may)
    for who in ("agent.stranger", "auditor"):
        with pytest.raises(NotAllowed):
            company.see(who, customers.edits, id=1)


# Old and new


def changes(company: Company, subject: str, id: int = 1) -> dict[str, Any]:
    *_, last = company.rows(History, subject=subject, subject_id=id)
    assert company.see("admin", history.verify) == ()
    return last.data


def test_an_edit_of_a_customer_keeps_what_was(company: Company) -> None:
    company.register(address="中山路 1 号")
    edit(company, "agent", address="中山路 1 号")
    assert changes(company, "customer") == {
        "phone": ["138 0013 8000", "025-66668888"],
        "name": ["王小明", "王大明"],
    }
    edit(company, "manager", address="中山路 1 号", station_id=2)
    assert changes(company, "customer") == {"station_id": [1, 2]}
    newest, first = company.see("manager", customers.edits, id=1)
    assert (newest.actor, newest.fields) == ("manager", {"station_id": (1, 2)})
    assert (first.actor, first.fields["phone"][0]) == ("agent", "138 0013 8000")


def test_an_edit_of_the_company_keeps_what_was_and_no_secret(company: Company) -> None:
    shown = company.see("admin", company_facts.view)
    facts = {"name": "新名", "time_zone": shown.time_zone, "language": "en", "hotline": "4008001"}
    command = parse(company_facts.EditCompany, facts)
    company.do("admin", company_facts.edit, command, seen_version=shown.version)
    assert changes(company, "company") == {
        "name": ["Test company", "新名"],
        "language": ["zh_CN", "en"],
        "hotline": ["", "4008001"],
    }
    (edit,) = company.see("admin", company_facts.edits)
    assert edit.fields["name"] == ("Test company", "新名")
    with pytest.raises(NotAllowed):
        company.see("manager", company_facts.edits)


def test_edits_of_people_and_stations_keep_what_was(company: Company) -> None:
    station = people.EditStation(name="North", region="北区", active=True)
    company.do("admin", people.edit_station, id=1, command=station, seen_version=1)
    assert changes(company, "station") == {"region": ["", "北区"]}
    id = company["agent"].id
    facts = {"name": "agent", "role": "dispatcher", "station_id": 2, "active": False}
    command = parse(people.EditPerson, facts)
    company.do("admin", people.edit_person, id=id, command=command, seen_version=1)
    assert changes(company, "person", id) == {
        "role": ["agent", "dispatcher"],
        "station_id": [1, 2],
        "active": [True, False],
    }


def test_no_password_and_no_key_stands_in_history(company: Company) -> None:
    id = company["agent"].id
    new = parse(passwords.SetPassword, {"password": "a new long one"})
    company.do("admin", passwords.set_password, id=id, command=new, seen_version=1)
    assert changes(company, "person", id) == {}
    key = company.see("admin", company_facts.view).cookie_key
    for row in company.rows(History):
        for secret in (key, "a new long one", PASSWORD, "$2b$"):
            assert secret not in repr((row.note, row.data))


def test_a_saved_map_and_a_template_keep_what_was(company: Company) -> None:
    first, second = (saved_maps.shipped(name) for name in saved_maps.shipped_names()[:2])
    company.do("manager", saved_maps.save_map, "M", first)
    company.do("manager", saved_maps.save_map, "M", second, seen_version=1)
    before, after = first.dump()["source"], second.dump()["source"]
    assert changes(company, "import_map")["source"] == [before, after]
    slip = {"paper": "acceptance_slip", "language": Language.ZH}
    content = company.see("manager", printing.template, **slip)
    for _ in range(2):
        company.do("manager", printing.replace_template, **slip, content=content)
    old, new = changes(company, "company")["sha256"]
    assert old == new
    company.do("manager", printing.restore_template, **slip)
    assert changes(company, "company")["sha256"] == [new, None]


def test_a_case_that_is_corrected_keeps_what_was(company: Company) -> None:
    id = company.register()
    row = company.get(ServiceRequest, id)
    facts = {name: getattr(row, name) for name in inputs.Correct.model_fields}
    company.act("agent", ServiceRequest, id, inputs.Correct(**facts | {"symptom": "漏水"}))
    assert changes(company, "request", id) == {"symptom": ["洗衣机不转了", "漏水"]}

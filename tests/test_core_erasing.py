"""A person is erased on request: nothing names them, figures and the chain of history stay."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import inspect, text

from core.customers import contacts, customers, joining
from core.customers.contacts import SetContacts
from core.customers.customers import EditCustomer
from core.customers.joining import JoinDouble
from core.erasing import erasing
from core.erasing.erasing import EraseCustomer
from core.followups import actions as followups
from core.kernel.errors import InvalidInput, NotAllowed, Stale
from core.kernel.inputs import parse
from core.kernel.traces import Traces
from core.kpi import boards
from core.kpi.asked import Asked
from core.process import history, proof
from core.requests import inputs, lists
from db.base import Base
from db.codes import Flaw
from db.tables import Customer, FollowUp, History, Job, RecordChange, ServiceRequest
from tests import behind
from tests.company_cast import NOW, Company

NAME, FORMER, PHONE, OTHER, ADDRESS = (
    "欧阳小明",
    "欧阳晓明",
    "13900001234",
    "13911112222",
    "桂花路 18 号",
)
WIFE = "诸葛太太"
TRACES = (NAME, FORMER, PHONE, "139 0000 1234", OTHER, ADDRESS, WIFE, "端木师傅", "137 7777 0000")


def story(company: Company) -> int:
    """A case that was done, told and asked about, in words that name the customer."""
    facts = {"customer_name": FORMER, "phone": "139 0000 1234", "address": ADDRESS}
    said = {"symptom": f"{FORMER} 说不转了，回电 +86 139-0000-1234", "serial": "E1"}
    id, call = company.finished(**facts, **said, contact=WIFE)
    edit = {"customer_name": NAME, "phone": OTHER, "address": ADDRESS, "station_id": 1}
    command = parse(EditCustomer, edit | {"reason": f"{WIFE} 来电改名"})
    customer = company.get(ServiceRequest, id).customer_id
    company.do("agent", customers.edit, id=customer, command=command, seen_version=1)
    friend = {"name": "端木师傅", "contact_role": "邻居", "phone": "137 7777 0000"}
    listed = parse(SetContacts, {"contacts": [friend], "reason": "客户告知"})
    version = company.get(Customer, customer).version
    company.do("agent", contacts.put, id=customer, command=listed, seen_version=version)
    told = {"opinion": f"{NAME} 很满意", "other_needs": f"送到{ADDRESS}"}
    answered = followups.RecordAnswers(scores={"attitude": 10}, **told)
    company.act("agent", FollowUp, call, answered, now=NOW + timedelta(days=1))
    return id


def erase(company: Company, who: str = "manager", id: int = 1, **more: Any) -> None:
    version = more.get("version") or company.get(Customer, id).version
    command = parse(EraseCustomer, {"reason": f"{NAME} 本人要求"})
    company.do(who, erasing.erase, id=id, command=command, seen_version=version)


def everything(company: Company) -> str:
    """All that the database holds, as text."""
    with company.engine.connect() as connection:
        names = inspect(connection).get_table_names()
        kept = [name for name in names if name in Base.metadata.tables or name.endswith("_words")]
        rows = [connection.execute(text(f'SELECT * FROM "{name}"')).all() for name in kept]
    return repr(rows)


def figures(company: Company) -> Any:
    """The figures of the month, counted from every case anew."""
    asked = Asked(date(2026, 3, 1), date(2026, 3, 31), whole_months=False)
    found = company.see("manager", boards.board, asked=asked, now=NOW + timedelta(days=2))
    return [(figure.id, figure.value) for figure in found.figures]


def test_nothing_names_the_person_and_all_else_stays(company: Company) -> None:
    id = story(company)
    other = company.register(customer_name="李雷", symptom="不转了")
    before, jobs, counted = company.rows(History), len(company.rows(Job)), figures(company)
    assert all(trace in everything(company) for trace in TRACES)
    erase(company)
    left = everything(company)
    assert [trace for trace in TRACES if trace in left] == []
    assert "13900001234"[::-1] not in left
    customer, case = company.get(Customer, 1), company.get(ServiceRequest, id)
    assert (customer.name, customer.phone, customer.erased_at) == ("**", "", NOW)
    assert (case.contact, case.phone, case.address) == ("", "", "")
    assert case.symptom == "** 说不转了，回电 **"
    assert company.get(ServiceRequest, other).symptom == "不转了"
    # The chain holds, and is as long as before and the one fact that it was done.
    after = company.rows(History)
    assert company.see("admin", history.verify) == ()
    assert [row.hash for row in after[:-1]] == [row.hash for row in before]
    assert (after[-1].action, after[-1].note) == ("erased", "** 本人要求")
    assert (company.get(Job, 1).result.value, len(company.rows(Job))) == ("fixed", jobs)
    assert figures(company) == counted
    assert any(value for _id, value in counted)
    shown = company.see("manager", customers.view, id=1)
    assert (shown.name, shown.may_edit, shown.erased_at) == ("**", False, NOW)
    for typed in (NAME, PHONE, OTHER, ADDRESS):
        assert company.see("manager", customers.find, text=typed) == ()
        assert company.see("manager", lists.search, text=typed).rows == ()
    assert len(company.see("manager", lists.search, text="E1").rows) == 1
    # What is altered behind its back is found as before, also where it was blanked.
    assert company.see("admin", proof.verify) == ()
    (touched, *_rest) = [row for row in after if "**" in repr((row.note, row.data))]
    blanked = [row for row in company.rows(RecordChange) if "**" in repr(row.old)]
    with behind.back(company.engine) as session:
        session.get_one(History, touched.id).note = "改过"
        session.get_one(RecordChange, blanked[0].id).old = {"name": "改过"}
    assert [found.sequence for found in company.see("admin", history.verify)] == [touched.sequence]
    flaws = {found.flaw for found in company.see("admin", proof.verify)}
    assert flaws == {Flaw.ALTERED, Flaw.FORGED}


def test_erasing_is_refused_while_something_is_open(company: Company) -> None:
    id = company.register(customer_name=NAME, phone=PHONE)
    with pytest.raises(InvalidInput) as refused:
        erase(company)
    number = company.get(ServiceRequest, id).number
    (bad,) = refused.value.problems
    assert (bad.field, bad.code, bad.details) == ("form", "case_open", {"numbers": number})
    company.act("agent", ServiceRequest, id, inputs.Cancel(note="不修了"))
    for who in ("agent", "leader", "finance", "auditor", "admin"):
        with pytest.raises(NotAllowed):
            erase(company, who)
    with pytest.raises(Stale):
        erase(company, version=99)
    erase(company)
    with pytest.raises(InvalidInput) as refused:
        erase(company)
    assert [bad.code for bad in refused.value.problems] == ["erased_already"]
    facts = {"customer_name": NAME, "phone": PHONE, "reason": "回来了", "station_id": 1}
    version = company.get(Customer, 1).version
    edit = parse(EditCustomer, facts)
    with pytest.raises(NotAllowed):
        company.do("manager", customers.edit, id=1, command=edit, seen_version=version)
    with pytest.raises(InvalidInput) as refused:
        company.register(customer_id=1, customer_name="", phone=PHONE)
    assert [(bad.field, bad.code) for bad in refused.value.problems] == [("customer_id", "erased")]
    # Who calls again is somebody new.
    assert company.register(customer_name=NAME, phone=PHONE) != id
    assert len(company.rows(Customer)) == 2


def test_erasing_is_refused_while_money_is_owed(company: Company) -> None:
    id = story_unpaid(company)
    with pytest.raises(InvalidInput) as refused:
        erase(company)
    assert [bad.code for bad in refused.value.problems] == ["customer_owes"]
    assert company.get(ServiceRequest, id).phone


def story_unpaid(company: Company) -> int:
    id, call = company.finished(
        customer_name=NAME,
        phone=PHONE,
        purchased_on="2019-06-01",
        serial="E2",
        collected=False,
    )
    for day in (1, 2, 3):
        if company.get(FollowUp, call).status.value == "due":
            missed = followups.NotReached(note="无人接听")
            company.act("agent", FollowUp, call, missed, now=NOW + timedelta(days=day))
    return id


def test_who_was_joined_goes_too(company: Company) -> None:
    for name in (NAME, FORMER):
        id = company.register(customer_name=name, phone=PHONE, another_customer=True)
        company.act("agent", ServiceRequest, id, inputs.Cancel(note="不修了"))
    command = parse(JoinDouble, {"other_id": 2, "reason": "同一人"})
    company.do("agent", joining.join, noun=Customer, id=1, command=command, seen_version=1)
    erase(company)
    left = everything(company)
    assert [trace for trace in (NAME, FORMER, PHONE) if trace in left] == []
    assert company.see("admin", history.verify) == ()


def test_traces_are_found_however_they_are_written() -> None:
    traces = Traces.of(["王小明", "李", "Anna Lee"], ["138 0013 8000 / 025-66668888"], "CN")
    for said, left in (
        ("王小明先生，李", "**先生，李"),
        ("call ANNA LEE at +86-138-0013-8000", "call ** at **"),
        ("0086 13800138000 或 66668888", "** 或 **"),
        ("13800138001", "13800138001"),
        ("RQ-20260302-0001", "RQ-20260302-0001"),
    ):
        assert traces.blanked({"a": [said, 1, None]}) == {"a": [left, 1, None]}

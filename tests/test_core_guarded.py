"""The archive is guarded: numbers masked, others' customers narrow, handed over, read by leave."""

from datetime import date, timedelta
from typing import Any

import pytest

from core.customers import customers, handovers, likeness, readings
from core.customers import view as pieces
from core.customers.customers import EditCustomer
from core.customers.handovers import (
    AcceptHandover,
    ProposeHandover,
    RefuseHandover,
    WithdrawHandover,
)
from core.customers.readings import AskReading, EndReading, GrantReading, LookUp, RefuseReading
from core.followups import opinions
from core.kernel.errors import InvalidInput, NotAllowed, NotFound, WrongStatus
from core.kernel.inputs import parse
from core.process import history, masked
from core.process.permissions import GRANTS
from core.requests import inputs, lists
from core.requests import view as case
from db.codes import HandoverStatus, ReadingStatus, Role
from db.tables import Asset, Customer, Handover, History, Reading, ServiceRequest
from tests.company_cast import NOW, Company

WHOLE, SHOWN = "138 0013 8000", "138****8000"
# Told by hand: who calls customers, and who works after the sale.
CALLING = {"agent", "dispatcher", "technician", "support", "quality", "handler", "manager"}
AFTER_SALES = {"agent", "dispatcher", "technician", "support", "quality", "manager"}
AFTER_SALES |= {"leader", "auditor"}


def problems(refused: Any) -> list[tuple[str, str]]:
    return [(bad.field, bad.code) for bad in refused.value.problems]


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("13800138000", "138****8000"),
        ("+86 138 0013 8000", "861****8000"),
        ("025-66668888", "025****8888"),
        ("66668888", "****8888"),
        ("6666888", "****888"),
        ("95500", "****00"),
        ("138 0013 8000 / 139 0013 9000", "138****8000 / 139****9000"),
        ("025-66668888 转 12", "025****8888 转 12"),
        ("", ""),
        ("王小明", "王小明"),
    ],
)
def test_a_number_is_masked_however_it_is_written(typed: str, shown: str) -> None:
    assert masked.masked(typed) == shown
    assert masked.masked(shown) == shown


def test_numbers_are_whole_for_who_calls_and_for_whose_case_it_is(company: Company) -> None:
    id = company.register(address="中山路 8 号")
    facts = {name: getattr(company.get(ServiceRequest, id), name) for name in ("symptom",)}
    correct = inputs.Correct(**facts, phone="139 0013 9000")
    company.act("agent", ServiceRequest, id, correct)
    company.act("agent", ServiceRequest, id, inputs.Correct(**facts, phone=WHOLE))
    for role in Role:
        who = role.value
        shown = company.see(who, case.view, id=id)
        (row,) = company.see(who, lists.search, text="王小明").rows
        (hit,) = company.see(who, customers.find, text="13800138000")
        told = repr((shown, row, hit))
        assert (role.value in CALLING) == (shown.phone == row.phone == hit.phone == WHOLE), who
        assert ("138 0013 8000" in told or "139 0013 9000" in told) == (who in CALLING), who
        assert ("customer:call" in GRANTS[role]) == (who in CALLING)
        assert ("customer:read" in GRANTS[role]) == (who in AFTER_SALES)
    company.act("manager", ServiceRequest, id, inputs.HandOver(owner_id=company["finance"].id))
    assert company.see("finance", case.view, id=id).phone == WHOLE


def test_a_masked_number_is_never_kept(company: Company) -> None:
    id = company.register()
    row = company.get(ServiceRequest, id)
    facts = {"symptom": "漏水", "phone": SHOWN}
    with pytest.raises(InvalidInput) as refused:
        parse(inputs.Correct, facts)
    assert problems(refused) == [("phone", "phone")]
    # Shown so in the form of somebody who does not call, it stays as it is.
    correct = parse(inputs.Correct, facts, kept={"phone": SHOWN})
    company.act("finance", ServiceRequest, id, correct)
    row = company.get(ServiceRequest, id)
    assert (row.phone, row.symptom) == (WHOLE, "漏水")
    form = {"customer_name": "王大明", "phone": SHOWN, "reason": "听错", "station_id": 1}
    edit = parse(EditCustomer, form, kept={"phone": SHOWN})
    company.do("leader", customers.edit, id=1, command=edit, seen_version=1)
    assert (company.get(Customer, 1).phone, company.get(Customer, 1).name) == (WHOLE, "王大明")


def test_of_another_stations_customer_a_call_sees_what_it_needs(company: Company) -> None:
    company.register(address="中山路 8 号", contact="王太太", serial="S1")
    whole = company.see("agent", customers.view, id=1)
    assert (whole.narrow, whole.phone, whole.address) == (False, WHOLE, "中山路 8 号")
    for who in ("agent.stranger", "handler", "finance", "warehouse", "admin"):
        shown = company.see(who, customers.view, id=1)
        phone = WHOLE if who == "handler" else SHOWN
        assert (shown.narrow, shown.may_edit, shown.phone) == (True, False, phone)
        assert (shown.name, shown.contact, shown.address) == ("王小明", "", "")
        assert [each.serial for each in shown.assets] == ["S1"]
        assert company.see(who, pieces.view, id=company.rows(Asset)[0].id).sales == ()
        assert company.see(who, likeness.joined, customer_id=1) == ()
        if who != "admin":
            assert company.see(who, likeness.pairs_of, customer_id=1) == ()
        assert company.see(who, opinions.of_customer, customer_id=1) == ()
    # The station still takes the call: what it does not see is on file.
    request = company.register(
        "agent.stranger", customer_id=1, customer_name="", phone="", station_id=company.SOUTH
    )
    taken = company.get(ServiceRequest, request)
    assert (taken.phone, taken.address) == (WHOLE, "中山路 8 号")


def propose(company: Company, who: str, **facts: Any) -> int:
    command = parse(ProposeHandover, {"customer_id": 1, "reason": "搬家了"} | facts)
    return company.do(who, handovers.propose, command)


def edited(company: Company, who: str) -> None:
    facts = {"customer_name": "王大明", "phone": WHOLE, "reason": "听错", "station_id": None}
    facts["station_id"] = company.get(Customer, 1).station_id
    version = company.get(Customer, 1).version
    command = parse(EditCustomer, facts)
    company.do(who, customers.edit, id=1, command=command, seen_version=version)


def test_a_customer_goes_to_another_station_when_it_is_agreed(company: Company) -> None:
    company.register()
    asked = propose(company, "agent.stranger")
    with pytest.raises(InvalidInput) as refused:
        propose(company, "agent", station_id=company.SOUTH)
    assert problems(refused) == [("station_id", "waits_for_answer")]
    for who in ("agent.stranger", "finance", "auditor"):  # who asks does not answer
        with pytest.raises(NotAllowed):
            company.act(who, Handover, asked, AcceptHandover())
    (view,) = company.see("agent", handovers.waiting)
    assert (view.from_station, view.to_station, view.is_offer) == ("North", "South", False)
    company.act("agent", Handover, asked, RefuseHandover(note="她仍住这里"))
    with pytest.raises(WrongStatus):
        company.act("agent", Handover, asked, AcceptHandover())
    with pytest.raises(NotAllowed):
        edited(company, "agent.stranger")
    offered = propose(company, "agent", station_id=company.SOUTH)
    company.act("dispatcher.stranger", Handover, offered, AcceptHandover())
    edited(company, "agent.stranger")
    with pytest.raises(NotAllowed):
        edited(company, "agent")
    assert company.get(Handover, offered).status is HandoverStatus.ACCEPTED
    (moved, *_rest) = company.rows(History, subject="customer", action="edited")
    assert (moved.data, moved.note) == ({"station_id": [1, 2]}, "搬家了")
    assert company.see("admin", history.verify) == ()


def test_a_handover_that_makes_no_sense_is_refused(company: Company) -> None:
    company.register()
    for who, given, code in (
        ("agent", {}, "missing"),
        ("agent", {"station_id": 1}, "has_it_already"),
        ("agent", {"station_id": 77}, "not_an_option"),
    ):
        with pytest.raises(InvalidInput) as refused:
            propose(company, who, **given)
        assert problems(refused) == [("station_id", code)]
    for who in ("auditor", "finance", "handler"):
        with pytest.raises(NotAllowed):
            propose(company, who, station_id=2)
    with pytest.raises(NotFound):
        propose(company, "agent", customer_id=77, station_id=2)
    # Who sees all stations moves the customer; then the proposal has nobody to answer it.
    waiting = propose(company, "agent.stranger")
    facts = {"customer_name": "王小明", "phone": WHOLE, "reason": "归并", "station_id": None}
    edit = parse(EditCustomer, facts)
    company.do("manager", customers.edit, id=1, command=edit, seen_version=1)
    assert company.see("agent", handovers.waiting) == ()
    with pytest.raises(NotFound):
        company.act("agent", Handover, waiting, AcceptHandover())
    with pytest.raises(InvalidInput) as refused:
        propose(company, "agent", station_id=2)
    assert problems(refused) == [("station_id", "of_no_station")]


def test_who_proposed_takes_it_back(company: Company) -> None:
    company.register()
    asked = propose(company, "agent.stranger")
    with pytest.raises(NotAllowed):
        company.act("agent", Handover, asked, WithdrawHandover())
    company.act("dispatcher.stranger", Handover, asked, WithdrawHandover())
    assert company.get(Handover, asked).status is HandoverStatus.WITHDRAWN


TODAY = date(2026, 3, 2)


def asks(company: Company, who: str = "finance", **facts: Any) -> int:
    given = {"customer_id": 1, "reason": "核对退款", "from_on": TODAY, "until_on": TODAY}
    return company.do(who, readings.ask, parse(AskReading, given | facts))


def granted(company: Company, id: int, **facts: Any) -> None:
    given = {"until_on": TODAY, "companion_id": company["agent"].id, "place": "档案室"}
    company.act("manager", Reading, id, parse(GrantReading, given | facts))


def test_a_department_reads_by_leave_for_a_while_and_each_look_is_logged(company: Company) -> None:
    company.register(address="中山路 8 号")
    id = asks(company, until_on=TODAY + timedelta(days=2))
    with pytest.raises(WrongStatus):
        company.act("finance", Reading, id, LookUp())
    with pytest.raises(NotAllowed):
        granted_by = parse(GrantReading, {"until_on": TODAY, "companion_id": 2})
        company.act("finance", Reading, id, granted_by)
    granted(company, id, until_on=TODAY + timedelta(days=1))
    assert company.see("finance", customers.view, id=1).narrow  # nobody has looked yet
    company.act("finance", Reading, id, LookUp())
    shown = company.see("finance", customers.view, id=1)
    assert (shown.narrow, shown.address, shown.phone) == (False, "中山路 8 号", SHOWN)
    assert not shown.may_edit
    assert company.see("finance", opinions.of_customer, customer_id=1) == ()
    assert company.see("warehouse", customers.view, id=1).narrow
    for later, is_narrow in ((timedelta(minutes=14), False), (timedelta(minutes=16), True)):
        assert company.see("finance", customers.view, id=1, now=NOW + later).narrow is is_narrow
    company.act("finance", Reading, id, LookUp(), now=NOW + timedelta(days=1))
    with pytest.raises(InvalidInput) as refused:  # it has ended by itself
        company.act("finance", Reading, id, LookUp(), now=NOW + timedelta(days=2))
    assert problems(refused) == [("form", "outside_its_days")]
    for who in ("manager", "leader", "auditor"):
        looks = company.see(who, readings.looks)
        assert [(x.person, x.customer, x.companion) for x in looks] == [
            ("finance", "王小明", "agent")
        ] * 2
    for who in ("finance", "agent", "admin"):
        with pytest.raises(NotAllowed):
            company.see(who, readings.looks)
    assert [row.status for row in company.see("manager", readings.listed)] == [
        ReadingStatus.GRANTED
    ]
    assert company.see("warehouse", readings.listed) == ()
    company.act("manager", Reading, id, EndReading())
    assert company.see("finance", customers.view, id=1).narrow
    assert company.see("admin", history.verify) == ()


def test_an_application_that_makes_no_sense_is_refused(company: Company) -> None:
    company.register()
    day = timedelta(days=1)
    for who, facts, said in (
        ("agent", {}, ("form", "reads_already")),
        ("finance", {"until_on": TODAY - day}, ("until_on", "ends_before")),
        ("finance", {"until_on": TODAY + 31 * day}, ("until_on", "too_many_days")),
    ):
        with pytest.raises(InvalidInput) as refused:
            asks(company, who, **facts)
        assert problems(refused) == [said]
    with pytest.raises(NotAllowed):
        asks(company, "auditor")
    id = asks(company, from_on=TODAY + day, until_on=TODAY + 2 * day)
    for wrong in ({"companion_id": company["finance"].id}, {"companion_id": 77}):
        with pytest.raises(InvalidInput):
            granted(company, id, **wrong)
    granted(company, id, until_on=TODAY + 2 * day)
    (mine,) = company.see("finance", readings.of_customer, customer_id=1)
    assert LookUp not in [rule.action for rule in mine.actions]
    with pytest.raises(InvalidInput):
        company.act("finance", Reading, id, LookUp())  # its first day is to come
    other = asks(company, "handler")
    company.act("leader", Reading, other, RefuseReading(note="不需要"))
    with pytest.raises(NotFound):
        company.act("warehouse", Reading, other, EndReading())

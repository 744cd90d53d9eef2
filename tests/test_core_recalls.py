"""Owners of a batch: who they are, who is told in a recall, who comes up later, who may call."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select

from core import sweep
from core.house import HOUSE
from core.kernel.errors import NotAllowed, NotFound
from core.kernel.unit_of_work import unit_of_work
from core.process import workflow
from core.quality import batches, owners
from core.quality.inputs import RecallBatch
from core.quality.owners import MissOwner, TellOwner
from db.codes import Channel, OwnerStatus
from db.tables import Customer, History, RecallOwner, ServiceRequest
from tests import return_steps as steps
from tests.company_cast import NOW, Company
from tests.matrix import Cells, Stand, check_no_rule_is_left_out, check_stand

BATCH = "B2602"


def owners_of(company: Company, who: str = "manager") -> dict[str, Any]:
    found = company.see(who, owners.of_batch, batch=BATCH)
    assert found.total == len(found.rows)
    return {row.name: row.status for row in found.rows}


def with_owners(company: Company) -> None:
    """Four owners: an open case, a closed one, a purchase only, and one of the other station."""
    company.register(customer_name="在修", phone="13800000001", batch=BATCH)
    closed, _call = company.finished(customer_name="修好", phone="13800000002", batch=BATCH)
    buyer = steps.customer(company)
    steps.buy(company, customer_id=buyer)
    company.register("agent.stranger", customer_name="别站", phone="13800000003", batch=BATCH)
    company.register(customer_name="别批", phone="13800000004", batch="B9")


def recall(company: Company) -> Any:
    return company.do("manager", batches.recall, RecallBatch(batch=BATCH, happened="漏电"))


def call(company: Company, who: str, name: str, command: Any) -> None:
    (customer,) = company.rows(Customer, name=name)
    (row,) = company.rows(RecallOwner, customer_id=customer.id)
    seen = row.version
    company.do(who, workflow.act, owners.PROCESS, id=row.id, command=command, seen_version=seen)


def test_owners_are_known_by_cases_and_purchases_and_told_one_by_one(company: Company) -> None:
    with_owners(company)
    buyer = next(iter(owners_of(company).keys() - {"在修", "修好", "别站"}))
    assert owners_of(company) == dict.fromkeys(["在修", "修好", buyer, "别站"])
    recall(company)
    assert set(owners_of(company).values()) == {OwnerStatus.TO_TELL}
    call(company, "agent", "在修", MissOwner(note="无人接听"))
    call(company, "agent", "在修", TellOwner(channel=Channel.HOTLINE, note="周三上门"))
    call(company, "agent", buyer, MissOwner(note="停机"))
    (told,) = company.rows(RecallOwner, status=OwnerStatus.TOLD)
    agent = company["agent"].id
    assert (told.attempts, told.told_by_id, told.told_at, told.note) == (2, agent, NOW, "周三上门")
    assert owners_of(company)["在修"] is OwnerStatus.TOLD
    assert company.history("recall_owner", told.id)[-1] == ("told", "missed", "told")
    found = company.see("manager", owners.of_batch, batch=BATCH)
    assert (found.told, found.rows[-1].name) == (1, "在修")
    (row,) = company.see("manager", owners.under_way)
    assert (row.batch, row.untold, row.owners) == (BATCH, 3, 4)
    (mine,) = company.see("agent", owners.under_way)
    assert (mine.untold, mine.owners) == (2, 3)


def test_another_stations_owner_is_not_called(company: Company) -> None:
    with_owners(company)
    recall(company)
    assert owners_of(company, "agent").keys().isdisjoint({"别站"})
    assert owners_of(company, "agent.stranger").keys() == {"别站"}
    with pytest.raises(NotFound):
        call(company, "agent", "别站", MissOwner(note="-"))
    with pytest.raises(NotAllowed):
        call(company, "support", "在修", MissOwner(note="-"))
    (row,) = company.rows(Customer, name="别站")
    assert company.see("agent", owners.of_owner, batch=BATCH, customer_id=row.id) is None


def test_who_comes_up_later_is_listed_by_the_sweep_once(company: Company) -> None:
    with_owners(company)
    company.register("agent", customer_name="后来", phone="13800000009", batch="B9")
    recall(company)
    company.register("agent", customer_name="新客", phone="13800000010", batch=BATCH)
    for minute in (1, 2):
        sweep.run(company.engine, now=NOW + timedelta(minutes=minute))
    assert len(company.rows(RecallOwner)) == 5
    assert owners_of(company)["新客"] is OwnerStatus.TO_TELL
    assert "后来" not in owners_of(company)
    listed = company.rows(History, subject="emergency", action="owners_listed")
    assert [row.data["owners"] for row in listed] == [4, 1]


def test_a_case_without_a_batch_makes_nobody_an_owner(company: Company) -> None:
    company.register(customer_name="无批号")
    assert company.see("manager", owners.of_batch, batch="").total == 0
    assert not company.rows(ServiceRequest, batch=BATCH)


CALLERS = "agent quality handler manager leader"
of_owner = partial(Cells, states="to_tell missed", roles=CALLERS, kinds="owner")
CELLS = (
    of_owner("tell_owner", "told", target="told"),
    of_owner("miss_owner", "missed", target="missed"),
)
SAMPLES = (TellOwner(channel=Channel.HOTLINE), MissOwner(note="无人接听"))


@pytest.mark.parametrize("status", OwnerStatus)
def test_who_may_call_in_which_state(sqlite_company: Company, status: OwnerStatus) -> None:
    company = sqlite_company
    company.register(customer_name="在修", phone="13800000001", batch=BATCH)
    recall(company)
    told = {"told_at": NOW, "told_by_id": company["agent"].id}
    names = [each for each in company.people if not each.endswith(".colleague")]
    with unit_of_work(company.engine, company["admin"], HOUSE, write=True, now=NOW) as uow:
        row = uow.session.scalars(select(RecallOwner)).one()
        row.status = status
        for name, value in told.items() if status is OwnerStatus.TOLD else ():
            setattr(row, name, value)
        uow.session.flush()
        stand = Stand(owners.PROCESS, row, status.value, "owner", None, CELLS)
        check_stand(uow, stand, [company[name] for name in names], SAMPLES)


def test_no_rule_is_left_out() -> None:
    check_no_rule_is_left_out(owners.PROCESS, SAMPLES, CELLS)

"""The list of processes is whole, and a limit may start and be met by every fact of theirs."""

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any

import pytest

import core
from core.complaints import inputs, penalties
from core.emergencies import actions as emergencies
from core.emergencies import resources
from core.house import HOUSE
from core.improvements import actions as improvements
from core.kernel.inputs import Action, parse
from core.norms import revisions
from core.norms.model import Norm
from core.process import workflow
from core.process.rules import Process
from core.rulebook import book as rulebook
from db.tables import (
    Complaint,
    Emergency,
    EmergencyResource,
    Improvement,
    Limit,
    Penalty,
    ServiceRequest,
)
from tests.company_cast import NOW, Company
from tests.complaint_steps import DUE, take

# What lives on beside a case: facts that come while it runs, and after it was closed.
BESIDE = sorted(
    fact
    for fact in HOUSE.facts
    if fact.startswith(("penalty.", "improvement.", "emergency_resource."))
)


def walked() -> Iterator[Process]:
    """Every process that stands anywhere in core."""
    for module in pkgutil.walk_packages(core.__path__, "core."):
        if not module.name.endswith("__main__"):
            for each in vars(importlib.import_module(module.name)).values():
                if isinstance(each, Process) and each.rules:
                    yield each


def test_the_list_holds_every_process_of_the_house() -> None:
    found = {process.subject: process.rules for process in walked()}
    assert found == {process.subject: process.rules for process in HOUSE.processes}
    assert len(HOUSE.processes) == len(found)


# Told by hand: where nothing more comes, and what is left in the last statuses but one.
LEFT = {
    ("request", "resolved"): "closed remarked customer_changed piece_changed paper_given",
    ("request", "closed"): "customer_changed piece_changed paper_given",
    ("request", "cancelled"): "",
    ("job", "done"): "accepted form_filed form_reviewed form_sent_back signed",
    ("job", "cancelled"): "",
    ("follow_up", "answered"): "",
    ("emergency", "handled"): "closed",
    ("emergency", "closed"): "",
    ("emergency_resource", "used"): "returned",
    ("emergency_resource", "refused"): "",
    ("complaint", "notified"): "penalised penalties_settled improved closed linked",
    ("complaint", "penalised"): "improved closed linked",
    ("complaint", "closed"): "",
    ("complaint", "merged"): "",
    ("penalty", "appealed"): "upheld reduced lifted",
    ("penalty", "upheld"): "",
    ("improvement", "effective"): "",
    ("quality", "solved"): "improved closed recalled",
    ("quality", "withdrawn"): "",
    ("suggestion", "answered"): "improved",
    ("repeat_fault", "settled"): "",
    ("return", "closed"): "owed_paid stock_moved",
    ("return", "cancelled"): "",
}


@pytest.mark.parametrize(("standing", "left"), LEFT.items(), ids=str)
def test_what_is_left_of_a_file_follows_from_its_rules(standing: Any, left: str) -> None:
    (process,) = [each for each in HOUSE.processes if each.subject == standing[0]]
    for rule in process.rules:
        comes = HOUSE.may_come([standing], [process.fact(rule.fact)])
        assert comes == (rule.fact in left.split()), rule.fact


def test_what_comes_of_another_file_may_come_as_long_as_that_goes_on() -> None:
    for standing, left in LEFT.items():
        comes = HOUSE.may_come([standing], ["penalty.imposed"])
        assert comes == (standing[0] == "complaint" and left != "")
    assert HOUSE.may_come([("suggestion", "answered")], ["improvement.effective"])
    assert not HOUSE.may_come([], ["request.closed"])


def adopt(company: Company, *rules: dict[str, Any]) -> None:
    shipped = revisions.shipped("appliance").dump()
    common = {"clause": "E14", "measure": "step", "unit": "clock_minutes", "amount": 60}
    norm = Norm.model_validate(shipped | {"limits": [common | rule for rule in rules]})
    assert not [fault for fault in rulebook.check(norm) if fault.code == "unknown_fact"]
    company.do("admin", revisions.adopt, norm=norm, on=NOW.date(), signed_by="测试")


def named(when: str, fact: str) -> str:
    return f"{when}_{fact.replace('.', '_')}"


def penalised(company: Company, decision: Action) -> None:
    """A penalty that the person concerned appeals against and a leader decides on."""
    id = company.complaint()
    take(company, id, "notified")
    imposed = {"ground": "person", "person_id": company["handler"].id, "percent": 20}
    company.act("manager", Complaint, id, parse(inputs.Penalise, imposed | {"reason": "漏检"}))
    row = company.rows(Penalty)[-1]
    company.act("handler", Penalty, row.id, penalties.Appeal(appeal="不是我装的"))
    company.act("leader", Penalty, row.id, decision)


def improved(company: Company) -> None:
    """A measure that is moved, does not work, is planned again and works."""
    id = company.complaint()
    take(company, id, "improved")
    row = company.rows(Improvement)[-1]
    moved = improvements.MoveImprovement(owner_id=company["support"].id, due_on=DUE, note="等样件")
    for who, command in (
        ("manager", moved),
        ("support", improvements.FinishImprovement(note="已加测")),
        ("quality", improvements.FindNoEffect(finding="仍有发生")),
        ("manager", improvements.PlanAgain(measure="换供应商", due_on=DUE)),
        ("support", improvements.FinishImprovement(note="已换")),
        ("quality", improvements.ConfirmEffect(finding="未再发生")),
    ):
        company.act(who, Improvement, row.id, command)


def supplied(company: Company, *commands: Action) -> None:
    """A resource of an emergency that is asked for and decided on."""
    number = company.get(ServiceRequest, company.register()).number
    declared = emergencies.DeclareEmergency(number=number, level=1, happened="冷库漏氨")
    id = company.do("dispatcher", emergencies.declare, declared).id
    ask = emergencies.AskResource(resource="抽排车")
    version = company.get(Emergency, id).version
    company.do(
        "dispatcher", workflow.act, emergencies.PROCESS, id=id, command=ask, seen_version=version
    )
    (row,) = company.rows(EmergencyResource, emergency_id=id)
    for command in commands:
        version = company.get(EmergencyResource, row.id).version
        about = {"id": row.id, "command": command, "seen_version": version}
        company.do("manager", workflow.act, resources.PROCESS, **about)


def test_a_limit_starts_and_is_met_by_every_fact_beside_a_case(company: Company) -> None:
    assert len(BESIDE) == 15
    begun = {"starts": "request.registered"}
    adopt(
        company,
        *(
            {"name": named("after", fact), "starts": fact, "met": ["request.closed"]}
            for fact in BESIDE
        ),
        *(begun | {"name": named("until", fact), "met": [fact]} for fact in BESIDE),
    )
    penalised(company, penalties.Uphold(review="事实清楚"))
    penalised(company, penalties.Reduce(percent=12, review="初犯"))
    penalised(company, penalties.Lift(review="查无实据"))
    improved(company)
    used, back = resources.UseResource(), resources.ReturnResource()
    supplied(company, resources.ApproveResource(), used, back)
    supplied(company, resources.RefuseResource(note="自行解决"))
    rows = company.rows(Limit)
    assert {row.name for row in rows if row.name.startswith("after_")} == {
        named("after", fact) for fact in BESIDE
    }
    assert {row.name for row in rows if row.met_at and row.name.startswith("until_")} == {
        named("until", fact) for fact in BESIDE
    }

"""Measures from the plan to the check of their effect: facts kept, people told, input refused.

Who may do what in which status stands in the matrix of complaints.
"""

from datetime import timedelta
from typing import Any

import pytest

from core.improvements import actions as improvements
from core.improvements.actions import (
    ConfirmEffect,
    FindNoEffect,
    FinishImprovement,
    MoveImprovement,
    PlanAgain,
    PlanImprovement,
)
from core.kernel.errors import InvalidInput, NotFound, Stale
from core.kernel.inputs import Action, parse
from core.kernel.unit_of_work import UnitOfWork
from core.process import workflow
from db.codes import FaultArea, ImprovementKind, ImprovementStatus, NoticeKind
from db.tables import Asset, History, Improvement, Notice, ServiceRequest
from tests.company_cast import NOW, Company

DAY = timedelta(days=1)
TODAY = NOW.date()


def plan(company: Company, who: str = "manager", owner: str = "support", **facts: Any) -> int:
    """A measure that a case of the washing machine leads to; gives its id."""
    case_id = company.register()
    about: dict[str, Any] = {
        "kind": ImprovementKind.CORRECTIVE,
        "measure": "改用加强皮带",
        "owner_id": company[owner].id,
        "due_on": TODAY + 7 * DAY,
    }

    def planned(uow: UnitOfWork) -> int:
        request = uow.session.get_one(ServiceRequest, case_id)
        return improvements.plan(uow, request, PlanImprovement(**about | facts)).id

    return company.do(who, planned)


def act(company: Company, who: str, id: int, command: Action, **more: Any) -> Improvement:
    version = more.pop("seen_version", None) or row(company, id).version
    about = {"id": id, "command": command, "seen_version": version}
    return company.do(who, workflow.act, improvements.PROCESS, **about | more)


def row(company: Company, id: int) -> Improvement:
    found: Improvement = company.get(Improvement, id)
    return found


def told(company: Company, id: int) -> list[tuple[int, str]]:
    notices = company.rows(Notice, kind=NoticeKind.IMPROVEMENT)
    return [(each.person_id, each.data["due_on"]) for each in notices]


def test_a_measure_takes_product_and_fault_from_its_case(company: Company) -> None:
    found = row(company, plan(company))
    case = company.get(ServiceRequest, found.request_id)
    assert found.product_id == company.get(Asset, case.asset_id).product_id
    assert (found.fault_area, found.status) == (FaultArea.FUNCTION, ImprovementStatus.PLANNED)
    assert (found.planned_at, found.done_at) == (NOW, None)
    assert row(company, plan(company, fault_area=FaultArea.NOISE)).fault_area is FaultArea.NOISE
    (fact,) = company.rows(History, subject="improvement", subject_id=found.id)
    assert (fact.action, fact.case_id, fact.note) == ("planned", case.id, "改用加强皮带")
    assert fact.data == {"owner": company["support"].id, "due_on": "2026-03-09"}


def test_the_owner_is_told_unless_they_planned_it(company: Company) -> None:
    id = plan(company)
    assert told(company, id) == [(company["support"].id, "2026-03-09")]
    plan(company, "quality", "quality")
    assert len(told(company, id)) == 1


def test_from_the_plan_to_the_effect(company: Company) -> None:
    id = plan(company)
    act(company, "support", id, FinishImprovement(note="已换"), now=NOW + DAY)
    assert (row(company, id).status, row(company, id).done_at) == ("done", NOW + DAY)
    act(company, "quality", id, ConfirmEffect(finding="不再发生"))
    found = row(company, id)
    assert (found.finding, found.checked_by_id) == ("不再发生", company["quality"].id)
    assert company.history("improvement", id) == [
        ("planned", "planned", "planned"),
        ("done", "planned", "done"),
        ("effective", "done", "effective"),
    ]


def test_what_does_not_work_is_planned_again(company: Company) -> None:
    id = plan(company)
    act(company, "support", id, FinishImprovement(note="已换"))
    act(company, "quality", id, FindNoEffect(finding="仍然断裂"))
    assert row(company, id).status is ImprovementStatus.INEFFECTIVE
    again = PlanAgain(measure="换供应商", due_on=TODAY + 9 * DAY)
    act(company, "manager", id, again)
    found = row(company, id)
    assert (found.measure, found.due_on) == ("换供应商", TODAY + 9 * DAY)
    assert (found.status, found.done_at, found.checked_by_id) == ("planned", None, None)
    last = company.rows(History, subject="improvement", action="planned_again")[0]
    assert last.data == {"was": "改用加强皮带", "due_on": "2026-03-11"}
    assert [day for _, day in told(company, id)] == ["2026-03-09", "2026-03-11"]


def test_another_day_and_another_owner(company: Company) -> None:
    id = plan(company)
    moved = {"owner_id": company["handler"].id, "due_on": TODAY, "note": "供应商延误"}
    act(company, "quality", id, parse(MoveImprovement, moved))
    found = row(company, id)
    assert (found.owner_id, found.due_on) == (company["handler"].id, TODAY)
    fact = company.rows(History, subject="improvement", action="moved")[0]
    assert fact.note == "供应商延误"
    assert fact.data == {
        "due_on": ["2026-03-09", "2026-03-02"],
        "owner": [company["support"].id, company["handler"].id],
    }
    assert (company["handler"].id, "2026-03-02") in told(company, id)


@pytest.mark.parametrize("days", [1, 400])
def test_nothing_is_due_in_the_past(company: Company, days: int) -> None:
    gone = TODAY - days * DAY
    with pytest.raises(InvalidInput):
        plan(company, due_on=gone)
    id = plan(company)
    for command in (
        MoveImprovement(owner_id=company["support"].id or 0, due_on=gone, note="-"),
        PlanAgain(measure="-", due_on=gone),
    ):
        if isinstance(command, PlanAgain):
            act(company, "support", id, FinishImprovement(note="-"))
            act(company, "quality", id, FindNoEffect(finding="-"))
        with pytest.raises(InvalidInput):
            act(company, "quality", id, command)


def test_only_staff_own_measures_and_what_was_seen_counts(company: Company) -> None:
    id = plan(company)
    auditor = MoveImprovement(owner_id=company["auditor"].id or 0, due_on=TODAY, note="-")
    with pytest.raises(InvalidInput):
        act(company, "quality", id, auditor)
    with pytest.raises(Stale):
        act(company, "support", id, FinishImprovement(note="-"), seen_version=99)
    assert row(company, id).status is ImprovementStatus.PLANNED


def test_the_owner_sees_the_measure_wherever_the_case_is(company: Company) -> None:
    id = plan(company, owner="technician.stranger")
    with pytest.raises(NotFound):
        act(company, "support.stranger", id, FinishImprovement(note="-"))
    act(company, "technician.stranger", id, FinishImprovement(note="已换"))
    case_id = row(company, id).request_id
    for who, seen in (("technician.stranger", 1), ("support.stranger", 0), ("agent", 1)):
        assert len(company.see(who, improvements.of_case, case_id=case_id)) == seen


def test_late_is_a_day_past_the_due_one_and_only_while_it_is_planned(company: Company) -> None:
    id = plan(company, due_on=TODAY)
    case_id = row(company, id).request_id

    def is_late(days: int) -> bool:
        (view,) = company.see(
            "manager", improvements.of_case, case_id=case_id, now=NOW + days * DAY
        )
        return view.late

    assert (is_late(0), is_late(1)) == (False, True)
    act(company, "support", id, FinishImprovement(note="-"))
    assert not is_late(1)

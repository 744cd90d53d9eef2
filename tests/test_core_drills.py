"""A drill counts in no figure, and nobody makes a drill of what is real (D19)."""

from datetime import date, timedelta
from typing import Any

import pytest

from core import kpi
from core.complaints import inputs
from core.emergencies import actions as emergencies
from core.followups import actions as followups
from core.improvements import actions as improvements
from core.jobs import actions as jobs
from core.kernel.errors import InvalidInput
from core.kernel.inputs import parse
from core.kernel.unit_of_work import transaction
from core.kpi.behind import cases_behind
from core.kpi.boards import board
from core.kpi.figures import DEFINITIONS, FigureName
from core.norms import revisions
from core.prevention import alarms, causes, measures
from core.prevention.causes import Asked
from core.quality import batches
from core.requests import inputs as request_inputs
from core.requests import intake
from core.returns import costs
from core.rulebook import replay
from db.codes import EmergencyStatus, FaultArea, RequestKind
from db.tables import (
    Complaint,
    Emergency,
    FollowUp,
    History,
    Improvement,
    Job,
    RepeatFault,
    ServiceRequest,
)
from tests.company_cast import NOW, Company
from tests.complaint_steps import measure, take
from tests.import_files import SERVICE, bring, table
from tests.measured_company import about
from tests.return_steps import refunded

DAY = timedelta(days=1)
LATER = NOW + 20 * DAY
MONTH = {"since": date(2026, 3, 1), "until": date(2026, 3, 31)}
BATCH = "B2603"


def lives(company: Company) -> set[int]:
    """Cases of all sorts with everything that figures are counted from; gives their ids."""
    known = {row.id for row in company.rows(ServiceRequest)}
    done, call_id = company.finished(batch=BATCH)
    said = parse(followups.RecordAnswers, {"scores": {"attitude": 3, "result": 4}})
    company.act("agent", FollowUp, call_id, said, now=NOW + DAY)
    company.register(batch=BATCH)
    told = company.complaint(brand="海尔", model="XQG100")
    take(company, told, "improved", now=NOW + 10 * DAY)
    company.register(kind="quality_feedback", batch=BATCH)
    refunded(company)
    return {row.id for row in company.rows(ServiceRequest)} - known


def make_drills(company: Company, ids: set[int]) -> None:
    with transaction(company.engine, write=True) as session:
        for id in ids:
            session.add(
                Emergency(
                    request_id=id,
                    level=1,
                    status=EmergencyStatus.DECLARED,
                    happened="演练",
                    drill=True,
                    declared_at=NOW,
                    told=[],
                )
            )


def figures(company: Company) -> dict[str, Any]:
    """Every figure that the tool shows of the company, with the cases behind it."""

    def see(query: Any, **asked: Any) -> Any:
        return company.see("manager", query, **asked, now=LATER)

    def behind(query: Any, **asked: Any) -> list[int]:
        return sorted(row.id for row in see(query, **asked).rows)

    shown = see(board, **about(MONTH))
    pareto = Asked(MONTH["since"], MONTH["until"])
    found = see(causes.faults, asked=pareto)
    book = see(lambda uow: revisions.norm_of(revisions.in_force(uow)))
    what_if = see(replay.replay, draft=book, **MONTH)
    first = company.rows(Improvement)[0].id
    return {
        "board": [
            [_without_customers(record) for record in kpi.records(rows)]
            for rows in (shown.figures, shown.months, shown.series, shown.dimensions)
        ],
        "classes": kpi.records(shown.classes),
        "ages": kpi.records((*shown.ages_by_kind, *shown.ages_by_station)),
        "behind": {
            (name, side): behind(cases_behind, figure=name, side=side, **about(MONTH))
            for name, definition in DEFINITIONS.items()
            for side in definition.sides
        },
        "open": behind(kpi.open_cases_behind),
        "causes": see(causes.causes, asked=pareto),
        "faults": found,
        "of_fault": [
            behind(
                causes.cases_of_fault,
                asked=pareto,
                product_id=bar.product_id,
                fault_area=bar.fault_area,
            )
            for bar in found.bars
        ],
        "batch": (see(batches.view, batch=BATCH).total, see(batches.view, batch=BATCH).by_status),
        "of_batch": sorted(row.id for row in see(batches.view, batch=BATCH).cases.rows),
        "costs": see(costs.costs, **MONTH),
        "effect": see(measures.effect, id=first).before,
        "what_if": (what_if.cases, what_if.by_clause, what_if.by_station, what_if.change_count),
    }


def _without_customers(record: dict[str, Any]) -> dict[str, Any]:
    # Who called about a drill stays on file: of the complaint rate only the complaints are alike.
    if FigureName.COMPLAINT_RATE in (record.get("figure"), record.get("name")):
        return {"numerator": record["numerator"]}
    return record


def test_no_figure_counts_a_drill(company: Company) -> None:
    lives(company)
    before = figures(company)
    assert before["costs"].loss_cents and before["causes"].cases and before["faults"].cases
    drills = lives(company)
    assert all(figures(company)[name] != before[name] for name in before if name != "effect")
    make_drills(company, drills)
    after = figures(company)
    for name, counted in before.items():
        assert after[name] == counted, name


def declare(company: Company, case_id: int, who: str = "dispatcher", **facts: Any) -> Emergency:
    number = company.get(ServiceRequest, case_id).number
    values = {"number": number, "level": 1, "happened": "演练", "drill": True} | facts
    row: Emergency = company.do(who, emergencies.declare, emergencies.DeclareEmergency(**values))
    return row


def refused(company: Company, case_id: int) -> bool:
    with pytest.raises(InvalidInput) as caught:
        declare(company, case_id)
    (problem,) = caught.value.problems
    assert declare(company, case_id, drill=False).drill is False
    return (problem.field, problem.code) == ("drill", "worked_on")


def test_a_case_that_is_worked_on_is_no_drill(company: Company) -> None:
    sent, _job = company.dispatched()
    taken_back, job_id = company.dispatched()
    company.act("dispatcher", Job, job_id, jobs.WithdrawJob(note="派错"))
    waiting = company.register()
    company.act(
        "agent", ServiceRequest, waiting, request_inputs.Wait(reason="customer", note="等回电")
    )
    judged = company.complaint()
    take(company, judged, "judged")
    named = company.complaint()
    person = company["technician"].id
    company.act("agent", Complaint, named, inputs.NamePerson(about_id=person))
    measured = company.register()

    def plan(uow: Any) -> None:
        case = uow.session.get_one(ServiceRequest, measured)
        improvements.plan(uow, case, measure(company))

    company.do("manager", plan)
    done, call_id = company.finished()
    said = parse(followups.RecordAnswers, {"scores": {"result": 2}})
    company.act("agent", FollowUp, call_id, said, now=NOW + DAY)
    (raised,) = company.rows(ServiceRequest, origin_id=done)
    bring(company, table({"类型": "报修"}), SERVICE)
    (brought,) = company.rows(ServiceRequest, source="old_system")
    files = [company.get(Complaint, id).request_id for id in (judged, named)]
    for case_id in (sent, taken_back, waiting, measured, raised.id, brought.id, *files):
        assert refused(company, case_id)


@pytest.mark.parametrize("kind", [*RequestKind])
def test_a_fresh_case_of_any_kind_may_be_a_drill(sqlite_company: Company, kind: str) -> None:
    case_id = sqlite_company.register(kind=kind)
    sqlite_company.act("agent", ServiceRequest, case_id, request_inputs.Remark(note="演练用"))
    assert declare(sqlite_company, case_id).drill


def test_a_drill_is_taken_out_of_a_running_alarm(company: Company) -> None:
    norm = revisions.shipped("appliance").model_copy(update={"repeat_count": 2})
    company.do("admin", revisions.adopt, norm=norm, on=NOW.date(), signed_by="测试")
    ids = [company.register() for _ in range(3)]
    (alarm,) = company.rows(RepeatFault)
    assert alarm.count == 3
    declare(company, ids[-1])
    (row,) = company.see("manager", alarms.listed).rows
    assert row.count == 2
    behind = company.see("manager", alarms.cases, id=alarm.id).rows
    assert {each.id for each in behind} == {*ids[:2]}
    assert [each.action for each in company.rows(History, subject="repeat_fault")][-1] == "shrunk"


def test_the_intake_reckons_no_drill_among_the_earlier_cases(company: Company) -> None:
    first = company.register()
    asset_id = company.get(ServiceRequest, first).asset_id
    asked = {"kind": RequestKind.REPAIR, "asset_id": asset_id, "fault_area": FaultArea.FUNCTION}
    assert len(company.see("agent", intake.prospect, **asked).repeats) == 1
    declare(company, first)
    assert company.see("agent", intake.prospect, **asked).earlier == ()

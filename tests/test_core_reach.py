"""From where to where is too far, and what holds for whoever was sent holds when a time is set."""

from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import update

from core.dispatch import plans, suggestions
from core.jobs.actions import AgreeVisit, MoveVisit, PlanJob
from core.kernel.errors import InvalidInput
from core.kernel.inputs import Action, parse
from core.kernel.unit_of_work import transaction
from core.planning.limit import Limit
from core.planning.problem import Reason
from core.planning.solve import solve
from core.requests.inputs import Dispatch, DispatchAnyway
from db.codes import JobStatus
from db.tables import History, Job, Qualification, ServiceRequest, Station
from tests.company_cast import Company, local
from tests.test_core_dispatch import HOUR
from tests.test_core_suggested import away, busy

FIRST, SECOND = "technician", "technician.colleague"
HOME = {"latitude": 32.05, "longitude": 118.78}
# About 110 kilometres from there: five hours as one drives; the rule book says three.
FAR = {"latitude": 33.05, "longitude": 118.78}
NEAR_FAR = {"latitude": 33.0, "longitude": 118.78}
TUESDAY = date(2026, 3, 3)


def set_out(company: Company) -> None:
    with transaction(company.engine, write=True) as session:
        session.execute(update(Station).where(Station.id == company.NORTH).values(**HOME))


def far_case(company: Company) -> int:
    case_id = company.register()
    with transaction(company.engine, write=True) as session:
        session.execute(update(ServiceRequest).where(ServiceRequest.id == case_id).values(**FAR))
    return case_id


def refused(company: Company, who: str, table: type, id: int, command: Action) -> Any:
    with pytest.raises(InvalidInput) as caught:
        company.act(who, table, id, command)
    (bad,) = caught.value.problems
    return bad


def sent(company: Company, start: datetime | None = None, **more: Any) -> Action:
    facts = {"technician_id": company[FIRST].id, "planned_from": start} | more
    model = DispatchAnyway if more else Dispatch
    return parse(model, facts | {"planned_to": start and start + HOUR})


def test_nobody_is_sent_too_far_without_authority_and_a_reason(company: Company) -> None:
    set_out(company)
    case_id = far_case(company)
    bad = refused(company, "dispatcher", ServiceRequest, case_id, sent(company))
    assert (bad.field, bad.code, bad.details["most"]) == ("technician_id", "too_far", 180)
    assert 290 < bad.details["minutes"] < 320
    anyway = sent(company, exception_reason="客户是重点单位")
    company.act("manager", ServiceRequest, case_id, anyway)
    (told,) = [row.data for row in company.rows(History, action="dispatched")]
    assert (told["exception"], told["clause"]) == ("客户是重点单位", "E6")
    assert told["against"] == [f"too_far {bad.details['minutes']}"]
    # Who was sent so may be planned, by anybody who plans.
    (job,) = company.rows(Job)
    start = local("2026-03-03 14:00")
    company.act("dispatcher", Job, job.id, PlanJob(planned_from=start, planned_to=start + HOUR))


def test_the_job_before_counts_and_places_that_nobody_knows_do_not(company: Company) -> None:
    unknown, known = far_case(company), far_case(company)
    at = local("2026-03-03 09:00")
    # The station is not on the map yet.
    company.act("dispatcher", ServiceRequest, unknown, sent(company, at))
    set_out(company)
    busy(company, SECOND, at + HOUR, at + 2 * HOUR, **NEAR_FAR)
    to_second = {"technician_id": company[SECOND].id}
    early = sent(company, at - HOUR / 4).model_copy(update=to_second)
    assert refused(company, "dispatcher", ServiceRequest, known, early).code == "too_far"
    late = sent(company, at + 2 * HOUR).model_copy(update=to_second)
    company.act("dispatcher", ServiceRequest, known, late)
    (job,) = company.rows(Job, request_id=known)
    assert (job.technician_id, job.planned_from) == (company[SECOND].id, at + 2 * HOUR)


def test_what_is_too_far_is_neither_suggested_nor_planned(company: Company) -> None:
    set_out(company)
    case_id = far_case(company)
    found = company.see("dispatcher", suggestions.suggest, case_id=case_id)
    assert [(each.slot, [bad.code for bad in each.against]) for each in found] == [
        (None, ["too_far"])
    ] * 2
    asked = company.see("dispatcher", plans.ask, since=TUESDAY)
    proposal = plans.told(asked, solve(asked.question, Limit(rounds=20)))
    assert [reason for _card, reason in proposal.left_out] == [Reason.TOO_FAR]


def lapse(company: Company) -> None:
    with transaction(company.engine, write=True) as session:
        mine = Qualification.person_id == company[FIRST].id
        session.execute(update(Qualification).where(mine).values(valid_until=TUESDAY))


def agreed(day: int, table: type = AgreeVisit, **more: Any) -> Action:
    start = local(f"2026-03-0{day} 10:00")
    return parse(table, {"agreed_from": start, "agreed_to": start + HOUR} | more)


def test_a_visit_is_agreed_with_who_may_do_it_on_that_day(company: Company) -> None:
    _case, job_id = company.dispatched()
    lapse(company)
    away(company, FIRST, local("2026-03-05 00:00"), local("2026-03-06 00:00"))
    bad = refused(company, FIRST, Job, job_id, agreed(4))
    assert (bad.field, bad.code) == ("agreed_from", "certificate_over")
    company.act(FIRST, Job, job_id, agreed(3))
    moved = agreed(4, MoveVisit, note="客户改期")
    assert refused(company, FIRST, Job, job_id, moved).code == "certificate_over"
    assert company.get(Job, job_id).status is JobStatus.AGREED
    with transaction(company.engine, write=True) as session:
        session.execute(update(Qualification).values(valid_until=None))
    gone = agreed(5, MoveVisit, note="客户改期")
    assert refused(company, FIRST, Job, job_id, gone).code == "away"


def test_a_plan_of_another_day_asks_for_the_certificate_too(company: Company) -> None:
    _case, job_id = company.dispatched()
    lapse(company)
    start = local("2026-03-04 10:00")
    plan = {"planned_from": start, "planned_to": start + HOUR}
    bad = refused(company, "dispatcher", Job, job_id, parse(PlanJob, plan | {"note": "客户急"}))
    assert (bad.field, bad.code) == ("planned_from", "certificate_over")
    # With authority and a reason it goes, and history says so.
    assert refused(company, "manager", Job, job_id, parse(PlanJob, plan)).code == bad.code
    company.act("manager", Job, job_id, parse(PlanJob, plan | {"note": "换证中，已核实"}))
    (told,) = [row.data for row in company.rows(History, action="planned")]
    assert (told["exception"], told["clause"]) == ("换证中，已核实", "A17")

"""Calls about a visit: each is noted, with what the customer says, and stands in the timeline."""

from datetime import timedelta

import pytest

from core.jobs import actions as jobs
from core.jobs import worksheet
from core.jobs.calls import CallOutcome, NoteCall
from core.kernel.errors import InvalidInput, Refused
from core.kernel.inputs import parse
from core.process import history, workflow
from db.codes import JobStatus
from db.tables import Job
from tests.company_cast import NOW, Company

MISSED = NoteCall(outcome=CallOutcome.NOT_REACHED)


def test_calls_are_noted_and_the_job_goes_on_as_it_was(company: Company) -> None:
    case_id, job_id = company.dispatched()
    later = NOW + timedelta(minutes=10)
    company.act("technician", Job, job_id, MISSED)
    said = NoteCall(outcome=CallOutcome.REACHED, said="现在连灯也不亮了")
    company.act("technician", Job, job_id, said, now=later)
    assert company.get(Job, job_id).status is JobStatus.ASSIGNED
    sheet = company.see("technician", worksheet.sheet, id=job_id, now=later)
    assert [(call.at, call.outcome, call.said) for call in sheet.calls] == [
        (NOW, CallOutcome.NOT_REACHED, ""),
        (later, CallOutcome.REACHED, "现在连灯也不亮了"),
    ]
    told = company.see("agent", history.timeline, case_id=case_id)
    assert [(event.action, event.note) for event in told][-2:] == [
        ("call_noted", ""),
        ("call_noted", "现在连灯也不亮了"),
    ]


def test_who_was_reached_has_said_something(company: Company) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse(NoteCall, {"outcome": "reached", "said": " "})
    assert [(bad.field, bad.code) for bad in refused.value.problems] == [("said", "missing")]


def test_a_call_is_noted_by_who_goes_and_before_the_visit(company: Company) -> None:
    _, job_id = company.dispatched()
    for who in ("technician.colleague", "dispatcher", "agent"):
        with pytest.raises(Refused):
            company.act(who, Job, job_id, MISSED)
    company.act("manager", Job, job_id, MISSED)
    window = {"agreed_from": NOW, "agreed_to": NOW + timedelta(hours=2)}
    company.act("technician", Job, job_id, jobs.AgreeVisit(**window, said="只有下午在家"))
    company.act("technician", Job, job_id, MISSED)
    company.act("technician", Job, job_id, jobs.Arrive())
    with pytest.raises(Refused):
        company.act("technician", Job, job_id, MISSED)
    facts = [fact for fact, _, _ in company.history("job", job_id)]
    assert facts == ["assigned", "call_noted", "visit_agreed", "call_noted", "arrived"]


def test_what_the_customer_says_while_a_time_is_agreed_is_kept(company: Company) -> None:
    case_id, job_id = company.dispatched()
    window = {"agreed_from": NOW, "agreed_to": NOW + timedelta(hours=2)}
    company.act("technician", Job, job_id, jobs.AgreeVisit(**window, said="只有下午在家"))
    told = company.see("agent", history.timeline, case_id=case_id)
    assert history.newest(told, "visit_agreed").note == "只有下午在家"


def test_the_time_that_is_planned_is_proposed_to_the_customer(company: Company) -> None:
    _, job_id = company.dispatched()
    half = timedelta(minutes=30)
    plan = jobs.PlanJob(planned_from=NOW + half, planned_to=NOW + 3 * half)
    company.act("dispatcher", Job, job_id, plan)
    about = {"process": jobs.PROCESS, "record_id": job_id, "action": jobs.AgreeVisit}
    values = company.see("technician", workflow.form, **about).values
    assert (values["agreed_from"], values["agreed_to"]) == (NOW + half, NOW + 3 * half)
    over = company.see("technician", workflow.form, **about, now=NOW + 4 * half).values
    assert over["agreed_from"] > NOW + 4 * half

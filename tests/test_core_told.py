"""Answered is when the customer has the answer; acknowledged is when the customer was told."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from core.complaints import inputs as complaints
from core.jobs import actions as jobs
from core.kernel.errors import InvalidInput, WrongStatus
from core.kernel.inputs import Action, parse
from core.process import limits, workflow
from core.quality import actions as quality
from core.quality.inputs import Assess
from core.requests import inputs
from core.requests import view as case
from core.returns import inputs as returns
from core.rulebook import replay
from core.suggestions import actions as suggestions
from db.codes import RequestStatus
from db.tables import (
    Complaint,
    GoodsReturn,
    History,
    Job,
    Limit,
    QualityFeedback,
    ServiceRequest,
    Suggestion,
)
from tests import return_steps
from tests.company_cast import NOW, REPORT, Company
from tests.complaint_steps import steps, take
from tests.test_core_norms_packs import NORMS, PACKS
from tests.test_core_norms_packs_in_use import EXTRA, under

# What a consultation is to be answered by, in each pack that has such a limit.
ANSWERS = [
    ("appliance", "consultation_answer", "hotline"),
    ("enterprise", "consultation_answer", "online"),
    ("dealer", "consultation_answer", "hotline"),
    ("chemical", "consultation_answer", "hotline"),
    ("chemical", "email_consultation_answer", "email"),
    ("engineering", "message_replied", "hotline"),
]
ACKNOWLEDGED = [
    (pack, name, priority)
    for pack in PACKS
    for name, priority in (
        ("complaint_acknowledged", "normal"),
        ("urgent_complaint_acknowledged", "urgent"),
    )
]
TOLD = {"channel": "hotline", "note": "已致电"}


def at(minutes: int) -> datetime:
    return NOW + timedelta(minutes=minutes)


def met(company: Company, case_id: int, name: str) -> datetime | None:
    """When the limit of a case was met."""
    (row,) = company.rows(Limit, request_id=case_id, name=name)
    met_at: datetime | None = row.met_at
    return met_at


def do(company: Company, who: str, case_id: int, command: Action, minutes: int) -> None:
    company.act(who, ServiceRequest, case_id, command, now=at(minutes))


def acknowledge(company: Company, case_id: int, minutes: int, who: str = "agent") -> None:
    do(company, who, case_id, parse(inputs.Acknowledge, TOLD), minutes)


@pytest.mark.parametrize("pack", PACKS)
def test_handing_a_case_on_meets_no_limit(pack: str) -> None:
    passed_on = {"request.handed_over", "request.station_moved"}
    assert not [rule.name for rule in NORMS[pack].limits if passed_on & set(rule.met)]
    told = [rule for rule in NORMS[pack].limits if rule.clause in ("A4", "C1", "C2", "S1")]
    assert not [rule.name for rule in told if "request.dispatched" in rule.met]
    taken_up = {rule.clause for rule in NORMS[pack].limits if "request.taken_up" in rule.met}
    assert taken_up <= {"D1"}


@pytest.mark.parametrize(("pack", "name", "channel"), ANSWERS)
def test_a_consultation_is_answered_when_the_customer_has_the_answer(
    company: Company, pack: str, name: str, channel: str
) -> None:
    under(company, pack)
    facts = {"kind": "consultation", "channel": channel, "extra": EXTRA}
    case_id = company.register(**facts)
    colleague = company["support"].id or 0
    do(company, "agent", case_id, inputs.HandOver(owner_id=colleague), 10)
    do(company, "support", case_id, inputs.MoveStation(station_id=company.SOUTH), 20)
    assert met(company, case_id, name) is None
    do(company, "support", case_id, inputs.Answer(answer="长按复位键"), 50)
    assert met(company, case_id, name) == at(50)
    at_once = company.register(**facts, answer="断电后重启")
    assert met(company, at_once, name) == NOW


@pytest.mark.parametrize(("pack", "name", "channel"), ANSWERS)
def test_sending_a_technician_is_no_answer_and_a_job_done_is_one(
    company: Company, pack: str, name: str, channel: str
) -> None:
    under(company, pack)
    case_id = company.register(kind="consultation", channel=channel, extra=EXTRA)
    do(company, "dispatcher", case_id, company.dispatch(), 5)
    (job,) = company.rows(Job, request_id=case_id)
    assert met(company, case_id, name) is None
    window = {"agreed_from": at(20), "agreed_to": at(60)}
    visit = (jobs.AgreeVisit(**window), jobs.Arrive(), parse(jobs.FinishJob, REPORT))
    for command, minutes in zip(visit, (15, 30, 55), strict=True):
        company.act("technician", Job, job.id, command, now=at(minutes))
    # A message has its reply when the technician rings; a question its answer when it is settled.
    assert met(company, case_id, name) == at(15 if name == "message_replied" else 55)


@pytest.mark.parametrize(("pack", "name", "priority"), ACKNOWLEDGED)
def test_a_complaint_is_acknowledged_when_the_customer_was_told(
    company: Company, pack: str, name: str, priority: str
) -> None:
    under(company, pack)
    id = company.complaint(priority=priority, extra=EXTRA)
    case_id = company.get(Complaint, id).request_id
    take(company, id, "judged", now=at(30))
    request = company.get(ServiceRequest, case_id)
    assert (request.status, request.acknowledged_at) == (RequestStatus.IN_PROGRESS, None)
    assert company.history("request", case_id)[-1] == ("taken_up", "registered", "in_progress")
    assert met(company, case_id, name) is None
    acknowledge(company, case_id, 60)
    assert met(company, case_id, name) == at(60)
    assert company.get(ServiceRequest, case_id).acknowledged_at == at(60)
    assert company.history("request", case_id)[-1] == (
        *("acknowledged", "in_progress", "in_progress"),
    )


@pytest.mark.parametrize(("pack", "name", "priority"), ACKNOWLEDGED)
def test_an_answer_tells_a_customer_who_was_not_told_before(
    company: Company, pack: str, name: str, priority: str
) -> None:
    under(company, pack)
    id = company.complaint(priority=priority, extra=EXTRA)
    case_id = company.get(Complaint, id).request_id
    dismissed = complaints.Dismiss(nature=_nature(pack), channel="email", answer="经查属正常现象")
    company.act("quality", Complaint, id, dismissed, now=at(40))
    assert met(company, case_id, name) == at(40)
    assert company.get(ServiceRequest, case_id).acknowledged_at == at(40)
    facts = [fact for fact, _, _ in company.history("request", case_id)]
    assert "taken_up" not in facts and "acknowledged" not in facts


def _nature(pack: str) -> str:
    return next(each.name for each in NORMS[pack].classes if "complaint" in each.kinds)


@pytest.mark.parametrize("pack", PACKS)
def test_assessing_feedback_tells_nobody(company: Company, pack: str) -> None:
    under(company, pack)
    case_id = company.register(kind="quality_feedback", extra=EXTRA)
    (row,) = company.rows(QualityFeedback, request_id=case_id)
    command = parse(Assess, {"defect_nature": "起泡", "severity": "minor"})
    given = {"id": row.id, "command": command, "seen_version": row.version}
    company.do("support", workflow.act, quality.PROCESS, **given, now=at(20))
    assert met(company, case_id, "complaint_acknowledged") is None
    acknowledge(company, case_id, 45)
    assert met(company, case_id, "complaint_acknowledged") == at(45)


def test_passing_a_suggestion_on_is_no_reply(company: Company) -> None:
    under(company, "engineering")
    case_id = company.register(kind="suggestion", extra=EXTRA)
    (row,) = company.rows(Suggestion, request_id=case_id)
    command = suggestions.PassOn(department="after_sales")
    given = {"id": row.id, "command": command, "seen_version": row.version}
    company.do("agent", workflow.act, suggestions.PROCESS, **given, now=at(20))
    assert company.get(ServiceRequest, case_id).status is RequestStatus.IN_PROGRESS
    assert met(company, case_id, "message_replied") is None
    acknowledge(company, case_id, 45)
    assert met(company, case_id, "message_replied") == at(45)


@pytest.mark.parametrize(("asked", "replied"), [(False, 50), (True, 10)])
def test_screening_a_return_is_no_reply_and_asking_the_customer_is(
    company: Company, asked: bool, replied: int
) -> None:
    under(company, "engineering")
    id = return_steps.applied(company)
    case_id = company.get(GoodsReturn, id).request_id
    if asked:
        more = returns.AskMore(note="请补发票")
        return_steps.do(company, "agent", id, more, now=at(10))
    return_steps.do(company, "agent", id, returns.Screen(), now=at(20))
    acknowledge(company, case_id, 50)
    assert met(company, case_id, "message_replied") == at(replied)


def test_the_dealer_has_accepted_what_is_judged_and_has_not_responded_by_that(
    company: Company,
) -> None:
    under(company, "dealer")
    id = company.complaint(extra=EXTRA)
    case_id = company.get(Complaint, id).request_id
    take(company, id, "judged", now=at(30))
    assert met(company, case_id, "formally_accepted") == at(30)
    assert met(company, case_id, "fault_response") is None
    acknowledge(company, case_id, 60)
    assert met(company, case_id, "fault_response") == at(60)


def test_a_repair_is_replied_to_by_whoever_tells_the_customer(company: Company) -> None:
    under(company, "engineering")
    case_id = company.register(extra=EXTRA)
    do(company, "dispatcher", case_id, company.dispatch(), 10)
    assert met(company, case_id, "message_replied") is None
    acknowledge(company, case_id, 30, "dispatcher")
    assert met(company, case_id, "message_replied") == at(30)
    # The desk has told; the job goes its own way.
    assert company.get(ServiceRequest, case_id).status is RequestStatus.IN_PROGRESS


def can_acknowledge(company: Company, case_id: int) -> bool:
    shown = company.see("agent", case.view, id=case_id).actions
    return any(rule.action is inputs.Acknowledge for rule in shown)


def test_who_was_told_is_not_told_again(company: Company) -> None:
    id = company.complaint()
    case_id = company.get(Complaint, id).request_id
    assert can_acknowledge(company, case_id)
    acknowledge(company, case_id, 10)
    assert not can_acknowledge(company, case_id)
    with pytest.raises(WrongStatus):
        acknowledge(company, case_id, 20)
    take(company, id, "notified", now=at(30))
    company.act("agent", Complaint, id, complaints.Reopen(note="又响了"), now=at(90))
    # Who opens it again by telephone knows that it runs.
    assert not can_acknowledge(company, case_id)
    (row,) = company.rows(Limit, request_id=case_id, name="complaint_acknowledged")
    assert row.met_at == at(10)


def test_how_the_customer_was_told_is_asked_and_on_file(company: Company) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse(inputs.Acknowledge, {"note": "x"})
    assert [(bad.field, bad.code) for bad in refused.value.problems] == [("channel", "missing")]
    case_id = company.register(kind="complaint")
    acknowledge(company, case_id, 5)
    (row,) = company.rows(History, action="acknowledged")
    assert (row.data, row.note) == ({"channel": "hotline"}, "已致电")


@pytest.mark.parametrize("model", [complaints.Notify, returns.TellResult])
def test_who_was_not_reached_has_no_answer(model: type[Action]) -> None:
    facts = {"answer": "退款三百元", "reaction": "not_reached"}
    for spoken in ("hotline", "counter", "on_site"):
        with pytest.raises(InvalidInput) as refused:
            parse(model, facts | {"channel": spoken})
        assert [(bad.field, bad.code) for bad in refused.value.problems] == [
            ("reaction", "not_told")
        ]
    for written in ("letter", "email", "online"):
        assert parse(model, facts | {"channel": written})


def courses(company: Company) -> Iterator[int]:
    """Cases whose first step was taken before, after and without telling the customer."""
    for told in (None, 10, 60):
        id = company.complaint(phone=f"1390000{told or 1:04d}")
        case_id = company.get(Complaint, id).request_id
        if told == 10:
            acknowledge(company, case_id, told)
        take(company, id, "judged", now=at(30))
        if told == 60:
            acknowledge(company, case_id, told)
        for fact in ("assigned", "investigated", "proposed", "approved", "notified"):
            who, command = steps(company)[fact]
            company.act(who, Complaint, id, command, now=at(90))
        yield case_id


def test_what_if_knows_what_was_taken_up_and_what_was_told(company: Company) -> None:
    under(company, "dealer")
    extra: dict[str, Any] = {"since": NOW.date(), "until": NOW.date()}
    ids = list(courses(company))
    outcome = company.see("manager", replay.replay, draft=NORMS["dealer"], **extra, now=at(200))
    assert (outcome.cases, outcome.changes) == (3, ())
    for case_id in ids:
        stored = {
            (each.name, each.met_at)
            for each in company.see("manager", limits.of_case, request_id=case_id)
            if not each.dropped
        }
        _, again = company.see("manager", replay.ledgers, draft=NORMS["dealer"], case_id=case_id)
        assert {(each.name, each.met_at) for each in again} >= stored

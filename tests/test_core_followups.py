"""Follow-up calls: due on the next working day, tried three times, unhappy answers go on."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from core.followups import actions as followups
from core.kernel.errors import InvalidInput, NotAllowed, Stale, WrongStatus
from core.kernel.inputs import Action, parse
from core.process import limits
from db.codes import FollowUpStatus, Measure, RequestKind, RequestStatus
from db.tables import FollowUp, History, Limit, ServiceRequest, SurveyAnswer
from tests.company_cast import NOW, Company, local

NEXT_DAY = NOW + timedelta(days=1)


def call(company: Company, call_id: int, command: Action, who: str = "agent", **more: Any) -> Any:
    return company.act(who, FollowUp, call_id, command, **{"now": NEXT_DAY} | more)


def answers(**scores: int) -> followups.RecordAnswers:
    return followups.RecordAnswers(scores=scores, opinion="", other_needs="")


@pytest.mark.parametrize(
    ("resolved", "due"),
    [
        ("2026-03-02 10:00", "2026-03-03"),  # Monday
        ("2026-03-06 16:00", "2026-03-07"),  # Friday: Saturday morning is open
        ("2026-03-07 10:00", "2026-03-09"),  # Saturday: Sunday is the weekly rest
        ("2026-03-08 10:00", "2026-03-09"),  # Sunday itself
        ("2026-03-02 23:30", "2026-03-03"),  # late at night it is still the local day
        ("2026-02-14 10:00", "2026-02-24"),  # the Spring Festival lies between
        ("2026-09-30 17:00", "2026-10-08"),  # National Day
    ],
)
def test_the_call_is_due_on_the_next_working_day(company: Company, resolved: str, due: str) -> None:
    _, call_id = company.finished(now=local(resolved))
    assert company.get(FollowUp, call_id).due_on == date.fromisoformat(due)


def test_good_answers_close_the_case(company: Company) -> None:
    request_id, call_id = company.finished()
    said = {"scores": {"attitude": 9, "skill": 8, "result": 10}, "opinion": "很好"}
    call(company, call_id, parse(followups.RecordAnswers, said))
    row = company.get(FollowUp, call_id)
    assert (row.status, row.score, row.opinion) == (FollowUpStatus.ANSWERED, 9.0, "很好")
    assert (row.ended_at, row.caller_id, row.attempts) == (NEXT_DAY, company["agent"].id, 1)
    scores = {a.question: a.score for a in company.rows(SurveyAnswer, follow_up_id=call_id)}
    assert scores == said["scores"]
    request = company.get(ServiceRequest, request_id)
    assert (request.status, request.closed_at) == (RequestStatus.CLOSED, NEXT_DAY)
    (limit,) = company.rows(Limit, measure=Measure.FOLLOW_UP)
    assert limit.met_at == NEXT_DAY
    assert company.rows(ServiceRequest, kind=RequestKind.COMPLAINT) == []


def test_a_low_score_raises_a_complaint_in_the_same_station(company: Company) -> None:
    request_id, call_id = company.finished()
    said = {"scores": {"attitude": 5, "skill": 6}, "opinion": "迟到两小时"}
    call(company, call_id, parse(followups.RecordAnswers, said))
    (complaint,) = company.rows(ServiceRequest, kind=RequestKind.COMPLAINT)
    complaint_id = complaint.id
    first = company.get(ServiceRequest, request_id)
    for fact in ("station_id", "customer_id", "asset_id", "phone", "address"):
        assert getattr(complaint, fact) == getattr(first, fact)
    assert (complaint.origin_id, complaint.symptom) == (request_id, "迟到两小时")
    assert complaint.status is RequestStatus.REGISTERED
    (row,) = company.rows(History, subject_id=complaint_id, action="registered")
    assert row.note == f"{first.number} · 5.5/10"
    assert [limit.name for limit in company.see("manager", limits.of_case, request_id=complaint_id)]


@pytest.mark.parametrize(("score", "complaints"), [(5, 1), (6, 0)])
def test_the_norm_says_where_unhappy_begins(company: Company, score: int, complaints: int) -> None:
    _, call_id = company.finished()
    call(company, call_id, answers(attitude=score))
    assert len(company.rows(ServiceRequest, kind=RequestKind.COMPLAINT)) == complaints


def test_the_third_time_nobody_answers_the_call_is_given_up(company: Company) -> None:
    request_id, call_id = company.finished()
    for attempt in (1, 2):
        call(company, call_id, followups.NotReached(note="无人接听"))
        row = company.get(FollowUp, call_id)
        assert (row.status, row.attempts) == (FollowUpStatus.DUE, attempt)
        assert company.get(ServiceRequest, request_id).status is RequestStatus.RESOLVED
    call(company, call_id, followups.NotReached())
    row = company.get(FollowUp, call_id)
    assert (row.status, row.score, row.ended_at) == (FollowUpStatus.UNREACHABLE, None, NEXT_DAY)
    assert company.get(ServiceRequest, request_id).status is RequestStatus.CLOSED
    assert company.rows(ServiceRequest, kind=RequestKind.COMPLAINT) == []
    assert [fact for fact, _, _ in company.history("follow_up", call_id)] == [
        *("planned", "not_reached", "not_reached", "given_up"),
    ]


@pytest.mark.parametrize(
    ("tried", "again"), [("2026-03-03 10:00", "2026-03-04"), ("2026-03-07 11:00", "2026-03-09")]
)
def test_the_next_try_is_on_a_working_day(company: Company, tried: str, again: str) -> None:
    _, call_id = company.finished()
    call(company, call_id, followups.NotReached(), now=local(tried))
    assert company.get(FollowUp, call_id).due_on == date.fromisoformat(again)


def test_an_unknown_question_is_refused(company: Company) -> None:
    _, call_id = company.finished()
    with pytest.raises(InvalidInput) as refusal:
        call(company, call_id, answers(attitude=9, weather=1))
    assert [(p.field, p.code) for p in refusal.value.problems] == [("scores", "not_an_option")]
    assert company.rows(SurveyAnswer) == []


def test_no_answer_at_all_is_refused(company: Company) -> None:
    _, call_id = company.finished()
    with pytest.raises(InvalidInput) as refusal:
        call(company, call_id, answers())
    assert [(p.field, p.code) for p in refusal.value.problems] == [("scores", "missing")]
    assert company.get(FollowUp, call_id).attempts == 0


@pytest.mark.parametrize("score", [-1, 11, "?", 3.5])
def test_scores_run_from_0_to_10(score: object) -> None:
    with pytest.raises(InvalidInput) as refusal:
        parse(followups.RecordAnswers, {"scores": {"attitude": score, "skill": 8}})
    assert [problem.field for problem in refusal.value.problems] == ["scores.attitude"]


def test_a_call_is_recorded_once(company: Company) -> None:
    _, call_id = company.finished()
    version = company.get(FollowUp, call_id).version
    call(company, call_id, answers(attitude=9))
    with pytest.raises(Stale):
        call(company, call_id, answers(attitude=2), seen_version=version)
    with pytest.raises(WrongStatus):
        call(company, call_id, answers(attitude=2))
    assert [a.score for a in company.rows(SurveyAnswer)] == [9]


def test_the_list_holds_what_is_due(company: Company) -> None:
    for _ in range(2):
        company.finished(serial="")
    assert company.see("agent", followups.due_calls) == ()
    assert len(company.see("agent", followups.due_calls, now=NEXT_DAY)) == 2
    rows = company.see("agent", followups.due_calls, now=NEXT_DAY)
    assert [(row.late, row.customer) for row in rows] == [(False, "王小明")] * 2
    later = company.see("agent", followups.due_calls, now=NEXT_DAY + timedelta(days=1))
    assert [row.late for row in later] == [True, True]
    assert company.see("agent.stranger", followups.due_calls, now=NEXT_DAY) == ()
    with pytest.raises(NotAllowed):
        company.see("technician", followups.due_calls, now=NEXT_DAY)


def test_the_local_day_counts_not_that_of_utc(company: Company) -> None:
    company.finished()
    after_midnight = local("2026-03-03 00:30")
    assert after_midnight.date() == datetime(2026, 3, 2).date()  # noqa: DTZ001
    assert len(company.see("agent", followups.due_calls, now=after_midnight)) == 1

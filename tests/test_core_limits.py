"""Time limits: facts start, meet, pause and drop them; a pause moves the due moment."""

from datetime import datetime
from typing import Any

import pytest

from core.followups import actions as followups
from core.jobs import actions as jobs
from core.kernel.inputs import parse
from core.norms import public_days, revisions
from core.norms.model import LimitRule, Norm
from core.process import limits
from core.process.limits import LimitView
from core.requests import inputs, lists
from core.requests.lists import View
from core.rulebook import book
from core.rulebook.book import Sign
from db.codes import LimitUnit, Measure, RequestKind
from db.tables import FollowUp, Job, Limit, ServiceRequest
from tests.company_cast import NOW, REPORT, Company, local

RULE = {"clause": "E1", "measure": "resolution", "met": [], "starts": "request.registered"}
WORK = RULE | {"name": "work", "unit": "working_minutes", "amount": 120}
CLOCK = RULE | {"name": "clock", "unit": "clock_minutes", "amount": 120}
DAYS = RULE | {"name": "days", "unit": "working_days", "amount": 1}
WAIT = inputs.Wait(reason="customer", note="等回电")
RESUME = inputs.Resume()


def adopt(company: Company, *rules: dict[str, Any]) -> None:
    """A new revision of the rule book, with only these limits."""
    shipped = revisions.shipped("appliance").dump()
    norm = Norm.model_validate(shipped | {"limits": rules})
    company.do("admin", revisions.adopt, norm=norm, on=NOW.date(), signed_by="测试")


def of(company: Company, case_id: int, at: datetime = NOW) -> dict[str, LimitView]:
    found = company.see("manager", limits.of_case, request_id=case_id, now=at)
    return {limit.name: limit for limit in found}


def act(company: Company, case_id: int, command: Any, at: str, who: str = "agent") -> None:
    company.act(who, ServiceRequest, case_id, command, now=local(at))


def pause(company: Company, case_id: int, begin: str, end: str) -> None:
    act(company, case_id, WAIT, begin)
    act(company, case_id, RESUME, end)


def test_registering_starts_the_limits_of_the_kind(company: Company) -> None:
    names = {
        "repair": {"repair_response", "appointment", "service_done"},
        "installation": {"appointment", "order_done"},
        "consultation": {"consultation_answer", "consultation_solved"},
        "complaint": {"complaint_acknowledged", "complaint_solved"},
        "return": {"complaint_solved", "return_screened"},
    }
    for kind, expected in names.items():
        assert of(company, company.register(kind=kind)).keys() == expected
    urgent = company.register(kind="complaint", priority="urgent")
    assert of(company, urgent).keys() == {"urgent_complaint_acknowledged", "complaint_solved"}


def test_facts_meet_limits(company: Company) -> None:
    case_id = company.register()
    met: dict[str, datetime | None] = dict.fromkeys(of(company, case_id))
    send, arrive = local("2026-03-02 11:00"), local("2026-03-02 15:00")

    def check() -> None:
        assert {name: limit.met_at for name, limit in of(company, case_id).items()} == met

    check()
    company.act("dispatcher", ServiceRequest, case_id, company.dispatch(), now=send)
    met["repair_response"] = send
    check()
    window = {"agreed_from": arrive, "agreed_to": local("2026-03-02 16:00")}
    company.act("technician", Job, 1, jobs.AgreeVisit(**window), now=send)
    met["appointment"] = send
    check()
    company.act("technician", Job, 1, jobs.Arrive(), now=arrive)
    check()
    company.act("technician", Job, 1, parse(jobs.FinishJob, REPORT), now=arrive)
    met |= {"service_done": arrive, "follow_up": None}
    check()
    called = local("2026-03-03 09:00")
    answers = followups.RecordAnswers(scores={"skill": 9})
    company.act("agent", FollowUp, 1, answers, now=called)
    met["follow_up"] = called
    check()
    assert not any(limit.late or limit.dropped for limit in of(company, case_id).values())


def test_late_is_a_comparison_with_now(company: Company) -> None:
    adopt(company, CLOCK)
    case_id = company.register()
    assert of(company, case_id)["clock"].due_at == local("2026-03-02 12:00")
    for at, late in (("11:59", False), ("12:00", False), ("12:01", True)):
        assert of(company, case_id, local(f"2026-03-02 {at}"))["clock"].late is late
    queue = {"name": lists.Queue.DISPATCH, "filters": lists.Filter(view=View.LATE)}
    assert company.see("manager", lists.count, **queue, now=local("2026-03-02 12:00")) == 0
    assert company.see("manager", lists.count, **queue, now=local("2026-03-02 12:01")) == 1


def test_what_was_met_late_stays_late(company: Company) -> None:
    adopt(company, CLOCK | {"met": ["request.remarked"]})
    for at, late in (("11:00", False), ("12:01", True)):
        case_id = company.register()
        act(company, case_id, inputs.Remark(note="已答复"), f"2026-03-02 {at}")
        limit = of(company, case_id, local("2026-06-01 10:00"))["clock"]
        assert (limit.met_at, limit.late) == (local(f"2026-03-02 {at}"), late)


@pytest.mark.parametrize(
    ("begin", "end", "clock", "work", "days"),
    [
        # Registered on Monday at 10:00; lunch from 12:00 to 13:30, closed from 17:30 to 08:30.
        ("02 10:30", "02 11:30", "02 13:00", "02 14:30", "04 09:30"),
        ("02 11:30", "02 13:00", "02 13:30", "02 14:00", "04 09:00"),  # 30 minutes of work
        ("02 11:00", "03 09:00", "03 10:00", "03 10:00", "04 15:30"),
        ("02 12:00", "02 13:30", "02 12:00", "02 12:00", "03 17:30"),  # over lunch, already due
    ],
)
def test_a_pause_moves_the_due_moment_by_its_own_kind_of_minutes(
    company: Company, begin: str, end: str, clock: str, work: str, days: str
) -> None:
    adopt(company, WORK, CLOCK, DAYS)
    case_id = company.register()
    assert of(company, case_id)["work"].due_at == local("2026-03-02 12:00")
    pause(company, case_id, f"2026-03-{begin}", f"2026-03-{end}")
    due = {name: limit.due_at for name, limit in of(company, case_id).items()}
    moments = {"clock": clock, "work": work, "days": days}
    assert due == {name: local(f"2026-03-{text}") for name, text in moments.items()}


def test_two_pauses_add_up(company: Company) -> None:
    adopt(company, WORK, CLOCK)
    case_id = company.register()
    pause(company, case_id, "2026-03-02 10:10", "2026-03-02 10:30")
    pause(company, case_id, "2026-03-02 11:00", "2026-03-02 11:25")
    due = {name: limit.due_at for name, limit in of(company, case_id).items()}
    assert due == {"clock": local("2026-03-02 12:45"), "work": local("2026-03-02 14:15")}
    (row,) = company.rows(Limit, name="work")
    assert [[datetime.fromisoformat(text) for text in span] for span in row.pauses] == [
        [local("2026-03-02 10:10"), local("2026-03-02 10:30")],
        [local("2026-03-02 11:00"), local("2026-03-02 11:25")],
    ]


def test_while_the_company_waits_nothing_gets_late(company: Company) -> None:
    adopt(company, CLOCK)
    case_id = company.register()
    act(company, case_id, WAIT, "2026-03-02 11:00")
    limit = of(company, case_id, local("2026-03-09 11:00"))["clock"]
    assert (limit.paused, limit.late) == (True, False)
    act(company, case_id, RESUME, "2026-03-09 11:00")
    limit = of(company, case_id, local("2026-03-09 11:30"))["clock"]
    assert (limit.paused, limit.late, limit.due_at) == (False, False, local("2026-03-09 12:00"))


def test_a_pause_hides_no_lateness_that_was_there_before(company: Company) -> None:
    adopt(company, CLOCK)
    case_id = company.register()
    act(company, case_id, WAIT, "2026-03-02 12:30")
    limit = of(company, case_id, local("2026-03-03 10:00"))["clock"]
    assert (limit.paused, limit.late) == (True, True)


def test_a_limit_met_while_waiting_is_measured_without_the_pause(company: Company) -> None:
    adopt(company, CLOCK | {"met": ["request.answered"]})
    case_id = company.register()
    act(company, case_id, WAIT, "2026-03-02 11:00")
    act(company, case_id, inputs.Answer(answer="好了"), "2026-03-02 15:00")
    limit = of(company, case_id)["clock"]
    assert (limit.due_at, limit.late) == (local("2026-03-02 16:00"), False)


def test_an_answer_ends_the_pause_of_what_it_does_not_meet(company: Company) -> None:
    adopt(company, CLOCK)
    case_id = company.register()
    act(company, case_id, WAIT, "2026-03-02 11:00")
    act(company, case_id, inputs.Answer(answer="好了"), "2026-03-02 11:30")
    limit = of(company, case_id)["clock"]
    assert (limit.paused, limit.due_at) == (False, local("2026-03-02 12:30"))


def test_a_limit_that_starts_while_the_company_waits_stands_still(company: Company) -> None:
    adopt(company, CLOCK | {"starts": "request.dispatched"})
    case_id = company.register()
    act(company, case_id, WAIT, "2026-03-02 10:30")
    act(company, case_id, company.dispatch(), "2026-03-02 11:00", "dispatcher")
    assert of(company, case_id, local("2026-03-05 10:00"))["clock"].paused
    act(company, case_id, RESUME, "2026-03-02 12:00")
    assert of(company, case_id)["clock"].due_at == local("2026-03-02 14:00")


@pytest.mark.parametrize("paused", [False, True])
def test_a_cancelled_case_drops_its_limits(company: Company, paused: bool) -> None:
    adopt(company, CLOCK)
    case_id = company.register()
    if paused:
        act(company, case_id, WAIT, "2026-03-02 11:00")
    act(company, case_id, inputs.Cancel(note="不修了"), "2026-03-02 11:30")
    limit = of(company, case_id, local("2026-06-01 10:00"))["clock"]
    assert (limit.dropped, limit.met_at, limit.paused, limit.late) == (True, None, False, False)


def test_closing_drops_what_was_never_met(company: Company) -> None:
    adopt(company, CLOCK, RULE | CLOCK | {"name": "call", "starts": "follow_up.planned"})
    case_id, call_id = company.finished()
    act_at = local("2026-03-03 10:00")
    company.act(
        "agent", FollowUp, call_id, followups.RecordAnswers(scores={"skill": 9}), now=act_at
    )
    rows = {row.name: row.dropped_at for row in company.rows(Limit, request_id=case_id)}
    assert rows == {"clock": act_at, "call": act_at}


def test_a_case_keeps_the_rule_book_that_accepted_it(company: Company) -> None:
    before = company.register()
    adopt(company, CLOCK)
    after = company.register()
    assert of(company, after).keys() == {"clock"}
    company.act("dispatcher", ServiceRequest, before, company.dispatch())
    assert of(company, before)["repair_response"].met_at == NOW
    assert "clock" not in of(company, before)


def test_the_same_fact_again_starts_no_second_limit(company: Company) -> None:
    adopt(company, CLOCK | {"starts": "request.remarked"})
    case_id = company.register()
    for _ in range(3):
        company.act("agent", ServiceRequest, case_id, inputs.Remark(note="催"))
    assert len(company.rows(Limit, request_id=case_id)) == 1


@pytest.mark.parametrize(
    ("kinds", "priorities", "covered"),
    [((), (), True), (("repair",), (), True), (("return",), (), False), ((), ("urgent",), False)],
)
def test_a_limit_covers_kinds_and_priorities(kinds: Any, priorities: Any, covered: bool) -> None:
    rule = LimitRule.model_validate(CLOCK | {"kinds": kinds, "priorities": priorities})
    assert rule.covers(RequestKind.REPAIR, "normal") is covered


def test_stored_limits_cite_their_clause(company: Company) -> None:
    case_id = company.register()
    rows = {row.name: row for row in company.rows(Limit, request_id=case_id)}
    assert rows["service_done"].clause == "D4"
    assert rows["service_done"].measure is Measure.RESOLUTION
    assert (rows["service_done"].unit, rows["service_done"].amount) == (
        LimitUnit.CLOCK_MINUTES,
        2880,
    )


def off(company: Company, *days: str, **hours: Any) -> int:
    """Sign a revision that knows these days off; gives its number."""
    norm = company.see("admin", book.current)
    changed = norm.model_copy(update={"hours": norm.hours.model_copy(update={"closed": days})})
    company.do("manager", book.keep_draft, changed)
    return company.do("manager", book.sign, Sign(in_force_on=NOW.date(), signed_by="经理"))


def test_a_day_off_that_is_signed_later_moves_what_runs(company: Company) -> None:
    adopt(company, *(each | {"met": ["request.remarked"]} for each in (DAYS, CLOCK)))
    old = company.register(now=local("2026-03-02 10:00"))
    ended = company.register(now=local("2026-03-02 10:00"))
    company.act("agent", ServiceRequest, ended, inputs.Cancel(note="重复"))
    was = of(company, old)
    assert was["days"].due_at == local("2026-03-03 17:30")
    off(company, "2026-03-03")
    now_due = of(company, old)
    assert now_due["days"].due_at == local("2026-03-04 17:30")
    assert now_due["clock"].due_at == was["clock"].due_at
    assert of(company, ended)["days"].due_at == local("2026-03-03 17:30")
    # What was paused meanwhile is reckoned by the same days, though the case keeps its rules.
    pause(company, old, "2026-03-02 11:00", "2026-03-02 11:01")
    assert of(company, old)["days"].due_at == local("2026-03-05 08:31")
    why = company.see("manager", limits.explain, limit_id=of(company, old)["days"].id)
    assert (why.revision, {each.reason.value for each in why.ledger} >= {"holiday"}) == (2, True)
    # A day that is worked after all moves it back.
    off(company)
    assert of(company, old)["days"].due_at == local("2026-03-04 08:31")


def test_a_year_whose_days_off_are_not_announced_is_said(company: Company) -> None:
    far = RULE | {"name": "far", "unit": "working_days", "amount": 400}
    adopt(company, DAYS, far, CLOCK)
    shown = of(company, company.register(now=local("2026-03-02 10:00")))
    assert {name: limit.tentative for name, limit in shown.items()} == {
        "days": False,
        "far": public_days.known_until("CN") < 2027,
        "clock": False,
    }

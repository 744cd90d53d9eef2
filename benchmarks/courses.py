"""The courses that cases take: each yields the moment of its next step, then takes it."""

from datetime import timedelta

from benchmarks import returns, reviews, words
from benchmarks.cases import Case, Course
from benchmarks.sheets import Row
from core.requests.lists import SITE_KINDS
from db.codes import (
    Charge,
    FollowUpStatus,
    JobResult,
    JobStatus,
    RequestKind,
    RequestStatus,
    Role,
    VisitOutcome,
    WaitReason,
)

# Steps after which a case of the backlog stands still: registered, dispatched, agreed, on site.
BACKLOG_ON_SITE = (0, 0, 0, 1, 1, 2, 2, 3)
WORKSHOP = (RequestKind.REPAIR, RequestKind.PARTS)
TRIES = 3
LATE_DAYS = (0,) * 27 + (1, 2, 3)


def backlog_steps(case: Case) -> int:
    """How far a case came that nobody finishes."""
    kind = case.request["kind"]
    if kind in SITE_KINDS:
        return case.random.choice(BACKLOG_ON_SITE)
    if kind in reviews.STEPS:
        return case.random.randrange(reviews.STEPS[kind])
    return case.random.randrange(returns.STEPS) if kind is RequestKind.RETURN else 0


def until_resolved(case: Case, *, backlog: bool) -> Course:
    """From the registration to the answer or the report."""
    kind, chance = case.request["kind"], case.random.random()
    if kind in reviews.STEPS:
        yield from reviews.course(case)
    elif kind is RequestKind.RETURN:
        yield from returns.course(case)
    elif kind not in SITE_KINDS:
        yield from _answered(case, chance)
    elif chance < 0.02 and not backlog:
        yield from _cancelled(case)
    elif chance < 0.06 and not backlog:
        yield case.after(0.1, 2)
        _answer(case, "answered", case.owner, words.ANSWERS[0])
    else:
        yield from _on_site(case, waits=chance > (0.6 if backlog else 0.96))


def until_closed(case: Case) -> Course:
    """From the resolution to the closed file, with the call that asks how it went (E3)."""
    call = case.call or case.plan_call()
    if call is None:
        _close(case, case.owner)
        return
    for attempt in range(1, TRIES + 1):
        day = call["due_on"] + timedelta(days=case.random.choice(LATE_DAYS))
        yield case.on(day, 9, 17.2 if day.isoweekday() < 6 else 11.8)
        caller = case.who(Role.AGENT)
        call |= {"attempts": attempt, "caller_id": caller}
        if case.random.random() < 0.93:
            _record_answers(case, call, caller)
            break
        _not_reached(case, call, caller)
    _close(case, caller)


def _answered(case: Case, chance: float) -> Course:
    answer = case.random.choice(words.ANSWERS)
    if case.request["kind"] is RequestKind.CONSULTATION and chance < 0.6:
        yield case.at
        _answer(case, "answered_at_once", case.owner, answer)
        return
    yield case.after(0.1, 1 if chance < 0.9 else 30)
    _answer(case, "answered", case.owner, answer)


def _answer(case: Case, fact: str, by: int, answer: str) -> None:
    case.request |= {"answer": answer, "resolved_at": case.at}
    note = answer if fact == "answered" else ""
    case.fact(fact, by, RequestStatus.RESOLVED, note)


def _cancelled(case: Case) -> Course:
    yield case.after(0.1, 2)
    case.request["closed_at"] = case.at
    case.fact("cancelled", case.owner, RequestStatus.CANCELLED, "用户自行解决，不再需要上门")


def _on_site(case: Case, *, waits: bool) -> Course:
    yield case.after(0.2, 14)
    job = _dispatch(case)
    if waits:
        yield from _waiting(case)
    visits = 2 if case.random.random() < 0.1 else 1
    for sequence in range(1, visits + 1):
        yield case.after(0.2, 5)
        visit = _agree(case, job, sequence)
        late = timedelta(hours=2 if case.random.random() < 0.12 else 0)
        yield visit["agreed_from"] + late + timedelta(minutes=case.random.randint(1, 50))
        visit["arrived_at"] = case.at
        case.about("job", job, "arrived", job["technician_id"], JobStatus.ON_SITE, visit=sequence)
        yield case.at + timedelta(minutes=case.random.randint(20, 150))
        if sequence < visits:
            _leave(case, job, visit)
    _finish(case, job, visit)


def _dispatch(case: Case) -> Row:
    technician, by = case.who(Role.TECHNICIAN), case.who(Role.DISPATCHER)
    case.technician = technician
    report = {"cause": "", "work_done": "", "parts": "", "result": None, "confirmed_by": ""}
    report |= {"labour_cents": 0, "parts_cents": 0, "finished_at": None}
    job = case.sheets.add(
        "jobs",
        version=1,
        request_id=case.request["id"],
        technician_id=technician,
        status=JobStatus.ASSIGNED,
        assigned_at=case.at,
        **report,
    )
    case.about("job", job, "assigned", by, technician=technician)
    data = {"job": job["id"], "technician": technician}
    case.fact("dispatched", by, RequestStatus.IN_PROGRESS, **data)
    return job


def _waiting(case: Case) -> Course:
    yield case.after(0.2, 5)
    reason = case.random.choice(tuple(WaitReason))
    case.request["wait_reason"] = reason
    case.fact("waiting", case.owner, note=words.WAITS[reason], reason=reason.value)
    yield case.after(30, 200)
    case.request["wait_reason"] = None
    case.fact("resumed", case.owner)


def _agree(case: Case, job: Row, sequence: int) -> Row:
    day = case.today() + timedelta(days=case.random.random() < 0.6)
    opens = case.on(day, 9, 17).replace(second=0, microsecond=0) + timedelta(minutes=30)
    visit = case.sheets.add(
        "visits",
        job_id=job["id"],
        sequence=sequence,
        technician_id=job["technician_id"],
        agreed_from=opens,
        agreed_to=opens + timedelta(hours=2),
        arrived_at=None,
        ended_at=None,
        outcome=None,
        note="",
    )
    window = {"from": opens.isoformat(), "to": visit["agreed_to"].isoformat()}
    case.about("job", job, "visit_agreed", job["technician_id"], JobStatus.AGREED, **window)
    return visit


def _leave(case: Case, job: Row, visit: Row) -> None:
    outcome, note = VisitOutcome.UNFINISHED, f"需更换{case.part}，另约时间"
    visit |= {"ended_at": case.at, "outcome": outcome, "note": note}
    data = {"outcome": outcome.value}
    case.about("job", job, "visit_ended", job["technician_id"], JobStatus.UNFINISHED, note, **data)


def _finish(case: Case, job: Row, visit: Row) -> None:
    visit |= {"ended_at": case.at, "outcome": VisitOutcome.DONE}
    job |= _report(case) | {"finished_at": case.at}
    by, total = job["technician_id"], job["labour_cents"] + job["parts_cents"]
    data = {"result": job["result"].value, "cents": total}
    case.about("job", job, "finished", by, JobStatus.DONE, job["work_done"], **data)
    case.request["resolved_at"] = case.at
    case.fact("job_finished", by, RequestStatus.RESOLVED)


def _report(case: Case) -> Row:
    say, workshop = case.random.choice, case.request["kind"] in WORKSHOP
    labour = case.random.randrange(50_00, 200_00, 10_00)
    parts = case.random.randrange(0, 500_00, 5_00)
    paid = case.request["charge"] is Charge.PAID
    return {
        "cause": say(words.CAUSES).format(c=case.part) if workshop else "按服务单上门",
        "work_done": say(words.WORK if workshop else words.SITE_WORK).format(c=case.part),
        "parts": case.part if workshop and parts else "",
        "result": say(RESULTS) if workshop else JobResult.INSTALLED,
        "labour_cents": labour if paid else 0,
        "parts_cents": parts if paid and workshop else 0,
        "confirmed_by": case.request["contact"],
    }


RESULTS = (JobResult.FIXED,) * 9 + (JobResult.NO_FAULT_FOUND,)


def _record_answers(case: Case, call: Row, by: int) -> None:
    unhappy = case.random.random() < 0.04
    scores = {
        question.name: case.random.randint(1, 6) if unhappy else case.random.choice(HAPPY)
        for question in case.town.norm.survey
    }
    score = round(sum(scores.values()) / len(scores), 2)
    opinion = case.random.choice(words.GRUMBLES if unhappy else words.OPINIONS)
    call |= {"ended_at": case.at, "score": score, "opinion": opinion}
    for question, given in scores.items():
        case.sheets.add("survey_answers", follow_up_id=call["id"], question=question, score=given)
    data = {"score": score, "scores": scores}
    case.about("follow_up", call, "answered", by, FollowUpStatus.ANSWERED, opinion, **data)
    case.unhappy = score if score < case.town.norm.unhappy_below else None


HAPPY = (7, 8, 8, 9, 9, 9, 10, 10, 10, 10)


def _not_reached(case: Case, call: Row, by: int) -> None:
    if call["attempts"] < TRIES:
        call["due_on"] = case.next_working_day()
        case.about("follow_up", call, "not_reached", by, attempt=call["attempts"])
        return
    call["ended_at"] = case.at
    status, data = FollowUpStatus.UNREACHABLE, {"attempt": call["attempts"]}
    case.about("follow_up", call, "given_up", by, status, **data)


def _close(case: Case, by: int) -> None:
    case.request["closed_at"] = case.at
    case.fact("closed", by, RequestStatus.CLOSED)

"""Follow-up calls: due the day after, a survey, and a complaint when the customer is unhappy."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

from pydantic import Field
from sqlalchemy import Select, select
from sqlalchemy.orm import contains_eager

from core import workflow
from core.errors import InvalidInput, Problem
from core.inputs import Action, Choice, LongText, Score
from core.norms.revisions import norm_for
from core.permissions import require, visible_requests
from core.unit_of_work import Actor, UnitOfWork
from core.workflow import Done, Process, Rule
from core.working_time import Unit, due_at
from db.codes import Channel, FollowUpStatus, Priority, RequestKind
from db.tables import FollowUp, History, Job, ServiceRequest, SurveyAnswer

TRIES = 3


class RecordAnswers(Action):
    """What the customer answered, each question 0 to 10 (E20, D21)."""

    scores: Annotated[dict[str, Score], Choice("questions"), Field(max_length=20)]
    opinion: LongText = ""
    other_needs: LongText = ""


class NotReached(Action):
    """Nobody answered; the third time the call is given up."""

    note: LongText = ""


DUE = frozenset({FollowUpStatus.DUE})
CALL = "followup:call"
RULES = (
    Rule("answered", RecordAnswers, DUE, FollowUpStatus.ANSWERED, CALL, "E3"),
    Rule("not_reached", NotReached, DUE, None, CALL, "E3", lambda f: f.attempts < TRIES - 1),
    Rule(
        "given_up",
        NotReached,
        DUE,
        FollowUpStatus.UNREACHABLE,
        CALL,
        "E3",
        lambda f: f.attempts >= TRIES - 1,
    ),
    Rule("planned", None, DUE, None, CALL, "E3"),
    Rule("dropped", None, DUE, FollowUpStatus.DROPPED, CALL, "E17"),
)


@dataclass(frozen=True)
class CallRow:
    """One call of the list."""

    id: int
    version: int
    case_id: int
    number: str
    kind: RequestKind
    customer: str
    contact: str
    phone: str
    symptom: str
    due_on: date
    late: bool
    attempts: int
    resolved_at: datetime | None
    actions: tuple[Rule, ...]


class CallResult(StrEnum):
    """What a call led to."""

    CALL_AGAIN = "call_again"
    GIVEN_UP = "given_up"
    CONTENT = "content"
    REGISTERED = "registered"
    REOPENED = "reopened"
    NOTHING_OPENED = "nothing_opened"


@dataclass(frozen=True)
class Receipt:
    """What a call led to; the number of the complaint, the day of the next call if there is one."""

    result: CallResult
    number: str = ""
    due_on: date | None = None


def select_visible(actor: Actor) -> Select[FollowUp]:
    """The calls about cases that the actor may see, each with its case."""
    return (
        select(FollowUp)
        .join(FollowUp.request)
        .where(visible_requests(actor))
        .options(
            contains_eager(FollowUp.request).joinedload(ServiceRequest.customer),
        )
    )


def plan(uow: UnitOfWork, request: ServiceRequest) -> None:
    """Put the call of a resolved case on the list of the day when it is due (E3)."""
    due_on = _next_working_day(uow, request)
    call = FollowUp(request_id=request.id, status=FollowUpStatus.DUE, due_on=due_on)
    uow.session.add(call)
    uow.session.flush()
    workflow.advance(uow, PROCESS, call, "planned", Done(data={"due_on": call.due_on.isoformat()}))


def drop(uow: UnitOfWork, request: ServiceRequest) -> None:
    """The case runs again: the call that waits is dropped, the next answer plans another one."""
    call = uow.session.scalar(
        select(FollowUp).where(
            FollowUp.request_id == request.id, FollowUp.status == FollowUpStatus.DUE
        )
    )
    if call:
        call.ended_at = uow.now
        workflow.advance(uow, PROCESS, call, "dropped")


def act(uow: UnitOfWork, *, id: int, command: Action, seen_version: int) -> int | None:
    """Record a call. Gives the id of the complaint that an unhappy customer's answers opened.

    Who is unhappy with the answer to a complaint opens that one again (E17), until the leaders
    have decided.
    """
    from core.complaints import actions as complaints
    from core.requests import actions as requests

    call: FollowUp = workflow.act(uow, PROCESS, id, command, seen_version=seen_version)
    if call.status is FollowUpStatus.DUE:
        return None
    requests.close(uow, call.request)
    if not _is_unhappy(uow, call):
        return None
    complaint = complaints.of_case(uow, call.request_id)
    if complaint is None:
        return _raise_complaint(uow, call)
    if not complaints.may_reopen(complaint):
        return None
    complaints.reopen(uow, complaint, call.opinion)
    return call.request_id


def receipt(uow: UnitOfWork, *, id: int) -> Receipt:
    """What a call led to, from what is on file: as true for a form that is sent twice."""
    call: FollowUp = workflow.fetch(uow, PROCESS, id)
    if call.status is FollowUpStatus.DUE:
        return Receipt(CallResult.CALL_AGAIN, due_on=call.due_on)
    if call.status is not FollowUpStatus.ANSWERED:
        return Receipt(CallResult.GIVEN_UP)
    if not _is_unhappy(uow, call):
        return Receipt(CallResult.CONTENT)
    raised = select(ServiceRequest.number).where(
        ServiceRequest.origin_id == call.request_id,
        ServiceRequest.registered_at == call.ended_at,
        visible_requests(uow.actor),
    )
    if number := uow.session.scalar(raised.limit(1)):
        return Receipt(CallResult.REGISTERED, number=number)
    again = select(History.id).where(
        History.case_id == call.request_id,
        History.subject == "complaint",
        History.action == "reopened",
        History.at == call.ended_at,
    )
    if uow.session.scalar(again.limit(1)):
        return Receipt(CallResult.REOPENED, number=call.request.number)
    return Receipt(CallResult.NOTHING_OPENED)


def _is_unhappy(uow: UnitOfWork, call: FollowUp) -> bool:
    return call.score is not None and call.score < norm_for(uow, call.request).unhappy_below


def due_calls(uow: UnitOfWork, *, limit: int = 200) -> tuple[CallRow, ...]:
    """Calls due today or before, the oldest first."""
    require(uow, CALL)
    calls = uow.session.scalars(due_now(uow).order_by(FollowUp.due_on, FollowUp.id).limit(limit))
    return tuple(_row(uow, call) for call in calls)


def due_now(uow: UnitOfWork) -> Select[FollowUp]:
    """The calls that are due today or before."""
    return select_visible(uow.actor).where(
        FollowUp.status == FollowUpStatus.DUE, FollowUp.due_on <= uow.today
    )


def _row(uow: UnitOfWork, call: FollowUp) -> CallRow:
    request = call.request
    return CallRow(
        id=call.id,
        version=call.version,
        case_id=request.id,
        number=request.number,
        kind=request.kind,
        customer=request.customer.name,
        contact=request.contact,
        phone=request.phone,
        symptom=request.symptom,
        due_on=call.due_on,
        late=call.due_on < uow.today,
        attempts=call.attempts,
        resolved_at=request.resolved_at,
        actions=PROCESS.allowed(uow.actor, call),
    )


def _questions(uow: UnitOfWork, call: FollowUp) -> Mapping[str, str]:
    norm = norm_for(uow, call.request)
    return {question.name: question.text[uow.actor.language] for question in norm.survey}


def _record_answers(uow: UnitOfWork, call: FollowUp, command: RecordAnswers) -> Done:
    if not command.scores:
        raise InvalidInput(Problem("scores", "missing"))
    _called(uow, call)
    call.ended_at = uow.now
    call.score = round(sum(command.scores.values()) / len(command.scores), 2)
    call.opinion, call.other_needs = command.opinion, command.other_needs
    for question, score in command.scores.items():
        uow.session.add(SurveyAnswer(follow_up_id=call.id, question=question, score=score))
    return Done(note=command.opinion, data={"score": call.score, "scores": dict(command.scores)})


def _not_reached(uow: UnitOfWork, call: FollowUp, command: NotReached) -> Done:
    _called(uow, call)
    if call.attempts >= TRIES:
        call.ended_at = uow.now
    else:
        call.due_on = _next_working_day(uow, call.request)
    return Done(note=command.note, data={"attempt": call.attempts})


def _next_working_day(uow: UnitOfWork, request: ServiceRequest) -> date:
    calendar = norm_for(uow, request).calendar(uow.actor.zone)
    due = due_at(calendar, Unit.WORKING_DAYS, 1, uow.clock)
    return due.astimezone(uow.actor.zone_info).date()


def _called(uow: UnitOfWork, call: FollowUp) -> None:
    call.attempts += 1
    call.caller_id = uow.actor.id


def _raise_complaint(uow: UnitOfWork, call: FollowUp) -> int:
    from core.requests import intake

    case = call.request
    text = call.opinion or case.symptom
    technician = uow.session.scalar(
        select(Job.technician_id)
        .where(Job.request_id == case.id)
        .order_by(Job.finished_at.desc().nulls_last(), Job.id.desc())
        .limit(1)
    )
    complaint = intake.open_request(
        uow,
        customer_id=case.customer_id,
        asset_id=case.asset_id,
        station_id=case.station_id,
        origin_id=case.id,
        kind=RequestKind.COMPLAINT,
        channel=Channel.HOTLINE,
        priority=Priority.NORMAL,
        contact=case.contact,
        phone=case.phone,
        address=case.address,
        symptom=text,
        note=f"{case.number} · {call.score:g}/10",
        # Whoever was there is named: somebody else judges (A23).
        about_id=technician,
    )
    return complaint.id


PROCESS = Process(
    subject="follow_up",
    rules=RULES,
    effects={RecordAnswers: _record_answers, NotReached: _not_reached},
    select=select_visible,
    table=FollowUp,
    case_id=lambda call: call.request_id,
    options={"questions": _questions},
)

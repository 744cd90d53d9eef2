"""Follow-up calls: due the day after, a survey, and a complaint when the customer is unhappy."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any

from pydantic import Field
from sqlalchemy import Select, func, literal, select
from sqlalchemy.orm import contains_eager

from core.kernel.errors import InvalidInput, Problem
from core.kernel.inputs import Action, Choice, LongText, Score
from core.kernel.shares import said
from core.kernel.unit_of_work import Actor, UnitOfWork
from core.norms.revisions import judged_by, norm_for
from core.norms.working_time import Unit, due_at
from core.process import workflow
from core.process.permissions import require, visible_requests
from core.process.rules import Asks, Done, Happening, Process, Rule
from core.requests import actions as requests
from core.requests import charging, filing, ready
from core.requests.inputs import Completed
from db.codes import FollowUpStatus, RequestKind
from db.tables import FollowUp, History, ServiceRequest, SurveyAnswer

TRIES = 3
# Under which name history keeps why nobody collected what is owed.
UNPAID_REASON = "unpaid_reason"


class RecordAnswers(Completed):
    """What the customer answered, each question 0 to 10 (E20, D21).

    With it what the rule book wants on file of a closed case, as far as the customer can say (D23),
    and why what is owed was not collected (E13).
    """

    scores: Annotated[dict[str, Score], Choice("questions"), Field(max_length=20)]
    opinion: LongText = ""
    other_needs: LongText = ""
    unpaid_reason: LongText = ""


class AnswerSurvey(Action):
    """The same, answered by the customer alone by the link of the case (E20, D21, C13)."""

    scores: Annotated[dict[str, Score], Choice("questions"), Field(max_length=20)]
    opinion: LongText = ""
    other_needs: LongText = ""


class NotReached(Action):
    """Nobody answered; the third time the call is given up."""

    note: LongText = ""


DUE = frozenset({FollowUpStatus.DUE})
CALL, BY_LINK = "followup:call", "followup:answer"
RULES = (
    Rule("answered", RecordAnswers, DUE, FollowUpStatus.ANSWERED, CALL, "E3"),
    Rule("answered", AnswerSurvey, DUE, FollowUpStatus.ANSWERED, BY_LINK, "E3"),
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
    # What is still to be paid for the case.
    owed_cents: int
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


def settle(uow: UnitOfWork, resolved: Happening) -> None:
    """A request just resolved is followed up, or closed when its kind asks for no call (E3)."""
    request = resolved.record
    if request.kind in norm_for(uow, request).follow_up_kinds:
        plan(uow, request)
    else:
        requests.close(uow, request)


def drop(uow: UnitOfWork, reopened: Happening) -> None:
    """The case runs again: the call that waits is dropped, the next answer plans another one."""
    call = uow.session.scalar(
        select(FollowUp).where(
            FollowUp.request_id == reopened.record.id, FollowUp.status == FollowUpStatus.DUE
        )
    )
    if call:
        call.ended_at = uow.now
        workflow.advance(uow, PROCESS, call, "dropped")


def is_unhappy(uow: UnitOfWork, call: FollowUp) -> bool:
    """Whether the answers of a call are below what the rule book takes for content."""
    norm = norm_for(uow, call.request)
    return call.score is not None and call.score < norm.unhappy_below


def file(uow: UnitOfWork, ended: Happening) -> None:
    """The call is over: its case is filed."""
    requests.close(uow, ended.record.request)


def receipt(uow: UnitOfWork, *, id: int) -> Receipt:
    """What a call led to, from what is on file: as true for a form that is sent twice."""
    call: FollowUp = workflow.fetch(uow, PROCESS, id)
    if call.status is FollowUpStatus.DUE:
        return Receipt(CallResult.CALL_AGAIN, due_on=call.due_on)
    if call.status is not FollowUpStatus.ANSWERED:
        return Receipt(CallResult.GIVEN_UP)
    if not is_unhappy(uow, call):
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


def due_calls(uow: UnitOfWork, *, limit: int = 200) -> tuple[CallRow, ...]:
    """Calls due today or before, the oldest first."""
    require(uow, CALL)
    rows = due_now(uow).order_by(FollowUp.due_on, FollowUp.id).limit(limit)
    calls = uow.session.scalars(rows).all()
    owed = charging.owed_of(uow, [call.request_id for call in calls])
    return tuple(_row(uow, call, owed.get(call.request_id, 0)) for call in calls)


def due_now(uow: UnitOfWork) -> Select[FollowUp]:
    """The calls that are due today or before."""
    return select_visible(uow.actor).where(
        FollowUp.status == FollowUpStatus.DUE, FollowUp.due_on <= uow.today
    )


def how_many(uow: UnitOfWork) -> Select[int, int]:
    """How many calls are due now; none of them is late by itself."""
    return select(func.count(), literal(0)).select_from(due_now(uow).subquery())


def _row(uow: UnitOfWork, call: FollowUp, owed_cents: int) -> CallRow:
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
        owed_cents=owed_cents,
        actions=PROCESS.allowed(uow.actor, call),
    )


def _questions(uow: UnitOfWork, call: FollowUp) -> Mapping[str, str]:
    norm = norm_for(uow, call.request)
    return {question.name: question.text[uow.actor.language] for question in norm.survey}


def _asks(uow: UnitOfWork, call: FollowUp) -> Asks:
    asked = filing.asks(uow, call.request, ready.CLOSED)
    owes = charging.owed(uow, call.request) > 0
    return asked if owes else Asks(asked.leaves_out | {"unpaid_reason"}, asked.extra)


def _pieces(uow: UnitOfWork, call: FollowUp) -> Mapping[str, str]:
    return filing.pieces(uow, call.request)


def _record_answers(uow: UnitOfWork, call: FollowUp, command: RecordAnswers) -> Done:
    _require_scores(command)
    why = _why_unpaid(uow, call, command)
    filled = filing.fill(uow, call.request, command, ready.CLOSED)
    _called(uow, call)
    said = _answered(uow, call, command)
    return Done(note=said.note, data=said.data | why | filled)


def _answer_survey(uow: UnitOfWork, call: FollowUp, command: AnswerSurvey) -> Done:
    """Nobody called, and nobody could be asked why something is not paid: it stays owed."""
    _require_scores(command)
    owed = charging.owed(uow, call.request)
    call.link_id = uow.actor.link_id
    said = _answered(uow, call, command)
    return Done(note=said.note, data=said.data | ({"owed_cents": owed} if owed > 0 else {}))


def _require_scores(command: RecordAnswers | AnswerSurvey) -> None:
    if not command.scores:
        raise InvalidInput(Problem("scores", "missing"))


def _answered(uow: UnitOfWork, call: FollowUp, command: RecordAnswers | AnswerSurvey) -> Done:
    call.ended_at = uow.now
    call.score = round(sum(command.scores.values()) / len(command.scores), 2)
    call.opinion, call.other_needs = command.opinion, command.other_needs
    for question, score in command.scores.items():
        uow.session.add(SurveyAnswer(follow_up_id=call.id, question=question, score=score))
    told = {"score": call.score, "scores": dict(command.scores)}
    return Done(note=command.opinion, data=told)


def _why_unpaid(uow: UnitOfWork, call: FollowUp, command: RecordAnswers) -> dict[str, Any]:
    """What history keeps of money that is owed when the case is closed; a reason is asked for."""
    cents = charging.owed(uow, call.request)
    if cents <= 0:
        return {}
    if not command.unpaid_reason:
        details = {"owed": said(cents), "clause": ready.COLLECT}
        raise InvalidInput(Problem("unpaid_reason", "money_owed", details))
    return {"owed_cents": cents, UNPAID_REASON: command.unpaid_reason}


def _not_reached(uow: UnitOfWork, call: FollowUp, command: NotReached) -> Done:
    _called(uow, call)
    if call.attempts >= TRIES:
        call.ended_at = uow.now
    else:
        call.due_on = _next_working_day(uow, call.request)
    return Done(note=command.note, data={"attempt": call.attempts})


def _next_working_day(uow: UnitOfWork, request: ServiceRequest) -> date:
    calendar = judged_by(uow, request).calendar(uow.actor.zone)
    due = due_at(calendar, Unit.WORKING_DAYS, 1, uow.clock)
    return due.astimezone(uow.actor.zone_info).date()


def _called(uow: UnitOfWork, call: FollowUp) -> None:
    call.attempts += 1
    call.caller_id = uow.actor.id


PROCESS = Process(
    subject="follow_up",
    rules=RULES,
    effects={
        RecordAnswers: _record_answers,
        AnswerSurvey: _answer_survey,
        NotReached: _not_reached,
    },
    select=select_visible,
    table=FollowUp,
    case_id=lambda call: call.request_id,
    options={"questions": _questions, "pieces": _pieces},
    asks={RecordAnswers: _asks},
)

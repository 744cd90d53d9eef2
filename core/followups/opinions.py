"""What customers said when they were called: scores, opinion, other needs (E3, E20, D21)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import selectinload

from core.customers import readings
from core.followups import actions as followups
from core.kernel.unit_of_work import UnitOfWork
from core.norms.revisions import norm_for
from core.process.permissions import require
from db.codes import FollowUpStatus
from db.tables import FollowUp, Person, ServiceRequest

SHOWN = 50


@dataclass(frozen=True)
class CallView:
    """One call about a case: who called, and what was said; `scores` by question, 0 to 10."""

    id: int
    case_id: int
    number: str
    status: FollowUpStatus
    due_on: date
    ended_at: datetime | None
    caller: str
    attempts: int
    score: float | None
    scores: tuple[tuple[str, int], ...]
    opinion: str
    other_needs: str
    # The customer answered without being called.
    by_link: bool


def of_case(uow: UnitOfWork, *, case_id: int) -> tuple[CallView, ...]:
    """The calls about a case that the actor may see, the newest first."""
    return _read(uow, FollowUp.request_id == case_id)


def of_customer(uow: UnitOfWork, *, customer_id: int) -> tuple[CallView, ...]:
    """What a customer said about the cases that the actor may see, the newest first.

    Nothing where the archive is not open to the actor.
    """
    if not readings.is_open(uow, customer_id):
        return ()
    of_theirs = ServiceRequest.customer_id == customer_id
    return _read(uow, of_theirs & (FollowUp.status == FollowUpStatus.ANSWERED))


def _read(uow: UnitOfWork, which: Any) -> tuple[CallView, ...]:
    require(uow, "case:read")
    calls = uow.session.execute(
        followups.select_visible(uow.actor)
        .add_columns(Person.name)
        .outerjoin(Person, Person.id == FollowUp.caller_id)
        .where(which)
        .options(selectinload(FollowUp.answers))
        .order_by(FollowUp.id.desc())
        .limit(SHOWN)
    ).all()
    return tuple(_view(uow, call, caller or "") for call, caller in calls)


def _view(uow: UnitOfWork, call: FollowUp, caller: str) -> CallView:
    return CallView(
        id=call.id,
        case_id=call.request_id,
        number=call.request.number,
        status=call.status,
        due_on=call.due_on,
        ended_at=call.ended_at,
        caller=caller,
        attempts=call.attempts,
        score=call.score,
        scores=_scores(uow, call),
        opinion=call.opinion,
        other_needs=call.other_needs,
        by_link=call.link_id is not None,
    )


def _scores(uow: UnitOfWork, call: FollowUp) -> tuple[tuple[str, int], ...]:
    """Each answer with its question, in the words of the rule book that asked it."""
    if not call.answers:
        return ()
    survey = norm_for(uow, call.request).survey
    asked = {question.name: question.text[uow.actor.language] for question in survey}
    given = sorted(call.answers, key=lambda each: each.id)
    return tuple((asked.get(each.question, each.question), each.score) for each in given)

"""Calls and visits on a plan: done with what came of it, tried again, skipped, dropped."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from core.care.inputs import AnswerCare, CareNotReached, GiveCareLink, RecordCare, SkipCare
from core.care.rules import CALL_RULES, TRIES, calls
from core.kernel.errors import InvalidInput, Problem
from core.kernel.unit_of_work import UnitOfWork
from core.norms.model import Norm
from core.norms.revisions import in_force, norm_of
from core.norms.working_time import Unit, due_at
from core.process import workflow
from core.process.rules import Done, Happening, Process
from core.requests import intake
from db.codes import Channel, Priority, RequestKind
from db.tables import CareCall, Company, Customer


def _questions(uow: UnitOfWork, _call: CareCall) -> Mapping[str, str]:
    return {each.name: each.text[uow.actor.language] for each in _norm(uow).survey}


def _record(uow: UnitOfWork, call: CareCall, command: RecordCare) -> Done:
    _tried(uow, call)
    call.result = command.care_result
    return Done(note=command.care_result, data=_answered(uow, call, command))


def _answered(uow: UnitOfWork, call: CareCall, command: RecordCare | AnswerCare) -> dict[str, Any]:
    call.ended_at = uow.now
    call.opinion, call.other_needs = command.opinion, command.other_needs
    data: dict[str, Any] = {}
    if scores := dict(command.scores):
        call.scores, call.score = scores, round(sum(scores.values()) / len(scores), 2)
        data = {"score": call.score, "scores": scores}
    return data


def _by_link(uow: UnitOfWork, call: CareCall, command: AnswerCare) -> Done:
    if not command.scores:
        raise InvalidInput(Problem("scores", "missing"))
    return Done(note=command.opinion, data=_answered(uow, call, command))


def _give_link(uow: UnitOfWork, call: CareCall, command: GiveCareLink) -> Done:
    """A new link takes the place of the one before."""
    call.link_digest = command.digest
    call.link_until = uow.now + timedelta(days=uow.session.get_one(Company, 1).link_days)
    return Done()


def hear(uow: UnitOfWork, answered: Happening) -> None:
    """Who is unhappy is heard: a complaint is registered for them (E17)."""
    call = answered.record
    if call.score is None or call.score >= _norm(uow).unhappy_below:
        return
    customer = uow.session.get_one(Customer, call.customer_id)
    case = intake.open_request(
        uow,
        customer_id=customer.id,
        asset_id=None,
        station_id=customer.station_id or uow.actor.station_id,
        kind=RequestKind.COMPLAINT,
        channel=Channel.ONLINE if uow.actor.care_id else Channel.HOTLINE,
        priority=Priority.NORMAL,
        contact=customer.contact or customer.name,
        phone=customer.phone,
        address=customer.address,
        symptom=call.opinion or call.result or call.title,
        note=f"{call.score:g}/10",
    )
    call.complaint_id = case.id
    uow.session.flush()


def _not_reached(uow: UnitOfWork, call: CareCall, command: CareNotReached) -> Done:
    _tried(uow, call)
    if call.attempts >= TRIES:
        call.ended_at, call.result = uow.now, command.note
    else:
        call.next_on = _next_working_day(uow)
    return Done(note=command.note, data={"attempt": call.attempts})


def _skip(uow: UnitOfWork, call: CareCall, command: SkipCare) -> Done:
    call.ended_at, call.result, call.caller_id = uow.now, command.note, uow.actor.id
    return Done(note=command.note)


def drop(uow: UnitOfWork, call: CareCall, why: str) -> None:
    """The call is not owed any more."""
    call.ended_at, call.result = uow.now, why
    workflow.advance(uow, PROCESS, call, "dropped", Done(note=why))


def _tried(uow: UnitOfWork, call: CareCall) -> None:
    call.attempts += 1
    call.caller_id = uow.actor.id


def _next_working_day(uow: UnitOfWork) -> date:
    calendar = _norm(uow).calendar(uow.actor.zone)
    due = due_at(calendar, Unit.WORKING_DAYS, 1, uow.clock)
    return due.astimezone(uow.actor.zone_info).date()


def _norm(uow: UnitOfWork) -> Norm:
    return norm_of(in_force(uow))


PROCESS = Process(
    subject="care_call",
    rules=CALL_RULES,
    effects={
        RecordCare: _record,
        AnswerCare: _by_link,
        GiveCareLink: _give_link,
        CareNotReached: _not_reached,
        SkipCare: _skip,
    },
    select=calls,
    table=CareCall,
    case_id=lambda call: None,
    options={"questions": _questions},
)

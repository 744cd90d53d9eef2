"""Decisions: taken while a meeting goes on, and carried to the next until they are settled."""

from collections.abc import Iterator
from typing import Any

from core.improvements.actions import refuse_past, staff
from core.kernel.errors import InvalidInput, Problem, WrongStatus
from core.kernel.unit_of_work import UnitOfWork
from core.meetings import meetings, sight
from core.meetings.inputs import ChangeDecision, DropDecision, FinishDecision, TakeDecision
from core.meetings.rules import DECISION_RULES, HOLD, OPEN
from core.notices.notices import Told
from core.process import changes, workflow
from core.process.permissions import require
from core.process.rules import Done, Process
from db.codes import NoticeKind
from db.tables import Decision, Meeting


def take(uow: UnitOfWork, command: TakeDecision) -> int:
    """Write down what is decided; what others decide at the same time stays beside it."""
    require(uow, HOLD)
    # Held, so that nothing is decided in a meeting that is being closed.
    meeting: Meeting = workflow.fetch(uow, meetings.PROCESS, command.meeting_id, lock=True)
    if meeting.status is not OPEN:
        raise WrongStatus(subject="meeting", status=meeting.status.value, action="take_decision")
    if command.owner_id not in staff(uow):
        raise InvalidInput(Problem("owner_id", "not_an_option"))
    refuse_past(uow, command.due_on)
    row = Decision(
        **command.model_dump(), meeting=meeting, taken_by_id=uow.actor.id, taken_at=uow.now
    )
    workflow.begin(uow, PROCESS, row, Done(note=row.text, data=_said(row)))
    return row.id


def tell_owner(_uow: UnitOfWork, row: Decision, _done: Done) -> Iterator[Told]:
    """Whoever has to do it is told."""
    yield Told(NoticeKind.DECISION, [row.owner_id], _notice(row))


def tell_of_change(_uow: UnitOfWork, row: Decision, done: Done) -> Iterator[Told]:
    """Whoever has it now is told, and whoever has it no longer."""
    before, now = done.data.get("owner_id", (None, None))
    if {"owner_id", "due_on"} & done.data.keys():
        yield Told(NoticeKind.DECISION, [row.owner_id], _notice(row))
    if before != now:
        yield Told(NoticeKind.WITHDRAWN, [before], {"number": row.text})


def _notice(row: Decision) -> dict[str, Any]:
    return {"text": row.text, "due_on": row.due_on.isoformat()}


def _said(row: Decision) -> dict[str, Any]:
    return {"owner": row.owner_id, "due_on": row.due_on.isoformat(), "meeting": row.meeting.topic}


def _change(uow: UnitOfWork, row: Decision, command: ChangeDecision) -> Done:
    if command.due_on != row.due_on:
        refuse_past(uow, command.due_on)
        row.told_at = None  # of the new day the owner is reminded anew
    return Done(data=changes.write(row, command.model_dump()))


def _settle(uow: UnitOfWork, row: Decision, command: FinishDecision | DropDecision) -> Done:
    row.note, row.settled_by_id, row.settled_at = command.note, uow.actor.id, uow.now
    return Done(note=command.note)


PROCESS = Process(
    subject="decision",
    rules=DECISION_RULES,
    effects={ChangeDecision: _change, FinishDecision: _settle, DropDecision: _settle},
    select=sight.decisions,
    table=Decision,
    case_id=lambda row: None,
    options={"staff": staff},
)

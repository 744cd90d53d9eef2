"""Calls to the customer about a visit: reached or not, and what is wrong by now (A1, E7)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select

from core.kernel.errors import Problem
from core.kernel.inputs import Action, LongText
from core.kernel.unit_of_work import UnitOfWork
from core.process.rules import Done
from db.tables import History, Job

FACT = "call_noted"


class CallOutcome(StrEnum):
    """Whether somebody took the call."""

    REACHED = "reached"
    NOT_REACHED = "not_reached"


class NoteCall(Action):
    """Note a call to the customer before the visit; who was reached is asked what is wrong (E7)."""

    outcome: CallOutcome
    said: LongText = ""

    @classmethod
    def across(cls, values: Mapping[str, Any]) -> Iterable[Problem]:
        """Who was reached has said something."""
        said = str(values.get("said") or "").strip()
        if values.get("outcome") == CallOutcome.REACHED and not said:
            yield Problem("said", "missing")


@dataclass(frozen=True)
class Call:
    """One call that was noted."""

    at: datetime
    outcome: CallOutcome
    said: str


def note(_uow: UnitOfWork, _job: Job, command: NoteCall) -> Done:
    """The call stands in history; the job goes on as it was."""
    return Done(note=command.said, data={"outcome": command.outcome.value})


def of_job(uow: UnitOfWork, job_id: int) -> tuple[Call, ...]:
    """The calls of a job that the actor sees, oldest first."""
    rows = uow.session.scalars(
        select(History)
        .where(History.subject == "job", History.subject_id == job_id, History.action == FACT)
        .order_by(History.sequence)
    )
    return tuple(Call(row.at, CallOutcome(row.data["outcome"]), row.note) for row in rows)

"""The service report 售后服务报告单: what is asked at the end of the work, and what it lacks."""

from collections.abc import Mapping
from typing import Any

from core.jobs import ticks, visits
from core.kernel.errors import InvalidInput, Problem
from core.kernel.inputs import LongText, RequiredLine, RequiredText
from core.kernel.unit_of_work import UnitOfWork
from core.process.rules import Asks, Done
from core.requests import charging, filing, ready
from core.requests.inputs import Completed
from db.codes import JobResult, RequestKind, SymptomFound, VisitOutcome
from db.tables import Job


class FinishJob(Completed):
    """The service report, with what has to be on file by then (E9, S9, D12)."""

    result: JobResult
    symptom_found: SymptomFound | None = None
    cause: RequiredText
    explained: LongText = ""
    work_done: RequiredText
    parts: LongText = ""
    confirmed_by: RequiredLine
    unticked_reason: LongText = ""


class FinishAnyway(FinishJob):
    """Finish although the rule book wants more, within the authority of the role (E24)."""

    exception_reason: RequiredText


OF_REPORT = tuple(name for name in FinishJob.model_fields if name not in Completed.model_fields)


def asks(uow: UnitOfWork, job: Job) -> Asks:
    """Of what has to be on file only what is missing; a reason only where something is open."""
    asked = filing.asks(uow, job.request, ready.FINISHED)
    needless = set() if ticks.unticked(uow, job) else {"unticked_reason"}
    needless |= set() if _has_symptom(job) else {"symptom_found"}
    return Asks(asked.leaves_out | needless, asked.extra)


def pieces(uow: UnitOfWork, job: Job) -> Mapping[str, str]:
    """What the case may be about."""
    return filing.pieces(uow, job.request)


def finish(uow: UnitOfWork, job: Job, command: FinishJob) -> Done:
    """Write the report; InvalidInput names what the case still lacks by then."""
    filled = filing.fill(uow, job.request, command, ready.FINISHED)
    ready.check(uow, job.request, ready.FINISHED)
    return _write(uow, job, command, filled)


def finish_anyway(uow: UnitOfWork, job: Job, command: FinishAnyway) -> Done:
    """Write the report although the case lacks something; history keeps what, and why."""
    filled = filing.fill(uow, job.request, command, ready.FINISHED)
    left = ready.left_open(uow, job.request, ready.FINISHED)
    return _write(uow, job, command, filled | left | {"exception": command.exception_reason})


def _write(uow: UnitOfWork, job: Job, command: FinishJob, more: dict[str, Any]) -> Done:
    wrong = []
    if _has_symptom(job) and command.symptom_found is None:
        wrong.append(Problem("symptom_found", "missing"))
    is_open = bool(left := ticks.unticked(uow, job))
    if is_open and not command.unticked_reason:
        wrong.append(Problem("unticked_reason", "unticked", {"n": len(left)}))
    if wrong:
        raise InvalidInput(*wrong)
    visits.end(uow, job, VisitOutcome.DONE, "")
    for name in OF_REPORT:
        setattr(job, name, getattr(command, name))
    job.unticked_reason = command.unticked_reason if is_open else ""
    job.finished_at = uow.now
    # What the customer has agreed to; the report does not ask again.
    job.labour_cents, job.parts_cents = asked = charging.asked_for(uow, job.request)
    data = {"result": command.result.value, "cents": sum(asked)} | more
    data |= {"unticked": left} if left else {}
    return Done(note=command.work_done, data=data)


def _has_symptom(job: Job) -> bool:
    return job.request.kind is RequestKind.REPAIR

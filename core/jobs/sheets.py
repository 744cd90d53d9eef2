"""Reports that come from a telephone some time after they were written.

One that fits its visit finishes the job. One whose job was withdrawn, moved or ended meanwhile is
kept as it was typed; both sides see it, and a person decides what becomes of it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import contains_eager, joinedload

from core.jobs import actions as jobs
from core.jobs.report import FinishJob
from core.kernel import drafts
from core.kernel.errors import NotFound
from core.kernel.inputs import Action, LongText, RequiredText, parse
from core.kernel.unit_of_work import Actor, UnitOfWork
from core.norms.revisions import norm_for
from core.notices import receivers
from core.notices.notices import Told
from core.process import workflow
from core.process.permissions import require, require_case, visible_requests
from core.process.rules import Done, Process, Rule
from db.codes import JobStatus, NoticeKind, SheetStatus
from db.tables import Job, JobSheet, Visit
from db.types import LARGEST_ID

KEPT, TAKEN_OVER, SET_ASIDE = SheetStatus
OPEN = frozenset({KEPT})
DECIDE = "job:dispatch"


class TakeOverSheet(Action):
    """What the sheet says holds: it stands in the case, and the next step is taken by hand."""

    note: LongText = ""


class SetAsideSheet(Action):
    """What the sheet says does not count for this case."""

    note: RequiredText


RULES = (
    Rule("kept", None, frozenset(), KEPT, "job:work", "E9"),
    Rule("taken_over", TakeOverSheet, OPEN, TAKEN_OVER, DECIDE, "E9"),
    Rule("set_aside", SetAsideSheet, OPEN, SET_ASIDE, DECIDE, "E9"),
)


@dataclass(frozen=True)
class SheetView:
    """A sheet that was kept; `refused` is how the job stood when it came."""

    id: int
    version: int
    status: SheetStatus
    case_id: int
    number: str
    person: str
    refused: JobStatus
    typed: Mapping[str, Any]
    received_at: datetime
    actions: tuple[Rule, ...]


def name_of(job_id: int) -> str:
    """What the report's form is called among drafts, whatever it is typed into."""
    return f"{jobs.PROCESS.subject}·{job_id}·{FinishJob.name}"


def keep_draft(uow: UnitOfWork, *, job_id: int, typed: Mapping[str, Any]) -> None:
    """What is typed so far; the telephone that speaks last holds."""
    require(uow, "job:work")
    drafts.keep(uow, form=name_of(job_id), stem="sheet", typed=typed, seen=None, anyway=True)


def hand_in(uow: UnitOfWork, *, job_id: int, visit: int, typed: Mapping[str, Any]) -> int | None:
    """Finish the job with what was typed at one of its visits; the id of a sheet that is kept.

    NotFound unless the actor was sent to that visit; InvalidInput as for the report itself.
    """
    require(uow, "job:work")
    row = _visit(uow, job_id, visit)
    drafts.end(uow, form=name_of(job_id))
    if not _is_under_way(uow, row):
        return _keep(uow, row.job, typed).id
    workflow.act(
        *(uow, jobs.PROCESS),
        id=job_id,
        command=parse(FinishJob, _read(uow, row.job, typed)),
        seen_version=row.job.version,
    )
    return None


def of_case(uow: UnitOfWork, *, case_id: int) -> tuple[SheetView, ...]:
    """The sheets of a case that nobody has decided on, oldest first."""
    require_case(uow, case_id)
    return _views(uow, JobSheet.case_id == case_id)


def mine(uow: UnitOfWork) -> tuple[SheetView, ...]:
    """The actor's own sheets that nobody has decided on, oldest first."""
    require(uow, "job:work")
    return _views(uow, JobSheet.person_id == uow.actor.id)


def select_visible(actor: Actor) -> Select[JobSheet]:
    """The own sheets, and those of cases that the actor may see."""
    return (
        select(JobSheet)
        .join(JobSheet.case)
        .where(visible_requests(actor) | (JobSheet.person_id == actor.id))
        .options(contains_eager(JobSheet.case), joinedload(JobSheet.person))
    )


def kept(uow: UnitOfWork, sheet: JobSheet, _done: Done) -> Iterator[Told]:
    """Who leads the work of the station is told that there is something to decide."""
    yield Told(NoticeKind.YOUR_TURN, receivers.of_station(uow, sheet.case), {"sheet": sheet.id})


def decided(_uow: UnitOfWork, sheet: JobSheet, done: Done) -> Iterator[Told]:
    """Whoever wrote it is told what became of it."""
    told = {"sheet": sheet.id, "note": done.note}
    yield Told(NoticeKind.YOUR_TURN, [sheet.person_id], told)


def _visit(uow: UnitOfWork, job_id: int, sequence: int) -> Visit:
    known = 0 < job_id <= LARGEST_ID and 0 < sequence <= LARGEST_ID
    at = (Visit.job_id == job_id) & (Visit.sequence == sequence)
    own = at & (Visit.technician_id == uow.actor.id)
    query = select(Visit).where(own).options(joinedload(Visit.job).joinedload(Job.request))
    row = uow.session.scalar(query) if known else None
    if row is None:
        raise NotFound(subject="job", id=job_id)
    return row


def _is_under_way(uow: UnitOfWork, row: Visit) -> bool:
    """Whether the visit goes on: then whatever else changed meanwhile is no other work."""
    job = row.job
    is_own = job.technician_id == uow.actor.id and job.status is JobStatus.ON_SITE
    return is_own and row.ended_at is None


def _read(uow: UnitOfWork, job: Job, typed: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed as the form takes it: times in the company's zone, own fields together."""
    own = {f"extra.{each.name}": each for each in norm_for(uow, job.request).extra_fields}
    extra = {own[name].name: _day(own[name].kind, typed[name]) for name in own.keys() & typed}
    moments = {"wanted_from", "wanted_to"}
    plain = {name: value for name, value in typed.items() if name not in own}
    plain |= {name: _moment(uow, typed[name]) for name in moments & plain.keys()}
    return plain | ({"extra": extra} if extra else {})


def _day(kind: str, value: Any) -> Any:
    try:
        return date.fromisoformat(value) if kind == "date" and value else value
    except (TypeError, ValueError):
        return value  # the form says what is wrong with it


def _moment(uow: UnitOfWork, value: Any) -> Any:
    try:
        at = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return value
    return at if at.tzinfo else at.replace(tzinfo=uow.actor.zone_info)


def _keep(uow: UnitOfWork, job: Job, typed: Mapping[str, Any]) -> JobSheet:
    row = JobSheet(
        job_id=job.id,
        case_id=job.request_id,
        case=job.request,
        person_id=uow.actor.id or 0,
        typed=dict(typed),
        refused=job.status.value,
        received_at=uow.now,
    )
    workflow.begin(uow, PROCESS, row, Done(note=str(typed.get("work_done", "")), data=_said(row)))
    return row


def _said(row: JobSheet) -> dict[str, Any]:
    return {"typed": row.typed, "status": row.refused}


def _take_over(uow: UnitOfWork, row: JobSheet, command: TakeOverSheet) -> Done:
    return _decide(uow, row, command.note)


def _set_aside(uow: UnitOfWork, row: JobSheet, command: SetAsideSheet) -> Done:
    return _decide(uow, row, command.note)


def _decide(uow: UnitOfWork, row: JobSheet, note: str) -> Done:
    row.decided_at = uow.now
    return Done(note=note)


def _views(uow: UnitOfWork, which: Any) -> tuple[SheetView, ...]:
    rows = uow.session.scalars(
        select_visible(uow.actor).where(which, JobSheet.status == KEPT).order_by(JobSheet.id)
    )
    return tuple(
        SheetView(
            id=row.id,
            version=row.version,
            status=row.status,
            case_id=row.case_id,
            number=row.case.number,
            person=row.person.name,
            refused=JobStatus(row.refused),
            typed=row.typed,
            received_at=row.received_at,
            actions=PROCESS.allowed(uow.actor, row),
        )
        for row in rows
    )


PROCESS = Process(
    subject="job_sheet",
    rules=RULES,
    effects={SetAsideSheet: _set_aside, TakeOverSheet: _take_over},
    select=select_visible,
    table=JobSheet,
    case_id=lambda row: row.case_id,
)

"""A case is put off by force majeure: its visit moves to the time that was agreed instead (A30)."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from core.jobs import slots, visits
from core.jobs.actions import AGREED, OFF_SITE, PROCESS, plan_visit
from core.kernel.unit_of_work import UnitOfWork
from core.process import workflow
from core.process.rules import Done, Happening
from core.roster.hours import Interval
from db.codes import VisitOutcome
from db.tables import Job


def move_visit(uow: UnitOfWork, waiting: Happening) -> None:
    """The visit that was agreed moves to the new time; a plan before it is dropped."""
    said, note = waiting.done.data, waiting.done.note
    window = Interval(datetime.fromisoformat(said["from"]), datetime.fromisoformat(said["to"]))
    job = uow.session.scalars(
        select(Job)
        .where(Job.request_id == waiting.record.id, Job.status.in_(OFF_SITE))
        .options(selectinload(Job.visits))
    ).one_or_none()
    if job is None:
        return
    job.request = waiting.record
    if job.status is AGREED:
        visits.end(uow, job, VisitOutcome.MOVED, note)
        data = plan_visit(uow, job, window, note)
        workflow.advance(uow, PROCESS, job, "visit_moved", Done(note=note, data=data))
    elif job.planned_from and job.planned_from < window.start:
        slots.plan(uow, job, None, "")
        workflow.advance(uow, PROCESS, job, "planned", Done(note=note))

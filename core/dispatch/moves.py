"""What a dispatcher does on the board: place a card at a technician's time, or take it off (E6)."""

from typing import Annotated, Any, TypeVar

from core.jobs import actions as jobs
from core.jobs import slots, visits
from core.kernel.inputs import Action, Choice, LongText, parse
from core.kernel.unit_of_work import UnitOfWork
from core.process import workflow
from core.requests import actions as requests
from core.requests.inputs import Dispatch, Planned
from db.tables import Job

ActionT = TypeVar("ActionT", bound=Action)


class Place(Planned):
    """A technician, a time, and a reason where one is asked for; without a time it is taken off."""

    technician_id: Annotated[int, Choice("technicians")]
    note: LongText = ""


def place(
    uow: UnitOfWork, command: Place, *, case_id: int, job_id: int | None, seen_version: int
) -> Any:
    """Place a card: the version seen is that of the job, or of the case while nobody is sent.

    It is what the rules make of it: somebody is sent, sent instead, planned, or planned anew
    against an agreed window. Refused is what these refuse: double booked, outside the shift or
    the agreed window without a reason, no valid certificate, somebody was faster.
    """
    asked: Action
    if job_id is None:
        asked = _filled(Dispatch, command, technician_id=command.technician_id)
        return workflow.act(
            uow, requests.PROCESS, id=case_id, command=asked, seen_version=seen_version
        )
    job = workflow.fetch(uow, jobs.PROCESS, job_id)
    asked = _asked(job, command)
    return workflow.act(uow, jobs.PROCESS, id=job_id, command=asked, seen_version=seen_version)


def _asked(job: Job, command: Place) -> Action:
    if command.technician_id != job.technician_id:
        instead = {"technician_id": command.technician_id, "note": command.note}
        return _filled(jobs.Reassign, command, **instead)
    visit = visits.open_visit(job)
    start = command.planned_from
    kept = visit is None or (start and slots.keeps(visit, start))
    if kept or not command.note:
        return _filled(jobs.PlanJob, command, note=command.note)
    return _filled(jobs.ReplanJob, command, note=command.note)


def _filled(action: type[ActionT], command: Planned, **more: Any) -> ActionT:
    plan = {"planned_from": command.planned_from, "planned_to": command.planned_to}
    return parse(action, plan | more)

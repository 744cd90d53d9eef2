"""What a dispatcher does on the board: place a card, take it off, swap two of them (E6)."""

from typing import Annotated, Any, TypeVar

from core.jobs import actions as jobs
from core.jobs import slots, visits
from core.kernel.errors import InvalidInput, Problem
from core.kernel.inputs import Action, Choice, WideLine, parse
from core.kernel.unit_of_work import UnitOfWork
from core.process import workflow
from core.requests import actions as requests
from core.requests import sending
from core.requests.inputs import Dispatch, DispatchAnyway, Planned
from db.tables import Job, ServiceRequest

ActionT = TypeVar("ActionT", bound=Action)


class Place(Planned):
    """A technician, a time, and a reason where one is asked for; without a time it is taken off."""

    technician_id: Annotated[int, Choice("technicians")]
    note: WideLine = ""


class Swap(Action):
    """The job to change places with, by its card's mark, and a reason where one is asked for."""

    other: Annotated[str, Choice("others")]
    note: WideLine = ""


def place(
    uow: UnitOfWork, command: Place, *, case_id: int, job_id: int | None, seen_version: int
) -> Any:
    """Place a card: the version seen is that of the job, or of the case while nobody is sent.

    It is what the rules make of it: somebody is sent, sent instead, planned, or planned anew
    against an agreed window. Refused is what these refuse: double booked, outside the shift or
    the agreed window without a reason, no valid certificate or too far without a reason of who
    may, somebody was faster.
    """
    if job_id is not None:
        return _put(uow, job_id, command, seen_version)
    return workflow.act(
        uow,
        requests.PROCESS,
        id=case_id,
        command=lambda request: _sent(uow, request, command),
        seen_version=seen_version,
    )


def swap(uow: UnitOfWork, command: Swap, *, job_id: int, seen_version: int) -> Any:
    """Two jobs take each other's technician and beginning, each as it was seen, or neither does.

    Each keeps its length. A move is refused as it would be alone, but that the other job is there
    does not stand against it.
    """
    other_id, others_version = _marked(command.other)
    # Always in the same order: two who swap the same jobs do not wait for each other.
    ids = sorted({job_id, other_id})
    found = {id: workflow.fetch(uow, jobs.PROCESS, id, lock=True) for id in ids}
    one, other = found[job_id], found[other_id]
    slots.hold(uow, one.technician_id, other.technician_id)
    there, here = (_at_place_of(*pair, command.note) for pair in ((one, other), (other, one)))
    uow.leaving.add(other_id)
    moved = _put(uow, job_id, there, seen_version)
    uow.leaving.clear()
    _put(uow, other_id, here, others_version)
    return moved


def _marked(mark: str) -> tuple[int, int]:
    parts = mark.split("·")
    if len(parts) != 2 or not all(part.isascii() and part.isdecimal() for part in parts):
        raise InvalidInput(Problem("other", "not_an_option"))
    return int(parts[0]), int(parts[1])


def _at_place_of(job: Job, other: Job, note: str) -> Place:
    mine, theirs = visits.time_of(job), visits.time_of(other)
    if mine is None or theirs is None:
        raise InvalidInput(Problem("other", "not_an_option"))
    end = theirs.start + (mine.end - mine.start)
    place = {"technician_id": other.technician_id, "planned_from": theirs.start}
    return parse(Place, place | {"planned_to": end, "note": note})


def _put(uow: UnitOfWork, job_id: int, command: Place, seen_version: int) -> Any:
    return workflow.act(
        uow,
        jobs.PROCESS,
        id=job_id,
        command=lambda job: _asked(uow, job, command),
        seen_version=seen_version,
    )


def _sent(uow: UnitOfWork, request: ServiceRequest, command: Place) -> Action:
    # Whoever goes is told why it is at this time.
    facts = {"technician_id": command.technician_id, "instructions": command.note}
    if _goes_anyway(uow, request, command):
        return _filled(DispatchAnyway, command, **facts, exception_reason=command.note)
    return _filled(Dispatch, command, **facts)


def _goes_anyway(uow: UnitOfWork, request: ServiceRequest, command: Place) -> bool:
    at, why = command.planned_from, command.note
    return sending.goes_anyway(uow, request, command.technician_id, at=at, why=why)


def _asked(uow: UnitOfWork, job: Job, command: Place) -> Action:
    if command.technician_id != job.technician_id:
        instead = {"technician_id": command.technician_id, "note": command.note}
        if _goes_anyway(uow, job.request, command):
            return _filled(jobs.ReassignAnyway, command, **instead, exception_reason=command.note)
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

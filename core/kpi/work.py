"""The stored facts about the work itself: done at once, done again, in time at the door."""

from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from core.kpi.epoch import seconds
from core.kpi.facts import Facts, Moment, of_few
from core.requests.drills import in_earnest
from db.codes import ChargeReason, JobResult, JobStatus, RequestStatus, ServiceWay
from db.tables import Emergency, Job, ServiceRequest, Visit

DAY = 24 * 60 * 60
CASE = ServiceRequest
DONE = (Job.request_id == CASE.id, Job.status == JobStatus.DONE)


def first_time(repeat_days: int) -> Facts:
    """Closed cases that somebody was sent for: fixed by one visit, and not back in time (K5)."""
    visits = select(func.count(Visit.id)).join(Job)
    visits = visits.where(Job.request_id == CASE.id, Visit.arrived_at.is_not(None))
    failed = exists().where(*DONE, Job.result == JobResult.NOT_REPAIRABLE)
    return Facts(
        rows=CASE.__table__,
        at=CASE.closed_at,
        counts=(of_few(CASE.status) == RequestStatus.CLOSED.value, exists().where(*DONE)),
        hit=and_(
            visits.scalar_subquery() == 1, ~failed, ~_comes_back(CASE.resolved_at, repeat_days)
        ),
    )


def repeats(repeat_days: int) -> Facts:
    """Faults as they were received: those that the same piece had shortly before (K6, S8)."""
    other = aliased(CASE)
    earlier = or_(
        other.received_at < CASE.received_at,
        and_(other.received_at == CASE.received_at, other.id < CASE.id),
    )
    soon = seconds(other.received_at, CASE.received_at) <= repeat_days * DAY
    return Facts(
        rows=CASE.__table__,
        at=CASE.received_at,
        counts=(CASE.fault_area.is_not(None), CASE.status != RequestStatus.CANCELLED),
        hit=exists().where(*_same_fault(other), earlier, soon),
    )


def arrivals(now: Moment) -> Facts:
    """Visits at a time agreed with the customer: whether somebody came inside it (K7).

    A window that passed with nobody there is missed, and stays so when another is agreed later.
    """
    missed = Visit.arrived_at.is_(None) & (Visit.agreed_to < func.coalesce(Visit.ended_at, now))
    return replace(
        _of_jobs(),
        rows=_of_jobs().rows.join(Visit, Visit.job_id == Job.id),
        at=Visit.agreed_from,
        # Who brings the goods to the station is waited for, not the other way round.
        counts=(CASE.way != ServiceWay.STATION, Visit.arrived_at.is_not(None) | missed),
        hit=Visit.arrived_at.between(Visit.agreed_from, Visit.agreed_to),
        row=Visit.id,
        technician=Visit.technician_id,
    )


def jobs(repeat_days: int) -> Facts:
    """Jobs that were done: those after which the work was done again or that had an accident."""
    again = aliased(Job)
    anew = exists().where(
        again.request_id == CASE.id, again.id > Job.id, again.status != JobStatus.CANCELLED
    )
    accident = exists().where(
        Emergency.request_id == CASE.id,
        Emergency.drill.is_(False),
        Emergency.declared_at >= Job.assigned_at,
    )
    return replace(
        _of_jobs(),
        counts=(Job.status == JobStatus.DONE,),
        hit=or_(anew, accident, _comes_back(Job.finished_at, repeat_days)),
    )


def _of_jobs() -> Facts:
    return Facts(
        rows=Job.__table__.join(CASE.__table__, Job.request_id == CASE.id),
        at=Job.finished_at,
        counts=(),
        row=Job.id,
        technician=Job.technician_id,
    )


def _comes_back(done: Any, repeat_days: int) -> ColumnElement[bool]:
    """The piece comes back after the work was done, within the days of a repeat.

    With the same fault, or with one that is known to be rework (A20).
    """
    later = aliased(CASE)
    soon = seconds(done, later.received_at) <= repeat_days * DAY
    same = later.fault_area == CASE.fault_area
    again = or_(same, later.charge_reason == ChargeReason.REWORK)
    return exists().where(*_same_piece(later), again, later.received_at > done, soon)


def _same_fault(other: type[ServiceRequest]) -> tuple[ColumnElement[bool], ...]:
    return (*_same_piece(other), other.fault_area == CASE.fault_area)


def _same_piece(other: type[ServiceRequest]) -> tuple[ColumnElement[bool], ...]:
    return (
        other.asset_id == CASE.asset_id,
        other.id != CASE.id,
        # Cancelled is also what was registered twice.
        other.status != RequestStatus.CANCELLED,
        in_earnest(other),
    )

"""Rework 返修: the fault of a piece that was worked on comes back within the norm's days (A20)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, select

from core.kernel.unit_of_work import UnitOfWork
from core.norms.model import Norm
from core.process.permissions import visible_requests
from core.requests.drills import IN_EARNEST
from db.codes import FaultArea, JobResult, JobStatus, RequestKind
from db.tables import Job, Person, ServiceRequest, ShopPiece

# Only what was put right or put up can have been done badly.
WORKED = (JobResult.FIXED, JobResult.INSTALLED)


@dataclass(frozen=True)
class EarlierWork:
    """The work that was not good enough: whose, and when it was done; its number where seen."""

    case_id: int
    number: str
    technician_id: int | None
    technician: str
    done_at: datetime


@dataclass(frozen=True)
class Piece:
    """A piece whose fault came in at a time, with the case that it is told in, if any."""

    asset_id: int | None
    at: datetime
    case_id: int = 0


def piece_of(request: ServiceRequest) -> Piece:
    """What a case is about, and since when."""
    return Piece(request.asset_id, request.received_at, request.id or 0)


def of_case(uow: UnitOfWork, norm: Norm, request: ServiceRequest) -> EarlierWork | None:
    """The work whose fault has come back as this case."""
    return earlier(uow, norm, request.kind, piece_of(request), request.fault_area)


def earlier(
    uow: UnitOfWork, norm: Norm, kind: RequestKind, piece: Piece, fault_area: FaultArea | None
) -> EarlierWork | None:
    """The last work on a piece for a fault of the same kind, within the days of a repeat."""
    if kind is not RequestKind.REPAIR or fault_area is None:
        return None
    return _last(uow, norm, piece, ServiceRequest.fault_area == fault_area, Job.result.in_(WORKED))


def any_work(uow: UnitOfWork, norm: Norm, piece: Piece) -> bool:
    """Whether the piece was worked on at all within these days: a person judges the fault."""
    return _last(uow, norm, piece) is not None


def _last(
    uow: UnitOfWork, norm: Norm, piece: Piece, *which: ColumnElement[bool]
) -> EarlierWork | None:
    if piece.asset_id is None:
        return None
    of_job = (Job.status == JobStatus.DONE, *which)
    of_shop = (ShopPiece.work_done != "", *which[:1])
    found = [
        row
        for table, done_at, where in (
            (Job, Job.finished_at, of_job),
            (ShopPiece, ShopPiece.given_at, of_shop),
        )
        if (row := _newest(uow, norm, piece, table, done_at, where))
    ]
    return max(found, key=lambda each: each.done_at, default=None)


def _newest(
    uow: UnitOfWork, norm: Norm, piece: Piece, table: Any, done_at: Any, where: Any
) -> EarlierWork | None:
    since = piece.at - timedelta(days=norm.repeat_days)
    columns = (ServiceRequest.id, ServiceRequest.number, visible_requests(uow.actor))
    query = (
        select(*columns, table.technician_id, Person.name, done_at)
        .join(table.request)
        .outerjoin(Person, Person.id == table.technician_id)
        .where(ServiceRequest.asset_id == piece.asset_id, ServiceRequest.id != piece.case_id)
        .where(done_at.between(since, piece.at), IN_EARNEST, *where)
        .order_by(done_at.desc())
        .limit(1)
    )
    row = uow.session.execute(query).first()
    if row is None:
        return None
    id, number, is_seen, technician_id, name, at = row
    return EarlierWork(id, number if is_seen else "", technician_id, name or "", at)

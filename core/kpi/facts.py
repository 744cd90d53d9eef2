"""The stored facts behind the figures. A board and the lists behind it count the same rows."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Date,
    FromClause,
    Integer,
    String,
    cast,
    exists,
    func,
    join,
    literal,
    literal_column,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import aliased
from sqlalchemy.sql.functions import FunctionElement

from core.kernel.errors import NotFound
from core.kernel.unit_of_work import UnitOfWork
from core.kpi.epoch import seconds
from core.kpi.figures import NO_STATION
from core.process.permissions import sees_all_stations
from core.requests.drills import IN_EARNEST
from db.codes import Measure, RequestKind, RequestStatus
from db.tables import FollowUp, History, Limit, ServiceRequest, SurveyAnswer
from db.types import UtcInstant

# An instant, or where a query that is made once will have it.
Moment = datetime | BindParameter[datetime]
NOTHING: ColumnElement[int] = literal_column("0", Integer)


@dataclass(frozen=True)
class Facts:
    """Rows that are counted, at most one for a case (and part, and row of its own).

    `at` puts a row into its day, `counts` says which rows count, `hit` which of them make the
    figure's numerator; `total` is summed up for a mean.
    """

    rows: FromClause
    at: Any
    counts: tuple[ColumnElement[bool], ...]
    hit: ColumnElement[bool] | None = None
    total: Any = NOTHING
    part: Any = None
    # The row of its own that it is read from.
    row: Any = NOTHING
    # Who did it and what it is about, where that is not what the case says.
    technician: Any = None
    product: Any = None


@dataclass(frozen=True)
class Scope:
    """Which cases the figures are about."""

    station_id: int | None
    kind: RequestKind | None

    @property
    def where(self) -> list[ColumnElement[bool]]:
        """The scope as conditions on the request; drills are in none."""
        conditions: list[ColumnElement[bool]] = [IN_EARNEST]
        if self.station_id == NO_STATION:
            conditions.append(ServiceRequest.station_id.is_(None))
        elif self.station_id is not None:
            conditions.append(ServiceRequest.station_id == self.station_id)
        if self.kind is not None:
            conditions.append(ServiceRequest.kind == self.kind)
        return conditions


def scope(uow: UnitOfWork, station_id: int | None, kind: RequestKind | None) -> Scope:
    """The cases asked for; who is bound to a station gets its own, and NotFound for another's."""
    if sees_all_stations(uow.actor):
        return Scope(station_id, kind)
    if station_id not in (None, uow.actor.station_id):
        raise NotFound(subject="station", id=station_id)
    return Scope(uow.actor.station_id, kind)


def limits(measure: Measure, now: Moment) -> Facts:
    """Time limits that were kept or missed: one of each case."""
    missed, kept = _missed(Limit, now), _kept(Limit)
    return Facts(
        rows=join(Limit, ServiceRequest, Limit.request_id == ServiceRequest.id),
        at=Limit.due_at,
        counts=(
            of_few(Limit.measure) == measure.value,
            Limit.dropped_at.is_(None),
            or_(kept, missed),
            ~_outweighed(now),
        ),
        hit=kept,
        part=_waited(),
    )


def of_few(column: Any) -> ColumnElement[str]:
    """A code that narrows down rows of a few cases, whose ids are known.

    Without the sum SQLite would rather go through the rows of all cases that have the code.
    """
    text: ColumnElement[str] = type_coerce(column, String) + ""
    return text


def _waited() -> ColumnElement[str]:
    """For what a case waits, or waited last; empty if it never did."""
    told = (
        select(History.data["reason"].as_string())
        .where(
            History.case_id == ServiceRequest.id,
            History.subject == "request",
            History.action == "waiting",
        )
        .order_by(History.sequence.desc())
        .limit(1)
        .correlate(ServiceRequest)
        .scalar_subquery()
    )
    return func.coalesce(type_coerce(ServiceRequest.wait_reason, String), told, "")


def _kept(limit: type[Limit]) -> ColumnElement[bool]:
    return limit.met_at.is_not(None) & (limit.met_at <= limit.due_at)


def _missed(limit: type[Limit], now: Moment) -> ColumnElement[bool]:
    # A limit stands still while the company waits, but that saves none that was late before.
    runs = ServiceRequest.wait_reason.is_(None)
    late = (limit.due_at < now) & (runs | (limit.due_at < _PausedAt(limit.pauses)))
    return (limit.met_at > limit.due_at) | (limit.met_at.is_(None) & late)


def _outweighed(now: Moment) -> ColumnElement[bool]:
    # A case may have several limits of one measure: two that the rule book asks for, or a promise
    # that was broken and given anew. It is judged once, so that the list behind is as long as the
    # number says: by one that was missed, if any, otherwise by the last.
    other = aliased(Limit)
    missed, later = _missed(other, now), other.id > Limit.id
    return exists().where(
        other.request_id == Limit.request_id,
        other.measure == Limit.measure,
        other.id != Limit.id,
        other.dropped_at.is_(None),
        (missed & (_kept(Limit) | later)) | (_kept(other) & _kept(Limit) & later),
    )


def surveys(unhappy_below: float) -> Facts:
    """Customers who answered: those that were unhappy, and the scores."""
    return Facts(
        rows=join(FollowUp, ServiceRequest, FollowUp.request_id == ServiceRequest.id),
        at=FollowUp.ended_at,
        counts=(FollowUp.score.is_not(None), ~_asked_again()),
        hit=FollowUp.score < unhappy_below,
        # Whole hundredths: sums of fractions would depend on the order of the rows.
        total=cast(func.round(FollowUp.score * 100), Integer),
    )


def answers() -> Facts:
    """The answers of the same calls, question by question."""
    calls = join(SurveyAnswer, FollowUp, SurveyAnswer.follow_up_id == FollowUp.id)
    return Facts(
        rows=calls.join(ServiceRequest, FollowUp.request_id == ServiceRequest.id),
        at=FollowUp.ended_at,
        counts=(~_asked_again(),),
        total=SurveyAnswer.score * 100,
        part=SurveyAnswer.question,
    )


def _asked_again() -> ColumnElement[bool]:
    # A case that was reopened is called about again: what the customer said last is what counts.
    later = aliased(FollowUp)
    return exists().where(
        later.request_id == FollowUp.request_id, later.id > FollowUp.id, later.score.is_not(None)
    )


def resolved() -> Facts:
    """Cases that were solved, and in how long."""
    return Facts(
        rows=ServiceRequest.__table__,
        at=ServiceRequest.resolved_at,
        counts=(),
        total=seconds(ServiceRequest.received_at, ServiceRequest.resolved_at),
    )


def complaints_due(now: Moment) -> Facts:
    """The limits within which complaints are solved, by class."""
    due = limits(Measure.RESOLUTION, now)
    complaint = ServiceRequest.kind == RequestKind.COMPLAINT
    return replace(due, counts=(*due.counts, complaint), part=ServiceRequest.case_class)


def complaints_answered() -> Facts:
    """Complaints that were answered, and in how long, by class."""
    complaint = ServiceRequest.kind == RequestKind.COMPLAINT
    return replace(resolved(), counts=(complaint,), part=ServiceRequest.case_class)


def received() -> Facts:
    """Cases that came in: those that are complaints."""
    complaint = ServiceRequest.kind == RequestKind.COMPLAINT
    return Facts(
        rows=ServiceRequest.__table__,
        at=ServiceRequest.received_at,
        counts=(),
        hit=complaint & _not_cancelled(),
    )


def _not_cancelled() -> ColumnElement[bool]:
    # Cancelled is also what was registered twice: it would count a complaint twice.
    return ServiceRequest.status != RequestStatus.CANCELLED


def local_day(at: Any, zone: ZoneInfo) -> ColumnElement[date]:
    """The company's local day of an instant."""
    return _LocalDay(at, literal(zone.key, String))


class _LocalDay(FunctionElement[date]):
    """The day of an instant in a zone."""

    type = Date()
    inherit_cache = True


class _PausedAt(FunctionElement[datetime]):
    """When the last pause of a limit began, to the second."""

    type = UtcInstant()
    inherit_cache = True


@compiles(_LocalDay, "sqlite")
def _local_day_sqlite(element: _LocalDay, compiler: Any, **options: Any) -> str:
    return f"local_day({compiler.process(element.clauses, **options)})"


@compiles(_LocalDay, "postgresql")
def _local_day_postgresql(element: _LocalDay, compiler: Any, **options: Any) -> str:
    at, zone = (compiler.process(each, **options) for each in element.clauses)
    return f"CAST({at} AT TIME ZONE {zone} AS DATE)"


@compiles(_PausedAt, "sqlite")
def _paused_at_sqlite(element: _PausedAt, compiler: Any, **options: Any) -> str:
    pauses = compiler.process(element.clauses, **options)
    return f"replace(substr(json_extract({pauses}, '$[#-1][0]'), 1, 19), 'T', ' ')"


@compiles(_PausedAt, "postgresql")
def _paused_at_postgresql(element: _PausedAt, compiler: Any, **options: Any) -> str:
    pauses = compiler.process(element.clauses, **options)
    return f"date_trunc('second', CAST({pauses} -> -1 ->> 0 AS TIMESTAMP WITH TIME ZONE))"

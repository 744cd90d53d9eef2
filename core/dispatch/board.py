"""The board: a row for each technician, the jobs at their times, and what waits beside it (E6)."""

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, select

from core.jobs.slots import BEGINS, ENDED, ENDS, USUAL_MINUTES
from core.kernel.unit_of_work import Actor, UnitOfWork
from core.norms.model import Norm
from core.norms.parts import SiteWork
from core.norms.revisions import in_force, norm_of
from core.process import masked
from core.process.permissions import require, sees_all_stations, visible_requests
from core.requests import ready
from core.requests.lists import NEXT_DUE, Queue, pile
from core.roster import fitness, hours
from core.roster.hours import Interval
from db.codes import JobStatus, Priority, RequestKind, Role
from db.tables import (
    Asset,
    Customer,
    Job,
    Person,
    Product,
    ServiceRequest,
    Station,
    Visit,
)

MOST_WAITING = 60


@dataclass(frozen=True)
class Filter:
    """What narrows the board; empty fields do not."""

    station_id: int | None = None
    kind: RequestKind | None = None
    # A qualification: whoever holds it on the days that are shown, and the work that needs it.
    skill: str | None = None


@dataclass(frozen=True)
class Row:
    """A technician's row: when there is work time, by day; none at all is a day off."""

    technician_id: int
    name: str
    station: str
    working: tuple[Interval, ...]
    away: tuple[date, ...]


@dataclass(frozen=True)
class Card:
    """What is to be done for a case: `job_id` once somebody is sent, times once it is planned."""

    case_id: int
    case_version: int
    number: str
    kind: RequestKind
    priority: Priority
    customer: str
    phone: str
    address: str
    what: str
    station: str
    minutes: int
    # The qualifications that the rule book ties this work to (A17).
    needs: tuple[str, ...]
    due_at: datetime | None
    late: bool
    wanted_from: datetime | None
    wanted_to: datetime | None
    job_id: int | None = None
    job_version: int | None = None
    status: JobStatus | None = None
    technician_id: int | None = None
    technician: str = ""
    start: datetime | None = None
    end: datetime | None = None
    # The window that was agreed with the customer.
    agreed_from: datetime | None = None
    agreed_to: datetime | None = None
    confirmed: bool = False
    # What the case lacks before somebody can be sent.
    lacks: tuple[ready.Lack, ...] = ()

    @property
    def version(self) -> int:
        """What whoever moves it has seen: of the job, or of the case while nobody is sent."""
        return self.case_version if self.job_version is None else self.job_version

    @property
    def mark(self) -> str:
        """The job and the version that was seen of it, for whoever chooses among cards."""
        return f"{self.job_id}·{self.version}"

    @property
    def is_planned(self) -> bool:
        """Whether it has a place on the board."""
        return self.start is not None

    def falls_into(self, span: Interval) -> bool:
        """Whether some of its time does."""
        return bool(self.start and self.end and span.end > self.start and span.start < self.end)


@dataclass(frozen=True)
class Board:
    """Some days of some technicians; `waiting` holds the first of `total` cards without a time."""

    since: date
    until: date
    rows: tuple[Row, ...]
    planned: tuple[Card, ...]
    waiting: tuple[Card, ...]
    total: int


def board(
    uow: UnitOfWork,
    *,
    since: date,
    days: int = 1,
    filters: Filter = Filter(),
    most: int = MOST_WAITING,
) -> Board:
    """The board of some local days, for who sends technicians."""
    require(uow, "job:dispatch")
    until = since + timedelta(days=days - 1)
    rows = _rows(uow, [since + timedelta(days=n) for n in range(days)], filters)
    norm, span = norm_of(in_force(uow)), _span(uow, since, until)
    here = Job.technician_id.in_([row.technician_id for row in rows])
    planned = _cards(uow, norm, here, span.end > BEGINS, span.start < ENDS, *_narrow(filters))
    waiting, total = _waiting(uow, norm, filters, most)
    return Board(since, until, rows, _tied(planned, filters), waiting, total)


def again(uow: UnitOfWork, *, found: Board, cases: Collection[int], filters: Filter) -> Board:
    """A board with the cards of some cases as they are now, and the others as they were seen."""
    require(uow, "job:dispatch")
    now = _tied(_of_cases(uow, cases), filters)
    span, people = _span(uow, found.since, found.until), {row.technician_id for row in found.rows}
    here = [card for card in now if card.technician_id in people and card.falls_into(span)]
    waits = [card for card in now if not card.is_planned]
    planned, waiting = (
        [card for card in cards if card.case_id not in cases]
        for cards in (found.planned, found.waiting)
    )
    total = found.total - len(found.waiting) + len(waiting) + len(waits)
    in_turn = tuple(sorted((*waiting, *waits), key=_turn))
    return replace(found, planned=(*planned, *here), waiting=in_turn, total=total)


def card(uow: UnitOfWork, *, case_id: int) -> Card | None:
    """The card of a case, planned or waiting; None when it is not dispatch's any more."""
    require(uow, "job:dispatch")
    return next(iter(_of_cases(uow, [case_id])), None)


def _of_cases(uow: UnitOfWork, cases: Collection[int]) -> tuple[Card, ...]:
    open_job = Job.id.is_not(None) & Job.status.notin_(ENDED)
    where = ServiceRequest.id.in_(cases), open_job | _waits(uow)
    return _cards(uow, norm_of(in_force(uow)), *where, outer=True)


def _turn(card: Card) -> tuple[bool, float, int]:
    """Critical ones first, then what is due next, as the pile does."""
    due = card.due_at.timestamp() if card.due_at else math.inf
    return card.priority != Priority.CRITICAL, due, card.case_id


def _span(uow: UnitOfWork, since: date, until: date) -> Interval:
    zone = uow.actor.zone_info
    return Interval(hours.whole(since, zone).start, hours.whole(until, zone).end)


def technicians(uow: UnitOfWork, filters: Filter, days: Sequence[date]) -> Sequence[Any]:
    """Whom the actor may send on some days: id, name, station and its name, station by station."""
    query = (
        select(Person.id, Person.name, Person.station_id, func.coalesce(Station.name, ""))
        .outerjoin(Station, Station.id == Person.station_id)
        .where(Person.role == Role.TECHNICIAN, Person.active, *_of_station(uow.actor, filters))
        .where(*([fitness.holds(filters.skill, days[0], days[-1])] if filters.skill else []))
        .order_by(Station.name, Person.name, Person.id)
    )
    return uow.session.execute(query).all()


def _rows(uow: UnitOfWork, days: Sequence[date], filters: Filter) -> tuple[Row, ...]:
    people = technicians(uow, filters, days)
    found = hours.over(uow, people=[id for id, *_ in people], days=days)
    return tuple(
        Row(
            id,
            name,
            station,
            tuple(span for day in days for span in found[day][id].working),
            tuple(day for day in days if found[day][id].is_away),
        )
        for id, name, _station_id, station in people
    )


def _of_station(actor: Actor, filters: Filter) -> list[ColumnElement[bool]]:
    where = [] if sees_all_stations(actor) else [Person.station_id == actor.station_id]
    return [*where, Person.station_id == filters.station_id] if filters.station_id else where


def _narrow(filters: Filter) -> list[ColumnElement[bool]]:
    return [ServiceRequest.kind == filters.kind] if filters.kind else []


def _tied(cards: tuple[Card, ...], filters: Filter) -> tuple[Card, ...]:
    if not filters.skill:
        return cards
    return tuple(card for card in cards if filters.skill in card.needs)


def _waits(uow: UnitOfWork) -> ColumnElement[bool]:
    """Nobody is sent yet, or somebody is and no time is planned or agreed."""
    new, site = pile(uow, Queue.DISPATCH)
    sent = Job.id.is_not(None) & Job.status.notin_(ENDED) & BEGINS.is_(None)
    return (new & site) | sent


def _waiting(
    uow: UnitOfWork, norm: Norm, filters: Filter, most: int
) -> tuple[tuple[Card, ...], int]:
    where = [_waits(uow), *_narrow(filters)]
    if filters.station_id:
        where.append(ServiceRequest.station_id == filters.station_id)
    if filters.skill:  # which work needs what, the rule book knows and not the database
        found = _tied(_cards(uow, norm, *where, outer=True), filters)
        return found[:most], len(found)
    count = _joined(select(func.count()), outer=True).where(visible_requests(uow.actor), *where)
    total = uow.session.scalar(count) or 0
    return _cards(uow, norm, *where, outer=True, most=most), total


_COLUMNS: tuple[Any, ...] = (
    *(ServiceRequest.id, ServiceRequest.version, ServiceRequest.number, ServiceRequest.kind),
    *(ServiceRequest.priority, ServiceRequest.phone, ServiceRequest.address),
    *(ServiceRequest.symptom, ServiceRequest.wanted_from, ServiceRequest.wanted_to),
    *(ServiceRequest.case_class, ServiceRequest.channel, ServiceRequest.wait_reason),
    Customer.name.label("customer"),
    func.coalesce(Product.category, "").label("category"),
    func.coalesce(Station.name, "").label("station"),
    NEXT_DUE.label("due_at"),
    Job.id.label("job_id"),
    Job.version.label("job_version"),
    Job.status.label("job_status"),
    *(Job.technician_id, Job.confirmed_at, Visit.agreed_from, Visit.agreed_to),
    func.coalesce(Person.name, "").label("technician"),
    BEGINS.label("start"),
    ENDS.label("end"),
)


def _joined(query: Select[Any], *, outer: bool) -> Select[Any]:
    of_case = (Job.request_id == ServiceRequest.id) & Job.status.notin_(ENDED)
    return (
        query.select_from(ServiceRequest)
        .join(Customer, Customer.id == ServiceRequest.customer_id)
        .outerjoin(Asset, Asset.id == ServiceRequest.asset_id)
        .outerjoin(Product, Product.id == Asset.product_id)
        .outerjoin(Station, Station.id == ServiceRequest.station_id)
        .join(Job, of_case, isouter=outer)
        .outerjoin(Person, Person.id == Job.technician_id)
        .outerjoin(Visit, (Visit.job_id == Job.id) & Visit.ended_at.is_(None))
    )


def _cards(
    uow: UnitOfWork,
    norm: Norm,
    *where: ColumnElement[bool],
    outer: bool = False,
    most: int | None = None,
) -> tuple[Card, ...]:
    urgency = case((ServiceRequest.priority == Priority.CRITICAL, 0), else_=1)
    query = _joined(select(*_COLUMNS), outer=outer).where(visible_requests(uow.actor), *where)
    order = (urgency, NEXT_DUE.asc().nulls_last(), ServiceRequest.id)
    rows = uow.session.execute(query.order_by(*order).limit(most)).all()
    lacks = ready.of_cases(uow, [row.id for row in rows if row.job_id is None])
    found = []
    for row in rows:
        work = norm.work_of(row.kind, row.priority, case_class=row.case_class, channel=row.channel)
        found.append(_card(uow, row, work, lacks.get(row.id, ())))
    return tuple(found)


def _card(uow: UnitOfWork, row: Any, work: SiteWork | None, lacks: tuple[ready.Lack, ...]) -> Card:
    late = row.due_at is not None and row.due_at < uow.now and row.wait_reason is None
    return Card(
        case_id=row.id,
        case_version=row.version,
        number=row.number,
        kind=row.kind,
        priority=row.priority,
        customer=row.customer,
        phone=masked.phone(uow.actor, row.phone),
        address=row.address,
        what=" ".join(filter(None, (row.category, row.symptom))),
        station=row.station,
        minutes=work.minutes if work else USUAL_MINUTES,
        needs=work.needs if work else (),
        due_at=row.due_at,
        late=late,
        wanted_from=row.wanted_from,
        wanted_to=row.wanted_to,
        job_id=row.job_id,
        job_version=row.job_version,
        status=row.job_status,
        technician_id=row.technician_id,
        technician=row.technician,
        start=row.start,
        end=row.end,
        agreed_from=row.agreed_from,
        agreed_to=row.agreed_to,
        confirmed=row.confirmed_at is not None,
        lacks=lacks,
    )

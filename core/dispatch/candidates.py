"""What is known of those who could be sent for a case: in as many queries for one as for all."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, case, false, func, select, true

from core.jobs.slots import BEGINS, ENDS, taken
from core.kernel.unit_of_work import UnitOfWork
from core.process.permissions import sees_all_stations
from core.roster import roads
from core.roster.hours import Interval
from core.roster.regions import RegionView
from core.roster.roads import Place
from db.codes import JobStatus, Role, ServiceWay
from db.tables import Asset, Job, Person, Product, ServiceRequest, Station

# How long it is remembered that somebody has worked on a model.
REMEMBERED = timedelta(days=365)


@dataclass(frozen=True)
class Busy:
    """A job that takes a technician's time, and how far it is from the case."""

    start: datetime
    end: datetime
    road: int | None

    @property
    def with_roads(self) -> Interval:
        """The time with the way there and the way on, as far as these are known."""
        way = timedelta(minutes=self.road or 0)
        return Interval(self.start - way, self.end + way)


@dataclass(frozen=True)
class Candidate:
    """A technician: where the day begins, what is planned, what is known from before."""

    id: int
    name: str
    road: int | None
    busy: tuple[Busy, ...]
    same_model: int
    same_customer: int


def place_of(request: ServiceRequest) -> Place:
    """Where the work is."""
    at = request.station if request.way is ServiceWay.STATION else request
    return (at.latitude, at.longitude) if at else (None, None)


def of_case(
    uow: UnitOfWork,
    request: ServiceRequest,
    region: RegionView | None,
    span: Interval,
    *,
    also: int = 0,
) -> tuple[Candidate, ...]:
    """The technicians of the case's station and region whom the actor sends, by name.

    And one more, who is sent already.
    """
    people = uow.session.execute(
        select(Person, Station.latitude, Station.longitude)
        .outerjoin(Station, Station.id == Person.station_id)
        .where(Person.role == Role.TECHNICIAN, Person.active)
        .where(and_(true(), *_near(uow, request, region)) | (Person.id == also))
        .order_by(Person.name, Person.id)
    ).all()
    ids = [person.id for person, *_ in people]
    busy, known = _busy(uow, request, ids, span), _known(uow, request, ids)
    return tuple(
        Candidate(
            person.id,
            person.name,
            roads.minutes(roads.day_start(person, station), place_of(request)),
            tuple(busy[person.id]),
            *known.get(person.id, (0, 0)),
        )
        for person, *station in people
    )


def _near(
    uow: UnitOfWork, request: ServiceRequest, region: RegionView | None
) -> list[ColumnElement[bool]]:
    where: list[ColumnElement[bool]] = []
    if not sees_all_stations(uow.actor):
        where.append(Person.station_id == uow.actor.station_id)
    if request.station_id:
        in_region = Person.id.in_(region.people if region else ())
        where.append((Person.station_id == request.station_id) | in_region)
    return where


def _busy(
    uow: UnitOfWork, request: ServiceRequest, people: Sequence[int], span: Interval
) -> dict[int, list[Busy]]:
    query = taken(people, span, Job.technician_id, BEGINS, ENDS, *roads.PLACE)
    rows = uow.session.execute(query.outerjoin(Station, Station.id == ServiceRequest.station_id))
    found: dict[int, list[Busy]] = defaultdict(list)
    for person, start, end, north, east in rows:
        road = roads.minutes((north, east), place_of(request))
        found[person].append(Busy(start, end, road))
    return found


def _known(
    uow: UnitOfWork, request: ServiceRequest, people: Sequence[int]
) -> dict[int, tuple[int, int]]:
    """How often each has lately worked on the model, and was at the customer's."""
    product = request.asset.product if request.asset else None
    model: ColumnElement[bool] = false()
    if product:
        same = (Product.brand == product.brand) & (Product.model == product.model)
        model = same & (Job.finished_at > uow.clock - REMEMBERED)
    here = ServiceRequest.customer_id == request.customer_id
    rows = uow.session.execute(
        select(Job.technician_id, _times(model), _times(here))
        .join(Job.request)
        .outerjoin(Asset, Asset.id == ServiceRequest.asset_id)
        .outerjoin(Product, Product.id == Asset.product_id)
        .where(Job.technician_id.in_(people), Job.status == JobStatus.DONE)
        .where(here | model)
        .group_by(Job.technician_id)
    )
    return {person: (int(models), int(times)) for person, models, times in rows}


def _times(holds: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((holds, 1), else_=0))

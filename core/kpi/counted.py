"""What cases add to the figures: their facts, told anew or as they are stored, and their sums."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Integer,
    Select,
    String,
    case,
    false,
    func,
    literal,
    literal_column,
    select,
    true,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import Session

from core.kpi import facts
from core.kpi.figures import NO_STATION, Source
from core.requests.drills import IN_EARNEST
from db.codes import JobStatus, RequestStatus
from db.tables import Asset, Customer, FigureFact, Job, ServiceRequest


class Dimension(StrEnum):
    """What a figure may be broken down by."""

    STATION = "station"
    TECHNICIAN = "technician"
    PRODUCT = "product"
    FAULT_AREA = "fault_area"
    CHANNEL = "channel"
    KIND = "kind"
    CASE_CLASS = "case_class"
    IMPORTED = "imported"
    CANCELLED = "cancelled"


class Fact(NamedTuple):
    """One row of figure_facts."""

    source: str
    subject_id: int
    part: str
    row_id: int
    day: date
    hit: bool
    total: int
    station_id: int
    kind: str
    channel: str
    case_class: str
    fault_area: str
    product_id: int
    technician_id: int
    imported: bool
    cancelled: bool


class Key(NamedTuple):
    """One row of figure_days."""

    dimension: str
    source: str
    day: date
    value: str
    station_id: int
    part: str


# Cases, hits and total by key.
Sums = dict[Key, list[int]]

WHOLE = ""
# The field of a fact that says what it is in a dimension.
FIELDS = {dimension: dimension.value for dimension in Dimension} | {
    Dimension.STATION: "station_id",
    Dimension.TECHNICIAN: "technician_id",
    Dimension.PRODUCT: "product_id",
}
IDS = frozenset({Dimension.STATION, Dimension.TECHNICIAN, Dimension.PRODUCT})
FLAGS = frozenset({Dimension.IMPORTED, Dimension.CANCELLED})
PLACES = {name: Fact._fields.index(field) for name, field in FIELDS.items()}
# The station is told apart in every sum.
VIEWS = [(WHOLE, -1), *((d.value, at) for d, at in PLACES.items() if d is not Dimension.STATION)]
# Four answers for each call: nobody asks for them by more than the kind.
FEW: dict[str, list[tuple[str, int]]] = {
    Source.ANSWERS: [(WHOLE, -1), (Dimension.KIND.value, PLACES[Dimension.KIND])],
    Source.CUSTOMERS: [(WHOLE, -1)],
}
OF_CASES = [source for source in Source if source is not Source.CUSTOMERS]
COLUMNS = [getattr(FigureFact, name) for name in Fact._fields]
NO_ONE = literal_column("0", Integer)


@dataclass(frozen=True)
class Measure:
    """By what facts are told: as of when, in which zone, from which score a customer is content."""

    as_of: datetime
    zone: ZoneInfo
    unhappy_below: float


def told(session: Session, ids: Collection[int], by: Measure) -> set[Fact]:
    """The facts of some cases, read from the cases themselves; drills have none."""
    return {Fact(*row) for row in session.execute(telling(ids, by))} if ids else set()


def told_of_customers(session: Session, ids: Collection[int], by: Measure) -> set[Fact]:
    """The facts of customers on file: each counts from the day on which it was written down."""
    return {Fact(*row) for row in session.execute(telling_of_customers(ids, by))} if ids else set()


def telling(ids: Collection[int], by: Measure) -> Select[Any]:
    """The query for the facts of some cases, in the order of their fields."""
    about = _about(ids).cte("about")
    each = union_all(*(_of_source(source, about, by) for source in OF_CASES)).subquery()
    own = (each.c.source, each.c.id, each.c.part, each.c.row_id)
    day, (id, *alike) = facts.local_day(each.c.at, by.zone), about.c
    return select(*own, day, each.c.hit, each.c.total, *alike).join(about, id == each.c.id)


def telling_of_customers(ids: Collection[int], by: Measure) -> Select[Any]:
    """The query for the facts of customers on file."""
    nothing = [literal("", String)] * 4 + [NO_ONE] * 2 + [false()] * 2
    fact: list[Any] = [
        literal(Source.CUSTOMERS.value, String),
        Customer.id,
        literal("", String),
        NO_ONE,
        facts.local_day(Customer.created_at, by.zone),
        false(),
        NO_ONE,
        func.coalesce(Customer.station_id, NO_STATION),
        *nothing,
    ]
    fields = zip(fact, Fact._fields, strict=True)
    return select(*(each.label(name) for each, name in fields)).where(Customer.id.in_(ids))


def stored(session: Session, ids: Collection[int], *, customers: bool = False) -> set[Fact]:
    """The facts of some cases, or customers, as they are counted now."""
    query = select(*COLUMNS).where(of_subjects(ids, customers=customers))
    return {Fact(*row) for row in session.execute(query)} if ids else set()


def of_subjects(ids: Collection[int], *, customers: bool) -> ColumnElement[bool]:
    """Whether a stored fact is about some cases, or some customers."""
    about = FigureFact.source == Source.CUSTOMERS.value
    return FigureFact.subject_id.in_(ids) & (about if customers else ~about)


def add(sums: Sums, counted: Iterable[Fact], sign: int = 1) -> None:
    """Add facts to sums, or take them away."""
    for fact in counted:
        source, day, station, part = fact.source, fact.day, fact.station_id, fact.part
        hits, total = sign * fact.hit, sign * fact.total
        for dimension, place in FEW.get(source, VIEWS):
            value: Any = WHOLE if place < 0 else fact[place]
            said = value if isinstance(value, str) else str(int(value))
            # Millions of them in a first count: a third of the time of Key(…).
            each = sums[tuple.__new__(Key, (dimension, source, day, said, station, part))]
            each[0] += sign
            each[1] += hits
            each[2] += total


def new_sums() -> Sums:
    """Sums of nothing yet."""
    return defaultdict(lambda: [0, 0, 0])


def typed(dimension: Dimension, value: str) -> str | int | bool:
    """A value of the sums as a fact has it."""
    if dimension in FLAGS:
        return value == "1"
    return int(value) if dimension in IDS else value


def _about(ids: Collection[int]) -> Any:
    """What the case is, for all of its facts alike."""
    request = ServiceRequest
    product = select(Asset.product_id).where(Asset.id == request.asset_id).scalar_subquery()
    # Who was sent last.
    technician = (
        select(Job.technician_id)
        .where(Job.request_id == request.id, Job.status != JobStatus.CANCELLED)
        .order_by(Job.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    return select(
        request.id,
        func.coalesce(request.station_id, NO_STATION).label("station_id"),
        type_coerce(request.kind, String).label("kind"),
        type_coerce(request.channel, String).label("channel"),
        request.case_class,
        func.coalesce(type_coerce(request.fault_area, String), "").label("fault_area"),
        func.coalesce(product, NO_ONE).label("product_id"),
        func.coalesce(technician, NO_ONE).label("technician_id"),
        request.source.is_not(None).label("imported"),
        (request.status == RequestStatus.CANCELLED).label("cancelled"),
    ).where(request.id.in_(ids), IN_EARNEST)


def _of_source(source: Source, about: FromClause, by: Measure) -> Select[Any]:
    counted = facts.of(source, now=by.as_of, unhappy_below=by.unhappy_below)
    hit = false() if counted.hit is None else case((counted.hit, true()), else_=false())
    part: Any = literal("", String) if counted.part is None else counted.part
    return (
        select(
            literal(source.value, String).label("source"),
            ServiceRequest.id,
            part.label("part"),
            counted.row.label("row_id"),
            counted.at.label("at"),
            hit.label("hit"),
            counted.total.label("total"),
        )
        .select_from(counted.rows)
        .where(ServiceRequest.id.in_(select(about.c.id)), counted.at.is_not(None), *counted.counts)
    )

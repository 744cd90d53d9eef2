"""What cases add to the figures: their facts, told anew or as they are stored, and their sums."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import (
    Integer,
    Select,
    String,
    case,
    cast,
    func,
    literal,
    literal_column,
    null,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import Session

from core.kpi import goods, records
from core.kpi.figures import NO_STATION, Source
from core.kpi.sources import JUDGING, OF_CASES, OF_CUSTOMERS, Measure
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


class _About(NamedTuple):
    """The rest of a fact: what the case is, for all of its facts alike."""

    station_id: int
    kind: str = ""
    channel: str = ""
    case_class: str = ""
    fault_area: str = ""
    product_id: int = 0
    technician_id: int = 0
    imported: bool = False
    cancelled: bool = False

    def made(self, technician: int | None, product: int | None) -> "_About":
        """Of this piece of work, where it says more than the case."""
        if technician is None and product is None:
            return self
        return self._replace(
            technician_id=technician or self.technician_id, product_id=product or self.product_id
        )


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
_PLACES = {name: Fact._fields.index(field) for name, field in FIELDS.items()}
# The station is told apart in every sum.
_VIEWS = [(WHOLE, -1), *((d.value, at) for d, at in _PLACES.items() if d is not Dimension.STATION)]
# Four answers for each call: nobody asks for them by more than the kind.
_FEW: dict[str, list[tuple[str, int]]] = {
    Source.ANSWERS: [(WHOLE, -1), (Dimension.KIND.value, _PLACES[Dimension.KIND])],
    Source.CUSTOMERS: [(WHOLE, -1)],
    Source.SOLD: [(WHOLE, -1), (Dimension.PRODUCT.value, _PLACES[Dimension.PRODUCT])],
}
# What facts are: it goes up by one whenever they are told otherwise or there are others, and all
# is counted anew.
EDITION = 2
COLUMNS = [getattr(FigureFact, name) for name in Fact._fields]
NO_ONE = literal_column("0", Integer)


def told(session: Session, ids: Collection[int], by: Measure) -> set[Fact]:
    """The facts of some cases, read from the cases themselves; drills have none."""
    about = {row.id: _About(*tuple(row)[1:]) for row in session.execute(_about(ids))}
    if not about:
        return set()
    query = union_all(*(_of_source(source, about, by) for source in OF_CASES))
    found = {
        Fact(
            source,
            id,
            part,
            row_id,
            _day(at, by),
            bool(hit),
            int(total),
            *about[id].made(technician, product),
        )
        for source, id, part, row_id, at, hit, total, technician, product in session.execute(query)
    }
    for id, at, hit in records.closed(session, about):
        found.add(Fact(Source.RECORDS.value, id, "", 0, _day(at, by), hit, 0, *about[id]))
    for id, row_id, day, cents, product in goods.losses(session, about):
        what = about[id].made(None, product)
        found.add(Fact(Source.RETURN_LOSS.value, id, "", row_id, day, False, cents, *what))
    return found


def _day(at: datetime, by: Measure) -> date:
    return at.astimezone(by.zone).date()


def told_of_customers(session: Session, ids: Collection[int], by: Measure) -> set[Fact]:
    """The facts of customers on file, each from the day on which it was written down, and sales."""
    query = select(Customer.id, Customer.created_at, Customer.station_id)
    found = {
        Fact(
            Source.CUSTOMERS.value,
            id,
            "",
            0,
            _day(at, by),
            False,
            0,
            *_About(station or NO_STATION),
        )
        for id, at, station in session.execute(query.where(Customer.id.in_(ids)))
    }
    for id, line, day, pieces, product, station, imported in goods.sold(session, ids):
        what = _About(station or NO_STATION, product_id=product, imported=imported)
        found.add(Fact(Source.SOLD.value, id, "", line, day, False, pieces, *what))
    return found


def stored(session: Session, ids: Collection[int], *, customers: bool = False) -> set[Fact]:
    """The facts of some cases, or customers, as they are counted now."""
    about = FigureFact.source.in_(sorted(OF_CUSTOMERS))
    query = select(*COLUMNS).where(FigureFact.subject_id.in_(ids), about if customers else ~about)
    return {Fact(*row) for row in session.execute(query)}


def add(sums: Sums, counted: Iterable[Fact], sign: int = 1) -> None:
    """Add facts to sums, or take them away."""
    for fact in counted:
        source, day, station, part = fact.source, fact.day, fact.station_id, fact.part
        hits, total = sign * fact.hit, sign * fact.total
        for dimension, place in _FEW.get(source, _VIEWS):
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
        func.coalesce(request.station_id, NO_STATION),
        type_coerce(request.kind, String),
        type_coerce(request.channel, String),
        request.case_class,
        func.coalesce(type_coerce(request.fault_area, String), ""),
        func.coalesce(product, NO_ONE),
        func.coalesce(technician, NO_ONE),
        request.source.is_not(None),
        request.status == RequestStatus.CANCELLED,
    ).where(request.id.in_(ids), IN_EARNEST)


def _of_source(source: Source, ids: Collection[int], by: Measure) -> Select[Any]:
    counted = OF_CASES[source](by)
    here = [ServiceRequest.source.is_(None)] if source in JUDGING else []
    hit = NO_ONE if counted.hit is None else case((counted.hit, 1), else_=0)
    return (
        select(
            literal(source.value, String),
            ServiceRequest.id,
            literal("", String) if counted.part is None else counted.part,
            counted.row.label("row_id"),
            counted.at,
            hit.label("hit"),
            counted.total.label("total"),
            _or_nobody(counted.technician).label("technician"),
            _or_nobody(counted.product).label("product"),
        )
        .select_from(counted.rows)
        .where(ServiceRequest.id.in_(ids), counted.at.is_not(None), *counted.counts, *here)
    )


def _or_nobody(id: Any) -> Any:
    return cast(null(), Integer) if id is None else id

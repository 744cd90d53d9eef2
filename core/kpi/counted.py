"""What cases add to the figures: their facts, told anew or as they are stored, and their sums."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Date,
    FromClause,
    Integer,
    Select,
    String,
    bindparam,
    case,
    cast,
    false,
    func,
    literal,
    literal_column,
    null,
    select,
    true,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import Session

from core.kpi import facts, records
from core.kpi.figures import NO_STATION, Source
from core.kpi.sources import JUDGING, OF_CASES, OF_CUSTOMERS, Measure
from core.requests.drills import IN_EARNEST
from db.codes import JobStatus, PurchaseStatus, RequestStatus
from db.tables import (
    Asset,
    Customer,
    FigureFact,
    Job,
    Purchase,
    PurchaseLine,
    ServiceRequest,
)
from db.types import UtcInstant


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
    WAITED = "waited"


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
    kind: str
    part: str


# Cases, hits and total by key.
Sums = dict[Key, list[int]]

WHOLE = ""
# The field of a fact that says what it is in a dimension.
FIELDS = {dimension: dimension.value for dimension in Dimension} | {
    Dimension.STATION: "station_id",
    Dimension.TECHNICIAN: "technician_id",
    Dimension.PRODUCT: "product_id",
    Dimension.WAITED: "part",
}
IDS = frozenset({Dimension.STATION, Dimension.TECHNICIAN, Dimension.PRODUCT})
FLAGS = frozenset({Dimension.IMPORTED, Dimension.CANCELLED})
PLACES = {name: Fact._fields.index(field) for name, field in FIELDS.items()}
# The station, the kind and the part are told apart in every sum.
APART = frozenset({Dimension.STATION, Dimension.KIND, Dimension.WAITED})
VIEWS = [(WHOLE, -1), *((d.value, at) for d, at in PLACES.items() if d not in APART)]
# What a fact is under that says nothing in a dimension. No sums are kept of these: they are what
# the whole has beyond all others.
UNSAID = {
    **{dimension.value: "0" for dimension in sorted((IDS | FLAGS) - APART)},
    **dict.fromkeys((Dimension.FAULT_AREA.value, Dimension.CASE_CLASS.value), ""),
}
# Four answers for each call: nobody asks for them by more than what is told apart anyhow.
FEW: dict[str, list[tuple[str, int]]] = {
    Source.ANSWERS: [(WHOLE, -1)],
    Source.CUSTOMERS: [(WHOLE, -1)],
    Source.TOOLS: [(WHOLE, -1)],
    Source.SOLD: [(WHOLE, -1), (Dimension.PRODUCT.value, PLACES[Dimension.PRODUCT])],
}
# What facts are: it goes up by one whenever they are told otherwise or there are others, and all
# is counted anew.
EDITION = 4
COLUMNS = [getattr(FigureFact, name) for name in Fact._fields]
NO_ONE, NAMELESS = literal_column("0", Integer), literal("", String)
# Which cases are asked about, and as of when.
IDS_ASKED: Any = bindparam("ids", expanding=True)
NOW = bindparam("as_of", type_=UtcInstant())
# What a piece of work may say otherwise than its case.
OWN = frozenset({"technician_id", "product_id"})


def told(session: Session, ids: Collection[int], by: Measure) -> set[Fact]:
    """The facts of some cases, read from the cases themselves; drills have none."""
    if not ids:
        return set()
    asked = {"ids": list(ids), "as_of": by.as_of}
    found = {Fact(*row) for row in session.execute(_telling(replace(by, as_of=NOW)), asked)}
    return found | {Fact(**row) for row in told_apart(session, ids, by)}


def told_of_customers(session: Session, ids: Collection[int], by: Measure) -> set[Fact]:
    """The facts of customers: each counts from the day it was written down, and what it bought."""
    return {Fact(*row) for row in session.execute(telling_of_customers(ids, by))} if ids else set()


def told_apart(session: Session, ids: Collection[int], by: Measure) -> list[dict[str, Any]]:
    """The facts that no query can tell: whether a file is complete is said by the rule book."""
    closed = {id: (at, complete) for id, at, complete in records.closed(session, ids)}
    found = []
    asked = {"ids": list(closed)}
    for id, *alike in session.execute(_about(), asked) if closed else ():
        at, complete = closed[id]
        day = at.astimezone(by.zone).date()
        fact = Fact(Source.RECORDS.value, id, "", 0, day, complete, 0, *alike)
        found.append(fact._asdict())
    return found


def telling(ids: Collection[int], by: Measure) -> Select[Any]:
    """The query for the facts of some cases, in the order of their fields."""
    return _telling(replace(by, as_of=NOW)).params(ids=list(ids), as_of=by.as_of)


# Making it takes longer than asking it: a look at the figures asks of a few cases.
@lru_cache(maxsize=16)
def _telling(by: Measure) -> Select[Any]:
    about = _about().cte("about")
    each = union_all(*(_of_source(source, about, by) for source in OF_CASES)).subquery()
    own = (each.c.source, each.c.id, each.c.part, each.c.row_id, each.c.day, each.c.hit)
    # A piece of work may be somebody else's, and of another piece, than the case is now.
    alike = [func.coalesce(each.c[c.key], c) if c.key in OWN else c for c in about.c[1:]]
    return select(*own, each.c.total, *alike).join(about, about.c.id == each.c.id)


def telling_of_customers(ids: Collection[int], by: Measure) -> CompoundSelect[Any]:
    """The query for the facts of customers on file, and of what they bought."""
    since = facts.local_day(Customer.created_at, by.zone)
    customers = _of_customers(Source.CUSTOMERS, NO_ONE, since, NO_ONE, NO_ONE, false())
    sales = _of_customers(
        Source.SOLD,
        PurchaseLine.id,
        Purchase.purchased_on,
        PurchaseLine.quantity,
        PurchaseLine.product_id,
        Purchase.source.is_not(None),
    )
    bought = sales.join(Purchase, Purchase.customer_id == Customer.id)
    bought = bought.join(PurchaseLine, PurchaseLine.purchase_id == Purchase.id)
    bought = bought.where(Purchase.status == PurchaseStatus.ON_FILE)
    one = Customer.joined_into_id.is_(None)
    return union_all(customers.where(Customer.id.in_(ids), one), bought.where(Customer.id.in_(ids)))


def _of_customers(
    source: Source, row_id: Any, day: Any, total: Any, product: Any, imported: Any
) -> Select[Any]:
    fact: dict[str, Any] = {
        "source": literal(source.value, String),
        "subject_id": Customer.id,
        "row_id": row_id,
        "day": day,
        "hit": false(),
        "total": total,
        "station_id": func.coalesce(Customer.station_id, NO_STATION),
        "product_id": product,
        "technician_id": NO_ONE,
        "imported": imported,
        "cancelled": false(),
    }
    return select(*(fact.get(name, NAMELESS).label(name) for name in Fact._fields))


def stored(session: Session, ids: Collection[int], *, customers: bool = False) -> set[Fact]:
    """The facts of some cases, or customers, as they are counted now."""
    query = select(*COLUMNS).where(of_subjects(ids, customers=customers))
    return {Fact(*row) for row in session.execute(query)} if ids else set()


def of_subjects(ids: Collection[int], *, customers: bool) -> ColumnElement[bool]:
    """Whether a stored fact is about some cases, or some customers."""
    about = FigureFact.source.in_(sorted(OF_CUSTOMERS))
    return FigureFact.subject_id.in_(ids) & (about if customers else ~about)


def add(sums: Sums, counted: Iterable[Fact], sign: int = 1) -> None:
    """Add facts to sums, or take them away."""
    for fact in counted:
        source, day, apart = fact.source, fact.day, (fact.station_id, fact.kind, fact.part)
        hits, total = sign * fact.hit, sign * fact.total
        for dimension, place in FEW.get(source, VIEWS):
            value: Any = WHOLE if place < 0 else fact[place]
            said = value if isinstance(value, str) else str(int(value))
            if said == UNSAID.get(dimension):
                continue
            # Millions of them in a first count: a third of the time of Key(…).
            each = sums[tuple.__new__(Key, (dimension, source, day, said, *apart))]
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


@lru_cache(maxsize=1)
def _about() -> Any:
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
    ).where(request.id.in_(IDS_ASKED), IN_EARNEST)


def _of_source(source: Source, about: FromClause, by: Measure) -> Select[Any]:
    counted = OF_CASES[source](by)
    cases = select(about.c.id)
    if source in JUDGING:
        cases = cases.where(~about.c.imported)
    hit = false() if counted.hit is None else case((counted.hit, true()), else_=false())
    part: Any = NAMELESS if counted.part is None else counted.part
    # Some days are written as days.
    is_day = isinstance(counted.at.type, Date)
    day = counted.at if is_day else facts.local_day(counted.at, by.zone)
    return (
        select(
            literal(source.value, String).label("source"),
            ServiceRequest.id,
            part.label("part"),
            counted.row.label("row_id"),
            day.label("day"),
            hit.label("hit"),
            counted.total.label("total"),
            _or_nobody(counted.technician).label("technician_id"),
            _or_nobody(counted.product).label("product_id"),
        )
        .select_from(counted.rows)
        .where(ServiceRequest.id.in_(cases), counted.at.is_not(None), *counted.counts)
    )


def _or_nobody(id: Any) -> Any:
    return cast(null(), Integer) if id is None else id

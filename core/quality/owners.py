"""The owners of a batch: who they are, and in a recall, who of them knows of it (A27)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, Subquery, case, exists, func, select, union
from sqlalchemy.orm import contains_eager

from core.customers import again
from core.kernel import once
from core.kernel.inputs import Action, LongText, RequiredText
from core.kernel.paging import PAGE, Page, leaf
from core.kernel.unit_of_work import Actor, UnitOfWork
from core.process import history, masked
from core.process.permissions import require
from core.process.rules import Done, Process, Rule
from core.quality.rules import READ
from core.requests.drills import IN_EARNEST
from db.codes import Channel, EmergencyStatus, OwnerStatus, PurchaseStatus
from db.tables import (
    Customer,
    Emergency,
    Person,
    Purchase,
    PurchaseLine,
    RecallOwner,
    ServiceRequest,
    Station,
)

TELLS = "request:tell"
TO_TELL, MISSED, TOLD = OwnerStatus
UNTOLD = frozenset({TO_TELL, MISSED})


class TellOwner(Action):
    """The owner knows: by which way, and what was agreed about the goods."""

    channel: Channel
    note: LongText = ""


class MissOwner(Action):
    """The owner was not reached this time: what was tried."""

    note: RequiredText


RULES = (
    Rule("told", TellOwner, UNTOLD, TOLD, TELLS, "A27"),
    Rule("missed", MissOwner, UNTOLD, MISSED, TELLS, "A27"),
)


@dataclass(frozen=True)
class OwnerRow:
    """A customer of a batch; `status` is None as long as the batch is not recalled."""

    customer_id: int
    name: str
    phone: str
    station: str
    status: OwnerStatus | None
    attempts: int
    told_at: datetime | None
    told_by: str
    note: str


@dataclass(frozen=True)
class Owners(Page[OwnerRow]):
    """A page of the owners that the actor may call, the untold ones first."""

    told: int


@dataclass(frozen=True)
class OwnerView:
    """One owner in a recall, with what may be done."""

    id: int
    version: int
    customer_id: int
    name: str
    phone: str
    note: str
    actions: tuple[Rule, ...]


@dataclass(frozen=True)
class RecallRow:
    """A recall that goes on, and how many of its owners do not know of it yet."""

    batch: str
    untold: int
    owners: int


def of_batch(uow: UnitOfWork, *, batch: str, page: int = 1) -> Owners:
    """Who has goods of a batch, by a case, closed ones too, or by a purchase."""
    require(uow, READ)
    calls = _latest(batch)
    ids = _customers(batch).subquery()
    rows = (
        select(Customer, Station.name, calls, Person.name.label("told_by"))
        .join(ids, ids.c.customer_id == Customer.id)
        .outerjoin(calls, calls.c.customer_id == Customer.id)
        .outerjoin(Station, Station.id == Customer.station_id)
        .outerjoin(Person, Person.id == calls.c.told_by_id)
        .where(again.own(uow.actor))
    )
    known = func.count().filter(calls.c.status == TOLD)
    total, told = uow.session.execute(rows.with_only_columns(func.count(), known)).one()
    order = (case((calls.c.status == TOLD, 1), else_=0), Customer.name, Customer.id)
    found, number = leaf(uow, rows.order_by(*order), page=page, size=PAGE)
    return Owners(tuple(_row(uow, each) for each in found), total, number, told)


def of_owner(uow: UnitOfWork, *, batch: str, customer_id: int) -> OwnerView | None:
    """An owner in the latest recall of a batch; None where it is not recalled, or not theirs."""
    require(uow, READ)
    query = (
        select_visible(uow.actor)
        .where(RecallOwner.batch == batch, RecallOwner.customer_id == customer_id)
        .order_by(RecallOwner.emergency_id.desc())
    )
    row = uow.session.scalars(query.limit(1)).first()
    if row is None:
        return None
    customer = row.customer
    return OwnerView(
        id=row.id,
        version=row.version,
        customer_id=customer.id,
        name=customer.name,
        phone=masked.phone(uow.actor, customer.phone),
        note=row.note,
        actions=PROCESS.allowed(uow.actor, row),
    )


def under_way(uow: UnitOfWork) -> tuple[RecallRow, ...]:
    """The recalls of which an owner whom the actor may call does not know yet."""
    require(uow, READ)
    untold = func.count().filter(RecallOwner.status.in_(UNTOLD))
    query = (
        _running(select(RecallOwner.batch, untold, func.count()), uow.actor)
        .group_by(RecallOwner.batch)
        .having(untold > 0)
        .order_by(untold.desc(), RecallOwner.batch)
    )
    return tuple(RecallRow(*row) for row in uow.session.execute(query))


def how_many(uow: UnitOfWork) -> Select[int, int]:
    """How many owners are still to be told; the late ones are those that were tried in vain."""
    tried = func.count().filter(RecallOwner.status == MISSED)
    query: Select[int, int] = _running(
        select(func.count(), tried).select_from(RecallOwner), uow.actor
    ).where(RecallOwner.status.in_(UNTOLD))
    return query


def call(uow: UnitOfWork, emergency: Emergency, batch: str) -> int:
    """Put the owners of a recalled batch on the list, once each; gives how many are new."""
    missing = _unlisted(batch, emergency.id)
    new = sum(
        once.add(
            uow.session,
            RecallOwner,
            emergency_id=emergency.id,
            customer_id=id,
            batch=batch,
            status=TO_TELL,
            attempts=0,
            note="",
            version=1,
        )
        for id in uow.session.scalars(missing).all()
    )
    if new:
        history.record(
            uow,
            subject="emergency",
            subject_id=emergency.id,
            case_id=emergency.request_id,
            action="owners_listed",
            data={"batch": batch, "owners": new},
        )
    return new


def lacking(uow: UnitOfWork) -> Sequence[int]:
    """The running recalls with an owner who came up later: a case or a purchase since."""
    called = select(RecallOwner.emergency_id, RecallOwner.batch).distinct().subquery()
    query = select(called.c.emergency_id).where(
        exists().where(
            Emergency.id == called.c.emergency_id, Emergency.status != EmergencyStatus.CLOSED
        ),
        exists(_unlisted(called.c.batch, called.c.emergency_id).correlate(called)),
    )
    return uow.session.scalars(query).all()


def call_more(uow: UnitOfWork, emergency_id: int) -> None:
    """Put later owners on the list of a recall too."""
    emergency = uow.session.get_one(Emergency, emergency_id)
    query = select(RecallOwner.batch).where(RecallOwner.emergency_id == emergency_id).distinct()
    for batch in uow.session.scalars(query).all():
        call(uow, emergency, batch)


def select_visible(actor: Actor) -> Select[RecallOwner]:
    """The owners whom the actor may call: of the own station, or of none (C15)."""
    return (
        select(RecallOwner)
        .join(RecallOwner.customer)
        .where(again.own(actor))
        .options(contains_eager(RecallOwner.customer))
    )


def _customers(batch: Any) -> Any:
    """The customers with a case of a batch, or with a purchase of it."""
    of_cases = select(ServiceRequest.customer_id).where(
        ServiceRequest.batch == batch, ServiceRequest.batch != "", IN_EARNEST
    )
    of_purchases = (
        select(Purchase.customer_id)
        .join(PurchaseLine, PurchaseLine.purchase_id == Purchase.id)
        .where(PurchaseLine.batch == batch, PurchaseLine.batch != "")
        .where(Purchase.status == PurchaseStatus.ON_FILE)
    )
    return union(of_cases, of_purchases)


def _unlisted(batch: Any, emergency_id: Any) -> Any:
    ids = _customers(batch).subquery()
    listed = exists().where(
        RecallOwner.emergency_id == emergency_id, RecallOwner.customer_id == ids.c.customer_id
    )
    return select(ids.c.customer_id).where(~listed).order_by(ids.c.customer_id)


def _latest(batch: str) -> Subquery:
    latest = select(func.max(RecallOwner.emergency_id)).where(RecallOwner.batch == batch)
    of_it = RecallOwner.emergency_id == latest.scalar_subquery()
    return select(RecallOwner).where(RecallOwner.batch == batch, of_it).subquery()


def _running(query: Any, actor: Actor) -> Any:
    return (
        query.join(RecallOwner.emergency)
        .join(RecallOwner.customer)
        .where(Emergency.status != EmergencyStatus.CLOSED, again.own(actor))
    )


def _row(uow: UnitOfWork, found: Any) -> OwnerRow:
    customer: Customer = found.Customer
    return OwnerRow(
        customer_id=customer.id,
        name=customer.name,
        phone=masked.phone(uow.actor, customer.phone),
        station=found.name or "",
        status=found.status,
        attempts=found.attempts or 0,
        told_at=found.told_at,
        told_by=found.told_by or "",
        note=found.note or "",
    )


def _tell(uow: UnitOfWork, row: RecallOwner, command: TellOwner) -> Done:
    row.told_at, row.told_by_id = uow.now, uow.actor.id
    row.channel, row.note = command.channel, command.note
    row.attempts += 1
    return Done(note=command.note, data={"channel": command.channel.value})


def _miss(uow: UnitOfWork, row: RecallOwner, command: MissOwner) -> Done:
    row.note = command.note
    row.attempts += 1
    return Done(note=command.note, data={"attempt": row.attempts})


PROCESS = Process(
    subject="recall_owner",
    rules=RULES,
    effects={TellOwner: _tell, MissOwner: _miss},
    select=select_visible,
    table=RecallOwner,
    case_id=lambda row: None,
)

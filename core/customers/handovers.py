"""A customer goes to another station: offered or asked for, and answered by the other (C15)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from sqlalchemy import ColumnElement, Select, func, literal, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from core.customers import again
from core.kernel.errors import InvalidInput, Problem
from core.kernel.inputs import Action, Choice, Input, LongText, RecordId, RequiredText
from core.kernel.unit_of_work import Actor, UnitOfWork
from core.people import people
from core.process import changes, history, workflow
from core.process.permissions import may, require, sees_all_stations
from core.process.rules import Done, Process, Relation, Rule
from db.codes import HandoverStatus
from db.tables import Customer, Handover

MOST = 100
EDITS = "request:register"
WAITING, ACCEPTED, REFUSED, WITHDRAWN = HandoverStatus
WAITS = frozenset({WAITING})


class ProposeHandover(Input):
    """Give the customer to another station, or ask for another station's customer."""

    customer_id: RecordId
    station_id: Annotated[int | None, Choice("stations")] = None
    reason: RequiredText


class AcceptHandover(Action):
    """Yes: the customer goes to the other station."""

    note: LongText = ""


class RefuseHandover(Action):
    """No, and why."""

    note: RequiredText


class WithdrawHandover(Action):
    """It is not proposed any more."""

    note: LongText = ""


@dataclass(frozen=True)
class HandoverView:
    """One proposal, with what the actor may do about it."""

    id: int
    version: int
    customer_id: int
    customer: str
    from_station: str
    to_station: str
    is_offer: bool
    status: HandoverStatus
    reason: str
    asked_by: str
    asked_at: datetime
    actions: tuple[Rule, ...]


def _is_of(actor: Actor, station_id: int) -> bool:
    """Whether the actor speaks for a station: after-sales staff of it, or of head office."""
    own = sees_all_stations(actor) or actor.station_id == station_id
    return own and may(actor, again.READS)


def _asks(actor: Actor, row: Any) -> bool:
    return _is_of(actor, row.from_station_id if row.is_offer else row.to_station_id)


def _answers(actor: Actor, row: Any) -> bool:
    return _is_of(actor, row.to_station_id if row.is_offer else row.from_station_id)


ANSWERS = (Relation("other_station_answers", _answers),)
ASKS = (Relation("other_station_asked", _asks),)
RULES = (
    Rule("proposed", None, frozenset(), WAITING, EDITS, "C15"),
    Rule("accepted", AcceptHandover, WAITS, ACCEPTED, EDITS, "C15", who=ANSWERS),
    Rule("refused", RefuseHandover, WAITS, REFUSED, EDITS, "C15", who=ANSWERS),
    Rule("withdrawn", WithdrawHandover, WAITS, WITHDRAWN, EDITS, "C15", who=ASKS),
)


def select_visible(actor: Actor) -> Select[Handover]:
    """The proposals between the actor's station and others, as long as they can be answered."""
    query = (
        select(Handover)
        .join(Handover.customer)
        .where(or_(Handover.status != WAITING, Customer.station_id == Handover.from_station_id))
        .options(contains_eager(Handover.customer))
    )
    return query if sees_all_stations(actor) else query.where(_between(actor))


def _between(actor: Actor) -> ColumnElement[bool]:
    mine = (Handover.from_station_id, Handover.to_station_id)
    return or_(*(column == actor.station_id for column in mine))


def propose(uow: UnitOfWork, command: ProposeHandover) -> int:
    """Offer a customer to another station, or ask for one of another station; gives its id."""
    require(uow, EDITS)
    require(uow, again.READS)
    customer = again.current(uow, command.customer_id)
    uow.session.refresh(customer, with_for_update=True)
    is_offer = again.is_own(uow.actor, customer)
    to_id = command.station_id if is_offer else uow.actor.station_id
    source = _checked(uow, customer, to_id)
    row = Handover(
        customer_id=customer.id,
        from_station_id=source,
        to_station_id=to_id,
        is_offer=is_offer,
        reason=command.reason,
        asked_by_id=uow.actor.id,
        asked_at=uow.now,
    )
    row.customer = customer
    data = {"customer_id": customer.id, "to": to_id}
    workflow.begin(uow, PROCESS, row, Done(note=command.reason, data=data))
    return row.id


def _checked(uow: UnitOfWork, customer: Customer, to_id: int | None) -> int:
    """Whose the customer is; InvalidInput where there is nobody to hand over from, or to."""
    if customer.station_id is None:
        raise InvalidInput(Problem("station_id", "of_no_station"))
    if to_id is None:
        raise InvalidInput(Problem("station_id", "missing"))
    if to_id == customer.station_id:
        raise InvalidInput(Problem("station_id", "has_it_already"))
    people.check_station(uow, to_id)
    waits = (Handover.customer_id == customer.id) & (Handover.status == WAITING)
    same = select(Handover.id).where(waits, Handover.from_station_id == customer.station_id)
    if uow.session.scalar(same.limit(1)):
        raise InvalidInput(Problem("station_id", "waits_for_answer"))
    return customer.station_id


def of_customer(uow: UnitOfWork, *, customer_id: int) -> tuple[HandoverView, ...]:
    """The proposals about a customer, the newest first."""
    return _read(uow, Handover.customer_id == customer_id)


def waiting(uow: UnitOfWork) -> tuple[HandoverView, ...]:
    """What waits for an answer, of the actor's station or of another one."""
    return _read(uow, Handover.status == WAITING)


def how_many(uow: UnitOfWork) -> Select[int, int]:
    """How many proposals wait for the answer of the actor's own station."""
    of_actor = uow.actor.station_id
    mine = (Handover.is_offer & (Handover.to_station_id == of_actor)) | (
        ~Handover.is_offer & (Handover.from_station_id == of_actor)
    )
    rows = select_visible(uow.actor).where(Handover.status == WAITING, mine)
    return select(func.count(), literal(0)).select_from(rows.subquery())


def _read(uow: UnitOfWork, which: ColumnElement[bool]) -> tuple[HandoverView, ...]:
    require(uow, "search:use")
    loaded = (Handover.from_station, Handover.to_station, Handover.asked_by)
    query = select_visible(uow.actor).where(which).order_by(Handover.id.desc()).limit(MOST)
    rows = uow.session.scalars(query.options(*map(joinedload, loaded)))
    return tuple(_view(uow, row) for row in rows)


def _view(uow: UnitOfWork, row: Handover) -> HandoverView:
    return HandoverView(
        id=row.id,
        version=row.version,
        customer_id=row.customer_id,
        customer=row.customer.name,
        from_station=row.from_station.name,
        to_station=row.to_station.name,
        is_offer=row.is_offer,
        status=row.status,
        reason=row.reason,
        asked_by=row.asked_by.name if row.asked_by else "",
        asked_at=row.asked_at,
        actions=PROCESS.allowed(uow.actor, row),
    )


def _accept(uow: UnitOfWork, row: Handover, command: AcceptHandover) -> Done:
    data = changes.write(row.customer, {"station_id": row.to_station_id})
    uow.session.flush()
    note = command.note or row.reason
    facts: dict[str, Any] = {"action": "edited", "note": note, "data": data}
    history.record(uow, subject="customer", subject_id=row.customer_id, **facts)
    return Done(note=command.note)


def _said(_uow: UnitOfWork, _row: Handover, command: RefuseHandover | WithdrawHandover) -> Done:
    return Done(note=command.note)


def station_options(uow: UnitOfWork, but: int | None) -> Mapping[int, str]:
    """The stations that a customer may go to."""
    return {id: name for id, name in people.station_options(uow).items() if id != but}


PROCESS = Process(
    subject="handover",
    rules=RULES,
    effects={AcceptHandover: _accept, RefuseHandover: _said, WithdrawHandover: _said},
    select=select_visible,
    table=Handover,
    case_id=lambda row: None,
)

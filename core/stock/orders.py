"""Orders 领料: a technician asks for parts; they are approved, put aside, issued, given back."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, literal, select
from sqlalchemy.orm import joinedload, selectinload

from core.kernel.errors import InvalidInput, Problem
from core.kernel.unit_of_work import Actor, UnitOfWork
from core.notices import receivers
from core.notices.notices import Told
from core.people.own_jobs import own_jobs
from core.process import workflow
from core.process.permissions import require, sees_all_stations
from core.process.rules import Done, Happening, Process, Relation, Rule
from core.stock import catalogue, ledger, lists, sight
from core.stock.inputs import (
    ApproveParts,
    AskedPart,
    AskParts,
    GiveBackParts,
    IssueParts,
    PickParts,
    PutBackParts,
    RefuseParts,
    ReplacePart,
    WithdrawParts,
)
from core.stock.ledger import Taken
from core.stock.sight import APPROVE, ASIDE, ASK, KEEP, READ
from db.codes import MoveReason, NoticeKind, OrderStatus, Role
from db.tables import (
    Job,
    Part,
    PartOrder,
    PartOrderLine,
    PartSubstitute,
    Person,
    ServiceRequest,
)

MOST = 200


ASKED, APPROVED, PICKED, ISSUED, REFUSED, WITHDRAWN = OrderStatus
WAITING, ALIVE = frozenset({ASKED}), frozenset({ASKED, APPROVED, PICKED})
OWN = Relation("other_order", lambda actor, row: actor.id == row.technician_id)
RULES = (
    Rule("asked", None, frozenset(), ASKED, ASK, "D13"),
    Rule("approved", ApproveParts, WAITING, APPROVED, APPROVE, "D13"),
    Rule("refused", RefuseParts, WAITING, REFUSED, APPROVE, "D13"),
    Rule("picked", PickParts, frozenset({APPROVED}), PICKED, KEEP, "D13"),
    Rule("issued", IssueParts, frozenset({PICKED}), ISSUED, KEEP, "D13"),
    Rule("put_back", PutBackParts, frozenset({PICKED}), APPROVED, KEEP, "D13"),
    Rule("replaced", ReplacePart, frozenset({ASKED, APPROVED}), None, KEEP, "D13"),
    Rule("given_back", GiveBackParts, frozenset({ISSUED}), None, KEEP, "D13"),
    Rule("given_back", GiveBackParts, frozenset({ISSUED}), None, ASK, "D13", who=(OWN,)),
    Rule("withdrawn", WithdrawParts, ALIVE, WITHDRAWN, ASK, "D13", who=(OWN,)),
    Rule("job_ended", None, ALIVE, WITHDRAWN, ASK, "E6"),
)
STEPS = frozenset({ASKED, APPROVED, PICKED})


@dataclass(frozen=True)
class OrderView:
    """One order with what may be done about it."""

    id: int
    version: int
    status: OrderStatus
    technician: str
    station: str
    case_id: int | None
    number: str
    lines: tuple[str, ...]
    note: str
    decided_by: str
    asked_at: datetime
    ready_at: datetime | None
    actions: tuple[Rule, ...]


def select_visible(actor: Actor) -> Select[PartOrder]:
    """The orders of the actor's station, or of all; a technician's own ones only."""
    query = select(PartOrder).options(
        selectinload(PartOrder.lines).joinedload(PartOrderLine.part),
    )
    if actor.role is Role.TECHNICIAN:
        return query.where(PartOrder.technician_id == actor.id)
    return query if sees_all_stations(actor) else query.where(_of_station(actor))


def ask(uow: UnitOfWork, command: AskParts) -> int:
    """Ask for parts; gives the order's id."""
    require(uow, ASK)
    case_id = _case(uow, command.job_id)
    known = catalogue.parts(uow)
    wrong = [
        Problem(f"order_lines.{at}.part_id", "not_an_option")
        for at, line in enumerate(command.order_lines)
        if line.part_id not in known
    ]
    if wrong:
        raise InvalidInput(*wrong)
    whose = {"technician_id": uow.actor.id, "station_id": uow.actor.station_id}
    return _begin(uow, command, **whose, job_id=command.job_id, case_id=case_id)


def ask_for(uow: UnitOfWork, job: Job, lines: Sequence[AskedPart], note: str) -> int:
    """Ask for what a job's next visit needs, for whoever is sent; gives the order's id."""
    station = select(Person.station_id).where(Person.id == job.technician_id)
    whose = {"technician_id": job.technician_id, "station_id": uow.session.scalar(station)}
    command = AskParts(order_lines=[*lines], note=note)
    return _begin(uow, command, **whose, job_id=job.id, case_id=job.request_id)


def _begin(uow: UnitOfWork, command: AskParts, **whose: int | None) -> int:
    lines = [PartOrderLine(**line.model_dump()) for line in command.order_lines]
    order = PartOrder(**whose, note=command.note, asked_at=uow.now, lines=lines)
    workflow.begin(uow, PROCESS, order, Done(note=command.note))
    return order.id


def offered(uow: UnitOfWork, *, job_id: int | None) -> Mapping[int, str]:
    """The parts that the actor may ask for, with what the store has; what fits the job first."""
    asset = select(ServiceRequest.asset_id).join(Job, Job.request_id == ServiceRequest.id)
    asset_id = uow.session.scalar(asset.where(Job.id == job_id)) if job_id else None
    return lists.to_order(uow, asset_id, uow.actor.id or 0)


def listed(uow: UnitOfWork, *, over: bool = False) -> tuple[OrderView, ...]:
    """The orders that wait for a step, the oldest first; or those that are over."""
    require(uow, READ)
    order = PartOrder.id.desc() if over else PartOrder.id.asc()
    is_open = PartOrder.status.in_(STEPS)
    return _views(uow, ~is_open if over else is_open, order)


def of_job(uow: UnitOfWork, *, job_id: int) -> tuple[OrderView, ...]:
    """The orders for a job that the actor may see."""
    return _views(uow, PartOrder.job_id == job_id, PartOrder.id.desc())


def how_many(uow: UnitOfWork) -> Select[int, int]:
    """How many orders wait for a step; none of them is late by itself."""
    which = PartOrder.status.in_(STEPS)
    if not sees_all_stations(uow.actor):
        which &= _of_station(uow.actor)
    return select(func.count(), literal(0)).select_from(PartOrder).where(which)


def asked_for(uow: UnitOfWork, row: PartOrder, _done: Done) -> Iterator[Told]:
    """Who keeps the station's store is told that parts are asked for."""
    yield Told(NoticeKind.STOCK, keepers(uow, row.station_id), _told(uow, row))


def decided(uow: UnitOfWork, row: PartOrder, _done: Done) -> Iterator[Told]:
    """The technician is told what became of the order."""
    yield Told(NoticeKind.STOCK, {row.technician_id}, _told(uow, row))


def job_ended(uow: UnitOfWork, ended: Happening) -> None:
    """The parts of a job that was taken back or called off are not needed any more."""
    open_ones = PartOrder.status.in_(ALIVE) & (PartOrder.job_id == ended.record.id)
    lines = selectinload(PartOrder.lines).joinedload(PartOrderLine.part)
    query = select(PartOrder).where(open_ones).options(lines).order_by(PartOrder.id)
    for row in uow.session.scalars(query.with_for_update(of=PartOrder)).all():
        _put_back(uow, row)
        workflow.advance(uow, PROCESS, row, "job_ended", Done(note=ended.done.note))


def keepers(uow: UnitOfWork, station_id: int | None) -> tuple[int, ...]:
    """Who keeps a store: the people of the warehouse, and who heads the station."""
    warehouse = select(Person.id).where(Person.active, Person.role == Role.WAREHOUSE)
    heads = receivers.heads(uow, station_id) if station_id else ()
    return (*uow.session.scalars(warehouse.order_by(Person.id)), *heads)


def _of_station(actor: Actor) -> Any:
    return PartOrder.station_id == actor.station_id


def _told(uow: UnitOfWork, row: PartOrder) -> dict[str, Any]:
    name = uow.session.scalars(select(Person.name).where(Person.id == row.technician_id)).one()
    return {"order": row.id, "name": name, "count": len(row.lines)}


def _case(uow: UnitOfWork, job_id: int | None) -> int | None:
    if job_id is None:
        return None
    if job_id not in own_jobs(uow):
        raise InvalidInput(Problem("job_id", "not_an_option"))
    return uow.session.scalars(select(Job.request_id).where(Job.id == job_id)).one()


def _views(uow: UnitOfWork, which: Any, order: Any) -> tuple[OrderView, ...]:
    rows = uow.session.scalars(
        select_visible(uow.actor)
        .where(which)
        .options(
            joinedload(PartOrder.technician),
            joinedload(PartOrder.station),
            joinedload(PartOrder.decided_by),
            joinedload(PartOrder.case),
        )
        .order_by(order)
        .limit(MOST)
    )
    return tuple(_view(uow, row) for row in rows)


def _view(uow: UnitOfWork, row: PartOrder) -> OrderView:
    return OrderView(
        id=row.id,
        version=row.version,
        status=row.status,
        technician=row.technician.name,
        station=row.station.name if row.station else "",
        case_id=row.case_id,
        number=row.case.number if row.case else "",
        lines=tuple(_line(line) for line in row.lines),
        note=row.note,
        decided_by=row.decided_by.name if row.decided_by else "",
        asked_at=row.asked_at,
        ready_at=row.ready_at,
        actions=PROCESS.allowed(uow.actor, row),
    )


def _line(line: PartOrderLine) -> str:
    return f"{catalogue.label(line.part)} ×{line.quantity}"


def _decide(uow: UnitOfWork, row: PartOrder, command: ApproveParts | RefuseParts) -> Done:
    row.decided_by_id, row.decided_at = uow.actor.id, uow.now
    return Done(note=command.note)


def _replace(uow: UnitOfWork, row: PartOrder, command: ReplacePart) -> Done:
    line = next(each for each in row.lines if each.id == command.line_id)
    does = select(PartSubstitute.id).where(
        PartSubstitute.part_id == line.part_id, PartSubstitute.substitute_id == command.part_id
    )
    if uow.session.scalar(does) is None:
        raise InvalidInput(Problem("part_id", "no_substitute"))
    old = catalogue.label(line.part)
    line.part = uow.session.get_one(Part, command.part_id)
    return Done(note=f"{old} → {catalogue.label(line.part)}")


def _pick(uow: UnitOfWork, row: PartOrder, _command: PickParts) -> Done:
    store, aside = (sight.store(uow, row.station_id, kind) for kind in (sight.STORE, ASIDE))
    for line in sorted(row.lines, key=lambda each: each.part_id):
        for taken in ledger.choose(uow, store, line.part, line.quantity):
            _move(uow, row, taken, MoveReason.PICKED, store, aside)
    row.ready_at = uow.now
    return Done()


def _issue(uow: UnitOfWork, row: PartOrder, _command: IssueParts) -> Done:
    van = sight.van(uow, row.technician_id)
    aside = sight.store(uow, row.station_id, ASIDE)
    for lot_id, quantity in ledger.of_order(uow, row.id, aside).items():
        # What expired while it lay there is not given out: it is put back and picked anew.
        ledger.require_good(uow, lot_id, "form")
        _move(uow, row, Taken(lot_id, quantity), MoveReason.ISSUED, aside, van)
    row.issued_at = uow.now
    return Done()


def _give_back(uow: UnitOfWork, row: PartOrder, command: GiveBackParts) -> Done:
    van, store = sight.van(uow, row.technician_id), sight.store(uow, row.station_id)
    parts = {line.id: line.part_id for line in row.lines}
    for at, line in enumerate(command.order_lines):
        field, wanted = f"order_lines.{at}.quantity", line.quantity
        for lot_id, quantity in _had(uow, row, van, parts[line.line_id]):
            taken = Taken(lot_id, min(wanted, quantity))
            if taken.quantity:
                _move(uow, row, taken, MoveReason.GIVEN_BACK, van, store, field)
                wanted -= taken.quantity
        if wanted:
            raise InvalidInput(Problem(field, "too_few_left", {"count": line.quantity - wanted}))
    return Done(note=command.note)


def _had(uow: UnitOfWork, row: PartOrder, van: int, part_id: int) -> list[tuple[int, int]]:
    """The lots of a part that an order has brought into the van."""
    of_part = set(ledger.lots(uow, part_id))
    brought = ledger.of_order(uow, row.id, van)
    return [(lot_id, count) for lot_id, count in brought.items() if lot_id in of_part]


def _withdraw(uow: UnitOfWork, row: PartOrder, command: WithdrawParts) -> Done:
    _put_back(uow, row)
    return Done(note=command.note)


def _unpick(uow: UnitOfWork, row: PartOrder, _command: PutBackParts) -> Done:
    _put_back(uow, row)
    row.ready_at = None
    return Done()


def _put_back(uow: UnitOfWork, row: PartOrder) -> None:
    store, aside = (sight.store(uow, row.station_id, kind) for kind in (sight.STORE, ASIDE))
    for lot_id, quantity in ledger.of_order(uow, row.id, aside).items():
        _move(uow, row, Taken(lot_id, quantity), MoveReason.PUT_BACK, aside, store)


def _move(
    uow: UnitOfWork,
    row: PartOrder,
    taken: Taken,
    reason: MoveReason,
    source: int,
    target: int,
    field: str = "form",
) -> None:
    ledger.move(uow, taken, reason, source=source, target=target, field=field, order_id=row.id)


def _lines(_uow: UnitOfWork, row: PartOrder) -> Mapping[int, str]:
    return {line.id: _line(line) for line in row.lines}


def _substitutes(uow: UnitOfWork, row: PartOrder) -> Mapping[int, str]:
    others = select(PartSubstitute.substitute_id).where(
        PartSubstitute.part_id.in_([line.part_id for line in row.lines])
    )
    rows = uow.session.scalars(select(Part).where(Part.id.in_(others)).order_by(Part.name))
    return {part.id: catalogue.label(part) for part in rows}


PROCESS = Process(
    subject="part_order",
    rules=RULES,
    effects={
        ApproveParts: _decide,
        GiveBackParts: _give_back,
        IssueParts: _issue,
        PickParts: _pick,
        PutBackParts: _unpick,
        RefuseParts: _decide,
        ReplacePart: _replace,
        WithdrawParts: _withdraw,
    },
    select=select_visible,
    table=PartOrder,
    case_id=lambda row: row.case_id,
    options={"order_lines": _lines, "substitutes": _substitutes},
    # Who decides says something else than who asked.
    proposals=dict.fromkeys(
        (ApproveParts, RefuseParts, WithdrawParts, GiveBackParts), lambda _uow, _row: {"note": ""}
    ),
)

"""Parts that were built in: out of the van or the store, with the old one on its way (A21)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, literal, select
from sqlalchemy.orm import contains_eager, joinedload

from core.customers.warranty import warranty_end
from core.kernel.errors import InvalidInput, NotAllowed, NotFound, Problem
from core.kernel.unit_of_work import Actor, UnitOfWork
from core.process import workflow
from core.process.permissions import may, require, require_case, visible_requests
from core.process.rules import Done, Process, Relation, Rule
from core.stock import catalogue, ledger, lists, sight
from core.stock.inputs import SendOldPart, TakeOldPart, UndoUse, UsePart
from core.stock.ledger import Taken
from core.stock.lists import Balance
from core.stock.sight import KEEP, READ
from db.codes import JobStatus, MoveReason, OldPart, PartUseStatus
from db.tables import Asset, Job, Part, PartLot, PartUse, ServiceRequest, StockPlace
from db.types import LARGEST_ID

WORK, WORK_ANY = "job:work", "job:work_any"
MOST = 200

USED, OWED, IN_STORE, SENT, UNDONE = PartUseStatus
FRESH = frozenset({USED, OWED})
OWN = Relation("own_job", lambda actor, row: row.job.technician_id == actor.id)
RULES = (
    Rule("used", None, frozenset(), USED, WORK, "A21"),
    Rule("old_owed", None, frozenset({USED}), OWED, WORK, "A21"),
    Rule("undone", UndoUse, FRESH, UNDONE, WORK, "A21", who=(OWN,)),
    Rule("undone", UndoUse, FRESH, UNDONE, WORK_ANY, "A21"),
    Rule("old_taken", TakeOldPart, frozenset({OWED}), IN_STORE, KEEP, "A21"),
    Rule("old_sent", SendOldPart, frozenset({IN_STORE}), SENT, KEEP, "A21"),
)


@dataclass(frozen=True)
class UseView:
    """One part in a piece, with what may be done about it."""

    id: int
    version: int
    status: PartUseStatus
    case_id: int
    number: str
    part: str
    unit: str
    batch: str
    quantity: int
    old_serial: str
    new_serial: str
    old_part: OldPart
    by: str
    used_at: datetime
    warranty_until: date | None
    actions: tuple[Rule, ...]


@dataclass(frozen=True)
class Bench:
    """What a technician needs to say which part was built in on a job."""

    in_reach: tuple[Balance, ...]
    used: tuple[UseView, ...]
    may_use: bool


def select_visible(actor: Actor) -> Select[PartUse]:
    """What was built in on the cases that the actor may see."""
    return (
        select(PartUse)
        .join(PartUse.job)
        .join(PartUse.case)
        .where(visible_requests(actor) | (Job.technician_id == actor.id))
        .options(contains_eager(PartUse.job), contains_eager(PartUse.case))
    )


def use(uow: UnitOfWork, command: UsePart, *, job_id: int) -> int:
    """Build a part in on a job; gives the use's id. NotFound where the job is out of sight."""
    job = _job(uow, job_id)
    if not _may_use(uow, job):
        raise NotAllowed(permission=WORK)
    offered = {row.id: row for row in _in_reach(uow, job)}
    if command.balance_id not in offered:
        raise InvalidInput(Problem("balance_id", "not_an_option"))
    balance = offered[command.balance_id]
    ledger.require_good(uow, balance.lot_id, "balance_id")
    facts = command.model_dump(exclude={"balance_id"})
    where: dict[str, Any] = {"place_id": balance.place_id, "lot_id": balance.lot_id}
    where["warranty_until"] = _warranty(uow, balance.lot_id)
    by = {"used_by_id": uow.actor.id, "used_at": uow.now}
    row = PartUse(job_id=job.id, job=job, case_id=job.request_id, **where, **facts, **by)
    said = f"{balance.part} ×{command.quantity}"
    workflow.begin(uow, PROCESS, row, Done(note=said))
    taken = Taken(balance.lot_id, command.quantity)
    ledger.move(uow, taken, MoveReason.USED, source=balance.place_id, use_id=row.id)
    if command.old_part is OldPart.TO_MAKER:
        workflow.advance(uow, PROCESS, row, "old_owed", Done(note=said))
    return row.id


def is_warranted(uow: UnitOfWork, asset_id: int, day: date) -> bool:
    """Whether a part of its own warranty was built into a piece, and the warranty runs that day."""
    query = (
        select(PartUse.id)
        .join(PartUse.case)
        .where(ServiceRequest.asset_id == asset_id, PartUse.status != UNDONE)
        .where(PartUse.warranty_until >= day)
    )
    return uow.session.scalar(query.limit(1)) is not None


def of_piece(uow: UnitOfWork, *, asset_id: int) -> tuple[UseView, ...]:
    """What was built into a piece, on the cases that the actor may see."""
    require(uow, "search:use")
    return _views(uow, (ServiceRequest.asset_id == asset_id) & (PartUse.status != UNDONE))


def _warranty(uow: UnitOfWork, lot_id: int) -> date | None:
    months = uow.session.scalar(
        select(Part.warranty_months)
        .join(PartLot, PartLot.part_id == Part.id)
        .where(PartLot.id == lot_id)
    )
    return None if months is None else warranty_end(uow.today, months)


def bench(uow: UnitOfWork, *, job_id: int) -> Bench:
    """What may be built in on a job, and what was."""
    job = _job(uow, job_id)
    may_use = _may_use(uow, job)
    used = _views(uow, PartUse.job_id == job_id)
    return Bench(_in_reach(uow, job) if may_use else (), used, may_use)


def of_case(uow: UnitOfWork, *, case_id: int) -> tuple[UseView, ...]:
    """What was built in on a case, job by job; what was undone is left out."""
    require_case(uow, case_id)
    return _views(uow, (PartUse.case_id == case_id) & (PartUse.status != UNDONE))


def sums(uow: UnitOfWork, *, case_id: int) -> tuple[tuple[Part, int], ...]:
    """How many of each part were built in on a case."""
    rows = uow.session.execute(
        select(Part, func.sum(PartUse.quantity))
        .join(PartLot, PartLot.part_id == Part.id)
        .join(PartUse, PartUse.lot_id == PartLot.id)
        .where(PartUse.case_id == case_id, PartUse.status != UNDONE)
        .group_by(Part.id)
        .order_by(Part.name, Part.number)
    )
    return tuple((part, int(quantity)) for part, quantity in rows)


def lines_of(uow: UnitOfWork, *, job_id: int) -> tuple[str, ...]:
    """What was built in on a job, a line each, as its report says it."""
    return tuple(map(line, _views(uow, (PartUse.job_id == job_id) & (PartUse.status != UNDONE))))


def line(row: UseView) -> str:
    """A part that was built in, with its serial number."""
    serial = f" ({row.old_serial} → {row.new_serial})" if row.old_serial else ""
    serial = serial or (f" ({row.new_serial})" if row.new_serial else "")
    return f"{row.part} ×{row.quantity}{row.unit}{serial}"


def old_parts(uow: UnitOfWork) -> tuple[UseView, ...]:
    """The old parts that are still on their way to the maker."""
    require(uow, READ)
    return _views(uow, PartUse.status.in_((OWED, IN_STORE)))


def how_many(uow: UnitOfWork) -> Select[int, int]:
    """How many old parts wait in the stores or are still to come; none of them is late."""
    waiting = PartUse.status.in_((OWED, IN_STORE))
    here = sight.visible(uow.actor)
    query = select(func.count(), literal(0)).select_from(PartUse)
    return query.join(StockPlace, StockPlace.id == PartUse.place_id).where(waiting, here)


def _job(uow: UnitOfWork, id: int) -> Job:
    query = select(Job).join(Job.request).where(Job.id == id)
    seen = visible_requests(uow.actor) | (Job.technician_id == uow.actor.id)
    query = query.where(seen).options(contains_eager(Job.request))
    found = uow.session.scalar(query) if 0 < id <= LARGEST_ID else None
    if found is None:
        raise NotFound(subject="job", id=id)
    return found


def _may_use(uow: UnitOfWork, job: Job) -> bool:
    """The job's own technician or a manager, until the form is handed in."""
    if job.status is JobStatus.CANCELLED or job.filed_at is not None:
        return False
    is_own = may(uow.actor, WORK) and job.technician_id == uow.actor.id
    return is_own or may(uow.actor, WORK_ANY)


def _in_reach(uow: UnitOfWork, job: Job) -> tuple[Balance, ...]:
    asset_id = job.request.asset_id
    product = select(Asset.product_id).where(Asset.id == asset_id)
    product_id = uow.session.scalar(product) if asset_id else None
    return lists.in_reach(uow, job.technician_id, product_id)


def _views(uow: UnitOfWork, which: Any) -> tuple[UseView, ...]:
    rows: Sequence[PartUse] = uow.session.scalars(
        select_visible(uow.actor)
        .where(which)
        .options(joinedload(PartUse.lot).joinedload(PartLot.part), joinedload(PartUse.used_by))
        .order_by(PartUse.id)
        .limit(MOST)
    ).all()
    return tuple(_view(uow, row) for row in rows)


def _view(uow: UnitOfWork, row: PartUse) -> UseView:
    return UseView(
        id=row.id,
        version=row.version,
        status=row.status,
        case_id=row.case_id,
        number=row.case.number,
        part=catalogue.label(row.lot.part),
        unit=row.lot.part.unit,
        batch=row.lot.batch,
        quantity=row.quantity,
        old_serial=row.old_serial,
        new_serial=row.new_serial,
        old_part=row.old_part,
        by=row.used_by.name,
        used_at=row.used_at,
        warranty_until=row.warranty_until,
        actions=PROCESS.allowed(uow.actor, row),
    )


def _undo(uow: UnitOfWork, row: PartUse, command: UndoUse) -> Done:
    if row.job.filed_at is not None:
        raise InvalidInput(Problem("form", "form_filed"))
    taken = Taken(row.lot_id, row.quantity)
    ledger.move(uow, taken, MoveReason.UNDONE, target=row.place_id, use_id=row.id)
    return Done(note=command.note)


def _take_old(_uow: UnitOfWork, _row: PartUse, _command: TakeOldPart) -> Done:
    return Done()


def _send_old(_uow: UnitOfWork, _row: PartUse, command: SendOldPart) -> Done:
    return Done(note=command.note)


PROCESS = Process(
    subject="part_use",
    rules=RULES,
    effects={SendOldPart: _send_old, TakeOldPart: _take_old, UndoUse: _undo},
    select=select_visible,
    table=PartUse,
    case_id=lambda row: row.case_id,
)

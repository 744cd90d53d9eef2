"""Lists of maintenance: the plans with what is due next, and the rounds with their cases."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from dateutil.relativedelta import relativedelta
from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import contains_eager, joinedload

from core.customers.purchases import name_of, piece_name
from core.kernel.paging import PAGE, Page, leaf
from core.kernel.unit_of_work import UnitOfWork
from core.maintenance import plans, rounds, sight
from core.maintenance.reminders import overdue
from core.maintenance.rules import ACTIVE, DONE, ENDED, MADE, PLANNED, READ, SKIPPED
from core.process import changes, workflow
from core.process.changes import Change
from core.process.permissions import require, require_case, visible_requests
from core.process.rules import Rule
from db.codes import (
    CountedFrom,
    IntervalUnit,
    MaintenanceStatus,
    NextRound,
    RequestKind,
    RoundStatus,
)
from db.tables import Asset, Customer, MaintenancePlan, MaintenanceRound, ServiceRequest

MOST = 500
# The closed lists that a plan's fields hold.
CODES: dict[str, type[StrEnum]] = {
    "interval_unit": IntervalUnit,
    "counted_from": CountedFrom,
    "next_round": NextRound,
}


class RoundState(StrEnum):
    """Where a round stands: as it is stored, and overdue where its day is past."""

    OVERDUE = "overdue"
    PLANNED = "planned"
    MADE = "made"
    DONE = "done"
    SKIPPED = "skipped"


class PlanPart(StrEnum):
    """Which plans are looked at."""

    RUNNING = "running"
    OVERDUE = "overdue"
    THIS_MONTH = "this_month"
    ENDED = "ended"


@dataclass(frozen=True)
class PlanRow:
    """A plan with what is due next, and how many rounds are overdue and due this month."""

    id: int
    title: str
    status: MaintenanceStatus
    product: str
    customer: str
    contract: str
    station: str
    kind: RequestKind
    interval_length: int
    interval_unit: IntervalUnit
    next_due: date | None
    overdue: int
    this_month: int

    def is_in(self, part: PlanPart) -> bool:
        """Whether the plan belongs to this part of the list."""
        if part is PlanPart.OVERDUE:
            return self.overdue > 0
        if part is PlanPart.THIS_MONTH:
            return self.this_month > 0
        return (self.status is ENDED) == (part is PlanPart.ENDED)


@dataclass(frozen=True)
class PlanView:
    """One plan, with what the actor may do about it."""

    row: PlanRow
    version: int
    task: str
    counted_from: CountedFrom
    first_on: date | None
    next_round: NextRound
    days_ahead: int
    valid_from: date
    valid_until: date | None
    customer_id: int | None
    pieces: tuple[str, ...]
    covered: int
    # How many of these belong to customers without an address.
    without_address: int
    actions: tuple[Rule, ...]


@dataclass(frozen=True)
class RoundFilter:
    """What narrows the rounds; empty fields do not."""

    state: RoundState | None = None
    station_id: int | None = None
    plan_id: int | None = None


@dataclass(frozen=True)
class RoundRow:
    """One piece on one due day; its case is named where the actor may see it."""

    id: int
    version: int
    plan_id: int
    plan: str
    state: RoundState
    due_on: date
    done_on: date | None
    customer_id: int
    customer: str
    address: str
    piece: str
    station: str
    case_id: int | None
    number: str
    note: str
    actions: tuple[Rule, ...]


def listed(uow: UnitOfWork) -> tuple[PlanRow, ...]:
    """The plans that the actor may see, what is due next first; two queries."""
    require(uow, READ)
    query = sight.plans(uow.actor).options(*sight.WITH_NAMES).limit(MOST)
    found = uow.session.scalars(query.order_by(MaintenancePlan.id.desc())).all()
    counts = _counts(uow)
    rows = [_row(plan, counts.get(plan.id, (None, 0, 0))) for plan in found]
    return tuple(sorted(rows, key=lambda row: (row.next_due or date.max, row.title, row.id)))


def view(uow: UnitOfWork, *, id: int) -> PlanView:
    """One plan; NotFound when it is another station's."""
    require(uow, READ)
    plan = workflow.fetch(uow, plans.PROCESS, id, options=sight.WITH_NAMES)
    covered = select(func.count(), func.count().filter(_no_address())).select_from(MaintenancePlan)
    counted = covered.join(Asset, sight.covered()).join(Asset.customer)
    pieces, without_address = uow.session.execute(counted.where(MaintenancePlan.id == id)).one()
    names = plans.pieces_of(uow, customer_id=plan.customer_id) if plan.customer_id else {}
    return PlanView(
        row=_row(plan, _counts(uow, id).get(id, (None, 0, 0))),
        version=plan.version,
        task=plan.task,
        counted_from=plan.counted_from,
        first_on=plan.first_on,
        next_round=plan.next_round,
        days_ahead=plan.days_ahead,
        valid_from=plan.valid_from,
        valid_until=plan.valid_until,
        customer_id=plan.customer_id,
        pieces=tuple(names[each] for each in plans.named_pieces(uow, id) if each in names),
        covered=pieces,
        without_address=without_address,
        actions=plans.PROCESS.allowed(uow.actor, plan),
    )


def edits(uow: UnitOfWork, *, id: int) -> tuple[Change, ...]:
    """What was changed of a plan that the actor may see."""
    require(uow, READ)
    workflow.fetch(uow, plans.PROCESS, id)
    return changes.of_record(uow, subject=plans.PROCESS.subject, subject_id=id)


def listed_rounds(uow: UnitOfWork, *, filters: RoundFilter, page: int = 1) -> Page[RoundRow]:
    """The rounds that the actor may see: those that are open first, by due day; one query."""
    require(uow, READ)
    is_over = MaintenanceRound.status.in_((DONE, SKIPPED))
    query = _rounds(uow).where(*_narrow(uow, filters)).add_columns(func.count().over())
    order: tuple[Any, ...] = (is_over, MaintenanceRound.due_on, MaintenanceRound.id)
    if filters.state in (RoundState.DONE, RoundState.SKIPPED):
        order = (MaintenanceRound.due_on.desc(), MaintenanceRound.id.desc())
    found, number = leaf(uow, query.order_by(*order), page=page, size=PAGE)
    rows = tuple(_round(uow, row, is_late) for row, is_late, _ in found)
    return Page(rows, found[0][-1] if found else 0, number)


def of_customer(uow: UnitOfWork, *, customer_id: int) -> tuple[RoundRow, ...]:
    """The open rounds of a customer's pieces, what is due first before; one query."""
    require(uow, READ)
    is_open = MaintenanceRound.status.in_((PLANNED, MADE))
    query = _rounds(uow).where(Asset.customer_id == customer_id, is_open, _in_force())
    found = uow.session.execute(query.order_by(MaintenanceRound.due_on).limit(PAGE))
    return tuple(_round(uow, row, is_late) for row, is_late in found)


def of_case(uow: UnitOfWork, *, case_id: int) -> RoundRow | None:
    """The round that a case was made of; None where it came another way."""
    require_case(uow, case_id)
    found = uow.session.execute(_rounds(uow).where(MaintenanceRound.request_id == case_id)).first()
    return _round(uow, *found) if found else None


def _counts(uow: UnitOfWork, id: int | None = None) -> dict[int, tuple[date | None, int, int]]:
    late, is_open = overdue(uow), MaintenanceRound.status.in_((PLANNED, MADE))
    first = uow.today.replace(day=1)
    month = MaintenanceRound.due_on.between(first, first + relativedelta(months=1, days=-1))
    query = (
        select(
            MaintenanceRound.plan_id,
            func.min(MaintenanceRound.due_on).filter(is_open),
            func.count().filter(late),
            func.count().filter(month & (MaintenanceRound.status != SKIPPED)),
        )
        .join(MaintenanceRound.plan)
        .where(sight.visible_rounds(uow.actor), _in_force())
        .group_by(MaintenanceRound.plan_id)
    )
    if id is not None:
        query = query.where(MaintenanceRound.plan_id == id)
    rows = uow.session.execute(query)
    return {plan: (due, count, in_month) for plan, due, count, in_month in rows}


def _in_force() -> ColumnElement[bool]:
    """Not a forecast of a day on which the plan is over; the plan stands in the query."""
    is_real = (MaintenancePlan.status == ACTIVE) & rounds.IN_TIME
    return (MaintenanceRound.status != PLANNED) | is_real


def _no_address() -> ColumnElement[bool]:
    return Customer.address == ""


def _rounds(uow: UnitOfWork) -> Select[MaintenanceRound, bool]:
    return (
        select(MaintenanceRound, overdue(uow))
        .join(MaintenanceRound.plan)
        .join(MaintenanceRound.asset)
        .outerjoin(
            ServiceRequest,
            (ServiceRequest.id == MaintenanceRound.request_id) & visible_requests(uow.actor),
        )
        .where(sight.visible_rounds(uow.actor))
        .options(
            contains_eager(MaintenanceRound.plan),
            contains_eager(MaintenanceRound.request),
            contains_eager(MaintenanceRound.asset).options(
                joinedload(Asset.product), joinedload(Asset.customer)
            ),
            joinedload(MaintenanceRound.station),
        )
    )


def _narrow(uow: UnitOfWork, filters: RoundFilter) -> list[ColumnElement[bool]]:
    where = [_in_force()]
    if filters.state is RoundState.OVERDUE:
        where.append(overdue(uow))
    elif filters.state:
        where.append(MaintenanceRound.status == RoundStatus(filters.state.value))
        where.append(~overdue(uow))
    if filters.station_id:
        where.append(MaintenanceRound.station_id == filters.station_id)
    if filters.plan_id:
        where.append(MaintenanceRound.plan_id == filters.plan_id)
    return where


def _row(plan: MaintenancePlan, counted: tuple[date | None, int, int]) -> PlanRow:
    next_due, late, this_month = counted
    return PlanRow(
        id=plan.id,
        title=plan.title,
        status=plan.status,
        product=name_of(plan.product) if plan.product else "",
        customer=plan.customer.name if plan.customer else "",
        contract=plan.contract,
        station=plan.station.name if plan.station else "",
        kind=plan.kind,
        interval_length=plan.interval_length,
        interval_unit=plan.interval_unit,
        next_due=next_due,
        overdue=late,
        this_month=this_month,
    )


def _round(uow: UnitOfWork, row: MaintenanceRound, is_late: bool) -> RoundRow:
    asset, case = row.asset, row.request
    return RoundRow(
        id=row.id,
        version=row.version,
        plan_id=row.plan_id,
        plan=row.plan.title,
        state=RoundState.OVERDUE if is_late else RoundState(row.status.value),
        due_on=row.due_on,
        done_on=row.done_on,
        customer_id=asset.customer_id,
        customer=asset.customer.name,
        address=asset.customer.address,
        piece=piece_name(asset),
        station=row.station.name if row.station else "",
        case_id=case.id if case else None,
        number=case.number if case else "",
        note=row.note,
        actions=rounds.PROCESS.allowed(uow.actor, row),
    )

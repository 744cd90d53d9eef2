"""Rounds of maintenance: planned by the sweep, made into cases ahead of time, done, skipped."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.orm import aliased, contains_eager, joinedload

from core.customers import pieces
from core.customers.warranty import OWNED
from core.kernel import once
from core.kernel.errors import InvalidInput, Problem
from core.kernel.unit_of_work import UnitOfWork
from core.maintenance import days, sight
from core.maintenance.inputs import SkipRound
from core.maintenance.rules import ACTIVE, MADE, PLANNED, ROUND_RULES
from core.maintenance.teams import Teams
from core.process import workflow
from core.process.rules import Done, Happening, Process
from core.requests import actions as requests
from core.requests import intake
from db.codes import Channel, CountedFrom, NextRound, Priority, RequestKind
from db.tables import Asset, MaintenancePlan, MaintenanceRound, ServiceRequest

# So many pieces of a plan, and so many cases, in one sweep: the next one is a minute later.
PIECES, CASES = 300, 100
# When a technician may come on the due day.
BEGINS, ENDS = time(9), time(17)

IN_TIME = (MaintenanceRound.due_on <= MaintenancePlan.valid_until) | (
    MaintenancePlan.valid_until.is_(None)
)


def lacking(uow: UnitOfWork) -> Sequence[int]:
    """The active plans with a piece whose next round nobody has reckoned yet."""
    found = _lacking(select(MaintenancePlan.id).distinct())
    return uow.session.scalars(found.order_by(MaintenancePlan.id)).all()


def fill(uow: UnitOfWork, plan_id: int) -> None:
    """Plan the next round of some pieces of a plan.

    The plan is held, so that its days do not change under the reckoning.
    """
    held = select(MaintenancePlan).where(MaintenancePlan.id == plan_id).with_for_update()
    plan = uow.session.scalars(held.execution_options(populate_existing=True)).one()
    query = _lacking(select(Asset)).where(MaintenancePlan.id == plan_id).order_by(Asset.id)
    assets = uow.session.scalars(query.options(joinedload(Asset.customer)).limit(PIECES)).all()
    last, bases, teams = _last(uow, plan, assets), _bases(uow, plan, assets), Teams(uow)
    for asset in assets:
        due_on = _next(uow, plan, bases[asset.id], last.get(asset.id))
        once.add(
            uow.session,
            MaintenanceRound,
            plan_id=plan.id,
            asset_id=asset.id,
            station_id=teams.of(plan, asset.customer),
            due_on=due_on,
            make_on=due_on - timedelta(days=plan.days_ahead),
            status=PLANNED,
            note="",
            version=1,
        )


def to_make(uow: UnitOfWork) -> Sequence[int]:
    """The rounds whose cases are to be made by today, those due first."""
    return uow.session.scalars(
        select(MaintenanceRound.id)
        .join(MaintenanceRound.plan)
        .where(
            MaintenanceRound.status == PLANNED,
            MaintenanceRound.make_on <= uow.today,
            MaintenancePlan.status == ACTIVE,
            IN_TIME,
        )
        .order_by(MaintenanceRound.due_on, MaintenanceRound.id)
        .limit(CASES)
    ).all()


def make(uow: UnitOfWork, round_id: int) -> None:
    """Make the case of a round, unless another sweep was faster, or the plan rests by now.

    A piece that the customer has no more is looked after no more (C8, D29).
    """
    held = (
        select(MaintenanceRound)
        .join(MaintenanceRound.plan)
        .where(MaintenanceRound.id == round_id, MaintenanceRound.status == PLANNED)
        .where(MaintenancePlan.status == ACTIVE)
        .options(
            contains_eager(MaintenanceRound.plan),
            joinedload(MaintenanceRound.asset).joinedload(Asset.customer),
            joinedload(MaintenanceRound.asset).joinedload(Asset.product),
        )
        .with_for_update(of=MaintenanceRound)
        .execution_options(populate_existing=True)
    )
    row = uow.session.scalars(held).one_or_none()
    if row is None:
        return
    if row.asset.status not in OWNED:
        row.note = pieces.why_gone(uow, row.asset)
        workflow.advance(uow, PROCESS, row, "piece_came_back", Done(note=row.note))
        return
    row.station_id = Teams(uow).of(row.plan, row.asset.customer)
    row.request_id = _open(uow, row).id
    said = {"plan": row.plan.title, "due_on": row.due_on.isoformat()}
    workflow.advance(uow, PROCESS, row, "made", Done(data=said))


def finish(uow: UnitOfWork, resolved: Happening) -> None:
    """The case was resolved: the round is done on that day."""
    if row := _of_case(uow, resolved.record.id):
        row.done_on = resolved.record.resolved_at.astimezone(uow.actor.zone_info).date()
        workflow.advance(uow, PROCESS, row, "done")


def drop(uow: UnitOfWork, cancelled: Happening) -> None:
    """The case was cancelled: the round is skipped for the same reason."""
    if row := _of_case(uow, cancelled.record.id):
        row.note = cancelled.done.note or cancelled.record.number
        workflow.advance(uow, PROCESS, row, "case_cancelled", Done(note=row.note))


def keep_piece(uow: UnitOfWork, righted: Happening) -> None:
    """The case of a round is about the round's piece: that is skipped, not changed."""
    if _of_case(uow, righted.record.id):
        raise InvalidInput(Problem("note", "case_of_a_plan"))


def _lacking(query: Select[Any]) -> Select[Any]:
    other = aliased(MaintenanceRound)
    floats = MaintenancePlan.next_round == NextRound.FLOATING
    known = exists().where(
        other.plan_id == MaintenancePlan.id,
        other.asset_id == Asset.id,
        (other.status == PLANNED) | (floats & (other.status == MADE)),
    )
    return query.join_from(MaintenancePlan, Asset, sight.covered()).where(
        MaintenancePlan.status == ACTIVE, ~known.correlate(MaintenancePlan, Asset)
    )


def _last(
    uow: UnitOfWork, plan: MaintenancePlan, assets: Sequence[Asset]
) -> dict[int, MaintenanceRound]:
    rows = uow.session.scalars(
        select(MaintenanceRound)
        .where(MaintenanceRound.plan_id == plan.id, MaintenanceRound.status != PLANNED)
        .where(MaintenanceRound.asset_id.in_([asset.id for asset in assets]))
        .order_by(MaintenanceRound.due_on)
    )
    return {row.asset_id: row for row in rows}


def _bases(
    uow: UnitOfWork, plan: MaintenancePlan, assets: Sequence[Asset]
) -> Mapping[int, tuple[date, int]]:
    """For each piece the day that its rounds are counted from, and the first round's number."""
    if plan.counted_from is CountedFrom.FIRST_DAY:
        assert plan.first_on  # the database asks for it
        return {asset.id: (plan.first_on, 0) for asset in assets}
    installed: Mapping[int, date] = {}
    if plan.counted_from is CountedFrom.INSTALLATION:
        installed = _installed(uow, assets)
    bases = {a.id: installed.get(a.id) or a.purchased_on or plan.valid_from for a in assets}
    return {id: (base, 1) for id, base in bases.items()}


def _installed(uow: UnitOfWork, assets: Sequence[Asset]) -> Mapping[int, date]:
    rows = uow.session.execute(
        select(ServiceRequest.asset_id, func.max(ServiceRequest.resolved_at))
        .where(
            ServiceRequest.asset_id.in_([asset.id for asset in assets]),
            ServiceRequest.kind == RequestKind.INSTALLATION,
            ServiceRequest.resolved_at.is_not(None),
        )
        .group_by(ServiceRequest.asset_id)
    )
    zone = uow.actor.zone_info
    return {id: at.astimezone(zone).date() for id, at in rows if id and at}


def _next(
    uow: UnitOfWork, plan: MaintenancePlan, counted: tuple[date, int], last: MaintenanceRound | None
) -> date:
    """The next due day of a piece; a piece that joins has none before the day on which it does."""
    base, first = counted
    earliest = max(plan.valid_from, plan.since if last else uow.today)
    if last:
        earliest = max(earliest, last.due_on + timedelta(days=1))
        if plan.next_round is NextRound.FLOATING:
            base, first = last.done_on or last.due_on, 1
    length, unit = plan.interval_length, plan.interval_unit
    return days.due(base, length, unit, first=first, earliest=earliest)


def _open(uow: UnitOfWork, row: MaintenanceRound) -> ServiceRequest:
    customer = row.asset.customer
    request = intake.open_request(
        uow,
        customer_id=customer.id,
        asset_id=row.asset_id,
        station_id=row.station_id,
        kind=row.plan.kind,
        channel=Channel.INSPECTION,
        priority=Priority.NORMAL,
        contact=customer.contact or customer.name,
        phone=customer.phone,
        address=customer.address,
        symptom=row.plan.task,
        wanted_from=_at(uow, row.due_on, BEGINS),
        wanted_to=_at(uow, row.due_on, ENDS),
    )
    # It is due on its day, however long before that the case is made.
    request.promised_at = request.wanted_to
    promised = {"from": None, "to": _at(uow, row.due_on, ENDS).isoformat(), "told": False}
    workflow.advance(uow, requests.PROCESS, request, "promised", Done(data=promised))
    return request


def _at(uow: UnitOfWork, day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, uow.actor.zone_info)


def _of_case(uow: UnitOfWork, case_id: int) -> MaintenanceRound | None:
    made: ColumnElement[bool] = MaintenanceRound.status == MADE
    query = select(MaintenanceRound).where(MaintenanceRound.request_id == case_id, made)
    return uow.session.scalars(query.with_for_update()).one_or_none()


def _skip(_uow: UnitOfWork, row: MaintenanceRound, command: SkipRound) -> Done:
    row.note = command.note
    return Done(note=command.note)


PROCESS = Process(
    subject="maintenance_round",
    rules=ROUND_RULES,
    effects={SkipRound: _skip},
    select=sight.rounds,
    table=MaintenanceRound,
    case_id=lambda row: row.request_id,
)

"""Reminders: the team of a station is told in one line what was made, and what is overdue."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, func, select, update

from core.kernel.unit_of_work import UnitOfWork
from core.maintenance import rounds
from core.maintenance.rules import ACTIVE, MADE, PLANNED
from core.notices import notices, receivers
from db.codes import NoticeKind
from db.tables import MaintenancePlan, MaintenanceRound

MADE_FACT, LATE_FACT = "maintenance_round.made", "maintenance_round.overdue"
_UNTOLD = (MaintenanceRound.status == MADE) & MaintenanceRound.told_at.is_(None)
# A chore names what is due by a number; no station has this one.
HEAD_OFFICE = 0


def overdue(uow: UnitOfWork) -> ColumnElement[bool]:
    """The due day is past and the work is not done; the plan stands in the query."""
    is_planned = (MaintenanceRound.status == PLANNED) & (MaintenancePlan.status == ACTIVE)
    is_open = (MaintenanceRound.status == MADE) | (is_planned & rounds.IN_TIME)
    return is_open & (MaintenanceRound.due_on < uow.today)


def untold(uow: UnitOfWork) -> Sequence[int]:
    """The stations that were not told of cases that were made; not while more are being made."""
    if rounds.lacking(uow) or rounds.to_make(uow):
        return ()
    return _stations(uow, _UNTOLD)


def untold_late(uow: UnitOfWork) -> Sequence[int]:
    """The stations that were not told of rounds that are overdue."""
    return _stations(uow, overdue(uow) & MaintenanceRound.told_late_at.is_(None))


def tell(uow: UnitOfWork, station_id: int) -> None:
    """Tell the heads of a station how many cases were made."""
    _tell(uow, station_id, _UNTOLD, "told_at", MADE_FACT)


def tell_late(uow: UnitOfWork, station_id: int) -> None:
    """Tell the heads of a station how many rounds are overdue, of each round once."""
    late = overdue(uow) & MaintenanceRound.told_late_at.is_(None)
    _tell(uow, station_id, late, "told_late_at", LATE_FACT)


def _stations(uow: UnitOfWork, which: ColumnElement[bool]) -> Sequence[int]:
    station = func.coalesce(MaintenanceRound.station_id, HEAD_OFFICE).label("station")
    query = select(station).join(MaintenanceRound.plan).where(which).distinct().order_by(station)
    return uow.session.scalars(query).all()


def _tell(
    uow: UnitOfWork, station_id: int, which: ColumnElement[bool], stamp: str, fact: str
) -> None:
    station = station_id or None
    here = MaintenanceRound.station_id.is_not_distinct_from(station)
    found = uow.session.scalars(
        select(MaintenanceRound.id)
        .join(MaintenanceRound.plan)
        .where(which, here)
        .order_by(MaintenanceRound.id)
        .with_for_update(of=MaintenanceRound)
    ).all()
    if not found:  # another sweep was faster
        return
    told = update(MaintenanceRound).where(MaintenanceRound.id.in_(found))
    uow.session.execute(told.values({stamp: uow.now}))
    notices.put(
        uow,
        people=receivers.heads(uow, station),
        kind=NoticeKind.MAINTENANCE,
        source=f"{fact}:{station_id}:{found[-1]}:{uow.now.isoformat()}",
        data={"fact": fact, "count": len(found), "station": station},
    )

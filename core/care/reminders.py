"""Reminders: the heads of a station are told in one line how many calls were missed."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, func, select, update

from core.care.rules import DUE
from core.kernel.unit_of_work import UnitOfWork
from core.notices import notices, receivers
from db.codes import NoticeKind
from db.tables import CareCall, Customer

LATE_FACT = "care_call.overdue"
# A chore names what is due by a number; no station has this one.
HEAD_OFFICE = 0


def untold(uow: UnitOfWork) -> Sequence[int]:
    """The stations that were not told of calls that are late."""
    station = func.coalesce(Customer.station_id, HEAD_OFFICE)
    query = select(station).select_from(CareCall).join(CareCall.customer).where(*_late(uow))
    return uow.session.scalars(query.distinct().order_by(station)).all()


def tell(uow: UnitOfWork, station_id: int) -> None:
    """Tell the heads of a station how many calls are late, of each once."""
    station = station_id or None
    here = Customer.station_id.is_not_distinct_from(station)
    late = select(CareCall.id).join(CareCall.customer).where(*_late(uow), here)
    found = uow.session.scalars(late.order_by(CareCall.id).with_for_update(of=CareCall)).all()
    if not found:  # another sweep was faster
        return
    told = update(CareCall).where(CareCall.id.in_(found))
    uow.session.execute(told.values(told_late_at=uow.now))
    notices.put(
        uow,
        people=receivers.heads(uow, station),
        kind=NoticeKind.CARE,
        source=f"{LATE_FACT}:{station_id}:{found[-1]}:{uow.now.isoformat()}",
        data={"fact": LATE_FACT, "count": len(found), "station": station},
    )


def _late(uow: UnitOfWork) -> tuple[ColumnElement[bool], ...]:
    return (
        CareCall.status == DUE,
        CareCall.due_on < uow.today,
        CareCall.told_late_at.is_(None),
        Customer.erased_at.is_(None),
    )

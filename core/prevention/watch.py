"""Repeat faults are noticed by the tool itself: a fault of one product model too often (S8, K6).

A case counts by the moment it was received; exactly the norm's `repeat_days` times 24 hours ago
still counts. Cancelled cases and drills do not count, nor do those that a settled alarm already
stood for.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select

from core.kernel import once
from core.kernel.unit_of_work import UnitOfWork
from core.norms.model import Norm
from core.norms.revisions import in_force, norm_for, norm_of
from core.notices import notices, receivers
from core.prevention.actions import OPEN, PROCESS
from core.process import history, workflow
from core.process.rules import Done, Happening
from core.requests.drills import IN_EARNEST
from db.codes import FaultArea, NoticeKind, RequestStatus, Role
from db.tables import Asset, Product, RepeatFault, ServiceRequest

TOLD = (Role.QUALITY, Role.MANAGER)
COUNTS = (ServiceRequest.status != RequestStatus.CANCELLED) & IN_EARNEST

Fault = tuple[int, FaultArea]


def watch(uow: UnitOfWork, told: Happening) -> None:
    """Count a case that was registered or corrected; an alarm is raised, or the open one grows.

    Two indexed queries. Registrations take turns at the number of the case, so each counts those
    before it; two corrections in one instant may count one short, and the next case makes it good.
    """
    request = told.record
    asset = uow.session.get(Asset, request.asset_id) if request.asset_id else None
    if asset and request.fault_area:
        _look(uow, request, (asset.product_id, request.fault_area), norm_for(uow, request))


def leave_out(uow: UnitOfWork, declared: Happening) -> None:
    """A case turned out to be no fault (it is a drill): the open alarm does not count it."""
    request = declared.record.request
    asset = uow.session.get(Asset, request.asset_id) if request.asset_id else None
    if asset is None or request.fault_area is None:
        return
    fault = (asset.product_id, request.fault_area)
    alarm = _open_alarm(uow, fault)
    if alarm is None:
        return
    cases = _count(uow, fault, _window(alarm.raised_at, alarm.days), alarm)
    if cases < alarm.count:
        alarm.count = cases
        _record(uow, request, alarm, "shrunk")


def newest_case(uow: UnitOfWork) -> int:
    """The id of the newest case; what is imported from here on comes after it."""
    return uow.session.scalar(select(func.max(ServiceRequest.id))) or 0


def watch_imported(uow: UnitOfWork, *, after: int) -> None:
    """Count the cases that an import brought, those `after` a case, by the rule book in force.

    Old archives raise nothing: an alarm is about the days before now. One query over those days.
    """
    norm = norm_of(in_force(uow))
    last = func.max(ServiceRequest.id)
    found = uow.session.execute(
        select(Asset.product_id, ServiceRequest.fault_area, func.count(), last)
        .join(Asset, Asset.id == ServiceRequest.asset_id)
        .where(
            ServiceRequest.received_at >= _window(uow.now, norm.repeat_days),
            ServiceRequest.fault_area.is_not(None),
            COUNTS,
        )
        .group_by(Asset.product_id, ServiceRequest.fault_area)
        .having(last > after)
        .order_by(Asset.product_id, ServiceRequest.fault_area)
    ).all()
    is_open = _open_faults(uow) if found else set()
    for product_id, fault_area, cases, case_id in found:
        assert fault_area  # asked for
        fault = (product_id, fault_area)
        if cases >= norm.repeat_count or fault in is_open:
            _look(uow, uow.session.get_one(ServiceRequest, case_id), fault, norm)


def counted(
    fault: Fault, *, begins: datetime, before: RepeatFault | None = None
) -> list[ColumnElement[bool]]:
    """The conditions of the cases that an alarm counts: from `begins` on, after the last settling.

    `before` is the alarm that is asked about, where it is not a new one.
    """
    product_id, fault_area = fault
    settled = select(func.max(RepeatFault.settled_at)).where(
        RepeatFault.product_id == product_id, RepeatFault.fault_area == fault_area
    )
    if before:
        settled = settled.where(RepeatFault.id < before.id)
    earliest = func.coalesce(settled.scalar_subquery(), begins - timedelta(days=1))
    return [*of_fault(fault, begins=begins), ServiceRequest.received_at > earliest]


def of_fault(fault: Fault, *, begins: datetime) -> list[ColumnElement[bool]]:
    """The conditions of the cases of a product model's fault, received from `begins` on."""
    product_id, fault_area = fault
    return [
        # A product has few pieces beside all cases there are: each is one look at an index.
        ServiceRequest.asset_id.in_(select(Asset.id).where(Asset.product_id == product_id)),
        ServiceRequest.fault_area == fault_area,
        ServiceRequest.received_at >= begins,
        COUNTS,
    ]


def _window(at: datetime, days: int) -> datetime:
    return at - timedelta(days=days)


def _look(uow: UnitOfWork, request: ServiceRequest, fault: Fault, norm: Norm) -> None:
    alarm = _open_alarm(uow, fault)
    days, until = (alarm.days, alarm.raised_at) if alarm else (norm.repeat_days, uow.now)
    begins = _window(until, days)
    if request.received_at < begins:
        return
    cases = _count(uow, fault, begins, alarm)
    if alarm:
        _grow(uow, request, alarm, cases)
    elif cases >= norm.repeat_count:
        _raise(uow, request, fault, norm, cases)


def _count(uow: UnitOfWork, fault: Fault, begins: datetime, alarm: RepeatFault | None) -> int:
    where = counted(fault, begins=begins, before=alarm)
    return uow.session.scalar(select(func.count()).select_from(ServiceRequest).where(*where)) or 0


def _open_alarm(uow: UnitOfWork, fault: Fault) -> RepeatFault | None:
    # Locked, so that two cases in one instant both count; settled ones are not, for whoever holds
    # one of these and waits for the open one would keep others waiting in turn.
    product_id, fault_area = fault
    return uow.session.scalars(
        select(RepeatFault)
        .where(
            RepeatFault.product_id == product_id,
            RepeatFault.fault_area == fault_area,
            RepeatFault.status == OPEN,
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()


def _open_faults(uow: UnitOfWork) -> set[Fault]:
    is_open = select(RepeatFault.product_id, RepeatFault.fault_area)
    rows = uow.session.execute(is_open.where(RepeatFault.status == OPEN))
    return {(product_id, fault_area) for product_id, fault_area in rows}


def _grow(uow: UnitOfWork, request: ServiceRequest, alarm: RepeatFault, cases: int) -> None:
    if cases <= alarm.count:  # the case was counted before
        return
    alarm.count = cases
    _record(uow, request, alarm, "grown")


def _raise(uow: UnitOfWork, request: ServiceRequest, fault: Fault, norm: Norm, cases: int) -> None:
    product_id, fault_area = fault
    is_new = once.add(
        uow.session,
        RepeatFault,
        product_id=product_id,
        fault_area=fault_area,
        request_id=request.id,
        count=cases,
        days=norm.repeat_days,
        raised_at=uow.now,
        status=OPEN,
    )
    if not is_new:  # somebody raised it in this instant: then it grows by this case
        _look(uow, request, fault, norm)
        return
    alarm = _open_alarm(uow, fault)
    assert alarm is not None  # added just now
    workflow.advance(uow, PROCESS, alarm, "raised", Done(data=_counted(alarm)))
    _tell(uow, request, alarm)


def _record(uow: UnitOfWork, request: ServiceRequest, alarm: RepeatFault, fact: str) -> None:
    # Told of the case that is counted, which is not the case that the alarm belongs to.
    history.record(
        uow,
        subject=PROCESS.subject,
        subject_id=alarm.id,
        case_id=request.id,
        action=fact,
        data=_counted(alarm),
    )


def _counted(alarm: RepeatFault) -> dict[str, Any]:
    return {"fault_area": alarm.fault_area.value, "count": alarm.count, "days": alarm.days}


def _tell(uow: UnitOfWork, request: ServiceRequest, alarm: RepeatFault) -> None:
    product = uow.session.get_one(Product, alarm.product_id)
    data = {"product": f"{product.brand} {product.model}"} | _counted(alarm)
    notices.put(
        uow,
        people=receivers.of_roles(uow, request, TOLD),
        kind=NoticeKind.REPEAT_FAULT,
        source=f"{PROCESS.subject}:{alarm.id}",
        case_id=request.id,
        data=data,
    )

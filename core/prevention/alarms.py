"""Alarms of repeat faults: listed, and one with the cases behind it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from core.kernel.paging import PAGE, Page, leaf
from core.kernel.unit_of_work import UnitOfWork
from core.prevention.actions import OPEN, PROCESS, READ, SETTLED, select_visible
from core.prevention.watch import counted
from core.process import workflow
from core.process.permissions import require
from core.process.rules import Rule
from core.requests import lists
from db.codes import FaultArea
from db.tables import RepeatFault, ServiceRequest


@dataclass(frozen=True)
class AlarmView:
    """One alarm: so many cases of a product model with one fault, `days` before it and since."""

    id: int
    version: int
    product_id: int
    product: str
    fault_area: FaultArea
    count: int
    days: int
    # The case that made it too many.
    case_id: int
    number: str
    raised_at: datetime
    settled_at: datetime | None
    settled_by: str
    note: str
    actions: tuple[Rule, ...]


def listed(uow: UnitOfWork, *, settled: bool = False, page: int = 1) -> Page[AlarmView]:
    """Alarms that are open, the largest first, or those settled, the newest first; one query."""
    require(uow, READ)
    order: tuple[Any, ...] = (RepeatFault.count.desc(), RepeatFault.id.desc())
    if settled:
        order = (RepeatFault.settled_at.desc(), RepeatFault.id.desc())
    query = (
        select_visible(uow.actor)
        .add_columns(func.count().over())
        .options(*NAMES)
        .where(RepeatFault.status == (SETTLED if settled else OPEN))
        .order_by(*order)
    )
    found, number = leaf(uow, query, page=page, size=PAGE)
    rows = tuple(_view(uow, alarm) for alarm, _ in found)
    return Page(rows, found[0][1] if found else 0, number)


def view(uow: UnitOfWork, *, id: int) -> AlarmView:
    """One alarm; NotFound when the actor may not see its case."""
    require(uow, READ)
    return _view(uow, _fetch(uow, id))


def cases(uow: UnitOfWork, *, id: int, page: int = 1) -> lists.Cases:
    """The cases that an alarm counts, the newest first."""
    require(uow, READ)
    alarm = _fetch(uow, id)
    fault = (alarm.product_id, alarm.fault_area)
    begins = alarm.raised_at - timedelta(days=alarm.days)
    where = counted(fault, begins=begins, before=alarm)
    if alarm.settled_at:
        where.append(ServiceRequest.received_at <= alarm.settled_at)
    return lists.by_ids(uow, ids=select(ServiceRequest.id).where(*where), page=page)


NAMES = (joinedload(RepeatFault.product), joinedload(RepeatFault.settled_by))


def _fetch(uow: UnitOfWork, id: int) -> RepeatFault:
    alarm: RepeatFault = workflow.fetch(uow, PROCESS, id, options=NAMES)
    return alarm


def _view(uow: UnitOfWork, alarm: RepeatFault) -> AlarmView:
    product, case = alarm.product, alarm.request
    return AlarmView(
        id=alarm.id,
        version=alarm.version,
        product_id=alarm.product_id,
        product=f"{product.brand} {product.model}",
        fault_area=alarm.fault_area,
        count=alarm.count,
        days=alarm.days,
        case_id=case.id,
        number=case.number,
        raised_at=alarm.raised_at,
        settled_at=alarm.settled_at,
        settled_by=alarm.settled_by.name if alarm.settled_by else "",
        note=alarm.note,
        actions=PROCESS.allowed(uow.actor, alarm),
    )

"""Alarms of repeat faults: listed with the cases behind them, settled, or led to a measure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from core.improvements import actions as improvements
from core.improvements.actions import PLANS, PlanImprovement
from core.kernel.errors import InvalidInput, NotFound, Problem, WrongStatus
from core.kernel.inputs import Action, RequiredText
from core.kernel.unit_of_work import UnitOfWork, seen
from core.prevention.watch import SUBJECT, counted
from core.process import history
from core.process.permissions import require, visible_requests
from core.requests import lists
from core.requests.lists import MOST_PAGES, PAGE
from core.requests.queues import Page
from db.codes import FaultArea
from db.tables import RepeatFault, ServiceRequest
from db.types import LARGEST_ID

READ, SETTLE = "prevention:read", "prevention:settle"


class SettleAlarm(Action):
    """The alarm needs no measure of its own, or one is running already: say why."""

    note: RequiredText


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


def listed(uow: UnitOfWork, *, settled: bool = False, page: int = 1) -> Page[AlarmView]:
    """Alarms that are open, the largest first, or those settled, the newest first; one query."""
    require(uow, READ)
    number = min(max(1, page), MOST_PAGES)
    order: tuple[Any, ...] = (RepeatFault.count.desc(), RepeatFault.id.desc())
    if settled:
        order = (RepeatFault.settled_at.desc(), RepeatFault.id.desc())
    is_settled = RepeatFault.settled_at.is_not(None)
    found = uow.session.execute(
        _visible(uow)
        .add_columns(func.count().over())
        .where(is_settled if settled else ~is_settled)
        .order_by(*order)
        .limit(PAGE)
        .offset((number - 1) * PAGE)
    ).all()
    if not found and number > 1:  # the list has become shorter meanwhile
        return listed(uow, settled=settled)
    rows = tuple(_view(alarm, case) for alarm, case, _ in found)
    return Page(rows, found[0][2] if found else 0, number)


def view(uow: UnitOfWork, *, id: int) -> AlarmView:
    """One alarm; NotFound when the actor may not see its case."""
    require(uow, READ)
    return _view(*_fetch(uow, id))


def cases(uow: UnitOfWork, *, id: int, page: int = 1) -> lists.Page:
    """The cases that an alarm counts, the newest first."""
    require(uow, READ)
    alarm, _case = _fetch(uow, id)
    fault = (alarm.product_id, alarm.fault_area)
    begins = alarm.raised_at - timedelta(days=alarm.days)
    where = counted(fault, begins=begins, before=alarm)
    if alarm.settled_at:
        where.append(ServiceRequest.received_at <= alarm.settled_at)
    return lists.by_ids(uow, ids=select(ServiceRequest.id).where(*where), page=page)


def settle(uow: UnitOfWork, *, id: int, command: SettleAlarm, seen_version: int) -> None:
    """Settle an alarm with a note; its cases are not counted again."""
    require(uow, SETTLE)
    alarm, _case = _open(uow, id, seen_version)
    _settle(uow, alarm, command.note, {})


def plan(uow: UnitOfWork, *, id: int, command: PlanImprovement, seen_version: int) -> int:
    """Plan a measure on the case of an alarm, which settles it; gives the measure's id."""
    require(uow, SETTLE)
    require(uow, PLANS)
    alarm, case = _open(uow, id, seen_version)
    if command.owner_id not in improvements.staff(uow):
        raise InvalidInput(Problem("owner_id", "not_an_option"))
    about = {"fault_area": command.fault_area or alarm.fault_area}
    measure = improvements.plan(uow, case, command.model_copy(update=about))
    _settle(uow, alarm, command.measure, {"improvement": measure.id})
    return measure.id


def _visible(uow: UnitOfWork) -> Select[RepeatFault, ServiceRequest]:
    return (
        select(RepeatFault, ServiceRequest)
        .join(ServiceRequest, ServiceRequest.id == RepeatFault.request_id)
        .where(visible_requests(uow.actor))
        .options(joinedload(RepeatFault.product), joinedload(RepeatFault.settled_by))
    )


def _fetch(uow: UnitOfWork, id: int) -> tuple[RepeatFault, ServiceRequest]:
    found = None
    if 0 < id <= LARGEST_ID:  # typed into an address; drivers choke on it
        found = uow.session.execute(_visible(uow).where(RepeatFault.id == id)).one_or_none()
    if found is None:
        raise NotFound(subject=SUBJECT, id=id)
    return found[0], found[1]


def _open(uow: UnitOfWork, id: int, seen_version: int) -> tuple[RepeatFault, ServiceRequest]:
    alarm, case = _fetch(uow, id)
    seen(alarm, seen_version)
    if alarm.settled_at:
        raise WrongStatus(subject=SUBJECT, status="settled", action="settled")
    return alarm, case


def _settle(uow: UnitOfWork, alarm: RepeatFault, note: str, data: dict[str, Any]) -> None:
    alarm.settled_at, alarm.settled_by_id, alarm.note = uow.now, uow.actor.id, note
    uow.session.flush()
    history.record(
        uow,
        subject=SUBJECT,
        subject_id=alarm.id,
        case_id=alarm.request_id,
        action="settled",
        note=note,
        data=data,
    )


def _view(alarm: RepeatFault, case: ServiceRequest) -> AlarmView:
    product = alarm.product
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
    )

"""What the screens ask of core: the calls whose cost the benchmark measures."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from core import kpi, overview
from core.complaints import lists as complaints
from core.customers import catalogue, customers
from core.followups import actions as followups
from core.jobs import worksheet
from core.kernel.unit_of_work import UnitOfWork
from core.knowledge import offers
from core.knowledge.offers import Asked
from core.requests import intake, lists, precedents
from core.requests import view as case
from core.requests.lists import Filter, Queue, View
from db.codes import FaultArea, RequestKind, RequestStatus
from db.tables import ServiceRequest

HALF_YEAR = kpi.Asked(date(2026, 6, 1), date(2026, 11, 1))
YEAR = kpi.Asked(date(2025, 12, 1), date(2026, 11, 1))
PART_OF_NAME = "玉兰"


@dataclass(frozen=True)
class Screen:
    """One question of a screen, and who asks it."""

    name: str
    who: str
    ask: Callable[[UnitOfWork], Any]


@dataclass(frozen=True)
class Known:
    """Things of the company that the questions are about."""

    closed_id: int
    number: str
    phone: str
    name: str
    customer_id: int
    asset_id: int
    serial: str


def screens(known: Known) -> Iterator[Screen]:
    """The questions, the work lists first."""
    for who in ("manager1", "agent1"):
        yield Screen("home", who, overview.overview)
        yield from _queues(who)
        yield from _searches(known, who)
    yield Screen("follow-up calls due", "agent1", followups.due_calls)
    yield Screen("own jobs", "technician1", worksheet.mine)
    yield Screen("case", "agent1", lambda uow: case.view(uow, id=known.closed_id))
    yield Screen(
        "similar cases", "agent1", lambda uow: precedents.similar(uow, case_id=known.closed_id)
    )
    known_answers = Asked("冰箱温度设多少合适，最近不制冷", case_id=known.closed_id)
    yield Screen(
        "intake: known answers", "agent1", lambda uow: offers.known(uow, asked=known_answers)
    )
    yield Screen("intake: customer by phone", "agent1", _find(known.phone[-8:]))
    yield Screen("intake: customer by name", "agent1", _find(known.name))
    yield Screen("intake: customer by part of a name", "agent1", _find(PART_OF_NAME))
    yield Screen("intake: customer by serial", "agent1", _find(known.serial))
    yield Screen("intake: customer unknown", "agent1", _find("99999999999"))
    yield Screen("intake: catalogue", "agent1", catalogue.known)
    yield Screen("intake: warranty and earlier cases", "agent1", _prospect(known))
    yield Screen("customer", "agent1", lambda uow: customers.view(uow, id=known.customer_id))
    yield Screen("customer's cases", "agent1", _cases_of(known))
    yield from _figures()


def _queues(who: str) -> Iterator[Screen]:
    for queue in Queue:
        yield Screen(f"queue {queue}", who, lambda uow, queue=queue: lists.queue(uow, name=queue))
    yield Screen("queue complaints", who, complaints.queue)
    late, text = Filter(view=View.LATE), Filter(text=PART_OF_NAME)
    yield Screen(
        "queue running, late", who, lambda uow: lists.queue(uow, name=Queue.RUNNING, filters=late)
    )
    yield Screen(
        "queue running, text", who, lambda uow: lists.queue(uow, name=Queue.RUNNING, filters=text)
    )
    yield Screen("count of a queue", who, lambda uow: lists.count(uow, name=Queue.RUNNING))


def _searches(known: Known, who: str) -> Iterator[Screen]:
    asked = {
        "number": known.number,
        "phone": known.phone,
        "end of a phone": known.phone[-8:],
        "name": known.name,
        "part of a name": PART_OF_NAME,
        "serial": known.serial,
        "word": "异响",
        "common word": "洗衣机",
        "nothing found": "没有这样的词",
    }
    for name, text in asked.items():
        yield Screen(f"search: {name}", who, lambda uow, text=text: lists.search(uow, text=text))


def _find(text: str) -> Callable[[UnitOfWork], Any]:
    return lambda uow: customers.find(uow, text=text)


def _prospect(known: Known) -> Callable[[UnitOfWork], Any]:
    return lambda uow: intake.prospect(
        uow, kind=RequestKind.REPAIR, asset_id=known.asset_id, fault_area=FaultArea.POWER
    )


def _cases_of(known: Known) -> Callable[[UnitOfWork], Any]:
    return lambda uow: lists.of_customer(uow, customer_id=known.customer_id)


def _figures() -> Iterator[Screen]:
    late = {"figure": kpi.FigureName.TIMELY_RESOLUTION, "side": kpi.Side.REST}
    yield Screen("figures of 6 months", "manager1", lambda uow: kpi.board(uow, asked=HALF_YEAR))
    yield Screen("figures of 12 months", "manager1", lambda uow: kpi.board(uow, asked=YEAR))
    yield Screen(
        "cases behind a figure of 6 months",
        "manager1",
        lambda uow: kpi.cases_behind(uow, **late, asked=HALF_YEAR),
    )
    yield Screen("open cases of an age", "manager1", kpi.open_cases_behind)


def known(session: Session) -> Known:
    """A closed repair of the agent's station, with its customer and product."""
    request = session.scalars(
        select(ServiceRequest)
        .where(
            ServiceRequest.status == RequestStatus.CLOSED,
            ServiceRequest.kind == RequestKind.REPAIR,
            ServiceRequest.station_id == 1,
        )
        .options(joinedload(ServiceRequest.customer), joinedload(ServiceRequest.asset))
        .order_by(ServiceRequest.id)
        .offset(9)
        .limit(1)
    ).one()
    assert request.asset is not None
    return Known(
        closed_id=request.id,
        number=request.number,
        phone=request.phone,
        name=request.customer.name,
        customer_id=request.customer_id,
        asset_id=request.asset.id,
        serial=request.asset.serial or "",
    )

"""The demo company's prices, what its customers agree to and pay, and what finance counts."""

from datetime import datetime, time, timedelta
from functools import partial

from core.billing import hand_ins, payments, prices, quotes
from core.billing.inputs import (
    AcceptQuote,
    AddLine,
    AddOwnLine,
    CountMoney,
    HandInMoney,
    TakeMoney,
)
from core.billing.prices import EditPrice, NewPeriod
from core.demo import words
from core.demo.catalogue import Fault
from core.demo.world import World, fresh
from core.kernel.inputs import parse
from core.kernel.unit_of_work import Actor
from core.process import workflow
from core.requests import charging
from db.codes import Channel, PayMeans, PriceKind, QuoteStatus, RequestKind, Role
from db.tables import HandIn, Quote, ServiceRequest

LABOUR, TRAVEL = PriceKind.LABOUR, PriceKind.TRAVEL
REPAIR, INSTALLATION = RequestKind.REPAIR, RequestKind.INSTALLATION
# Kind, name, cents, for which cases.
PRICES: tuple[tuple[PriceKind, str, int, RequestKind | None], ...] = (
    (LABOUR, "检修人工（一般）", 80_00, REPAIR),
    (LABOUR, "检修人工（拆机）", 120_00, REPAIR),
    (LABOUR, "检修人工（制冷系统）", 150_00, REPAIR),
    (LABOUR, "安装人工", 120_00, INSTALLATION),
    (LABOUR, "清洗保养", 120_00, RequestKind.CLEANING),
    (LABOUR, "配件上门更换", 120_00, RequestKind.PARTS),
    (TRAVEL, "市区上门", 0, None),
    (TRAVEL, "远郊上门", 50_00, None),
)
OTHERWISE = 120_00
EVENING, MORNING = time(18, 30), time(9, 20)
DAY = timedelta(days=1)
# Of so many that are counted one is not what was handed in.
SELDOM = 25


def found(world: World) -> None:
    """The manager writes the price list; one price has ended, one goes up next month."""
    manager, at = world.people[Role.MANAGER, ""][0], world.start
    since, today = world.day(at), world.day(world.now)
    for kind, name, cents, of in PRICES:
        facts = {"price_kind": kind, "price_name": name, "unit": "次", "price_cents": cents}
        command = parse(EditPrice, facts | {"request_kind": of, "valid_from": since})
        last = prices.add(world.uow(manager, at), command)
    higher = NewPeriod(price_cents=60_00, valid_from=today + 30 * DAY)
    prices.begin_period(world.uow(manager, at), id=last, command=higher, seen_version=1)
    ended = {"price_kind": LABOUR, "price_name": "节日加班", "unit": "次", "price_cents": 100_00}
    ended |= {"valid_from": since, "valid_until": max(since, today - DAY)}
    prices.add(world.uow(manager, at), parse(EditPrice, ended))


def tell_price(world: World, at: datetime, who: Actor, case_id: int, fault: Fault | None) -> None:
    """Before paid work the customer hears what it costs, and agrees."""
    request = fresh(world, ServiceRequest, case_id)
    uow = world.uow(who, at)
    if not quotes.may_quote(request) or quotes.of_case(uow, case_id):
        return
    labour = fault.labour_cents if fault else OTHERWISE
    items = quotes.offered(uow, case_id=case_id)
    key = next(key for key, item in items.items() if (item.kind, item.cents) == (LABOUR, labour))
    quote_id = quotes.add_line(uow, AddLine(item=key), case_id=case_id)
    if fault and fault.parts_cents:
        part = {"line_kind": PriceKind.PART, "line_name": fault.part}
        line = parse(AddOwnLine, part | {"unit_cents": fault.parts_cents})
        quotes.add_own_line(uow, line, case_id=case_id)
    agrees = AcceptQuote(signer=request.contact or words.CUSTOMER, channel=Channel.ON_SITE)
    version = fresh(world, Quote, quote_id).version
    workflow.act(uow, quotes.PROCESS, id=quote_id, command=agrees, seen_version=version)


def collect(world: World, at: datetime, who: Actor, case_id: int) -> None:
    """The technician takes the money, and hands it in in the evening."""
    uow = world.uow(who, at)
    quote = quotes.of_case(uow, case_id)
    if quote is None or quote.status is not QuoteStatus.AGREED:
        return
    cents = charging.owed(uow, quote.request)
    if cents <= 0:
        return
    means = (PayMeans.CODE, PayMeans.CODE, PayMeans.CASH)[case_id % 3]
    payments.take(uow, TakeMoney(case_id=case_id, means=means, paid_cents=cents))
    world.at(world.local(world.day(at), EVENING), partial(_hand_in, world, who))


def _hand_in(world: World, who: Actor, at: datetime) -> None:
    uow = world.uow(who, at)
    if not any(payments.held(uow, who.id).values()):
        return
    id = hand_ins.hand_in(uow, HandInMoney())
    morning = world.local(world.day(at) + DAY, MORNING)
    world.at(morning, partial(_count, world, id))


def _count(world: World, id: int, at: datetime) -> None:
    row = fresh(world, HandIn, id)
    counted = {f"counted_{name}": getattr(row, name) for name in hand_ins.SUMS.values()}
    reason = ""
    if id % SELDOM == 0 and row.cash_cents:
        counted["counted_cash_cents"], reason = row.cash_cents - 5_00, words.SHORT_OF_CASH
    command = parse(CountMoney, counted | {"difference_reason": reason})
    uow = world.uow(world.people[Role.FINANCE, ""][0], at)
    workflow.act(uow, hand_ins.PROCESS, id=id, command=command, seen_version=row.version)

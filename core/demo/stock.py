"""The demo company's parts and tools: stores and vans with something in them, orders, a count."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import select

from core.demo.world import BRANCHES, World, fresh
from core.kernel.inputs import Action, parse
from core.kernel.unit_of_work import Actor
from core.process import workflow
from core.process.rules import Process
from core.stock import catalogue, counts, inputs, orders, receiving, sight, uses
from core.tools import inputs as tool_inputs
from core.tools import register
from db.codes import JobStatus, OldPart, PlaceKind, Role
from db.tables import Job, Part, Product, StockCountLine, StockPlace, Tool

DAY = timedelta(days=1)
SOURCES = (("霁白原厂配件中心", True), ("正泰机电配件", True), ("市场零散采购", False))
# Number, name, unit, price in cents, whether it expires, model, how many in a store, the minimum.
PARTS: tuple[tuple[str, str, str, int, bool, str, int, int], ...] = (
    ("XB-W80-PD10", "皮带 10 型", "根", 38_00, False, "XB-W80 滚筒", 6, 4),
    ("XB-W80-PD12", "皮带 12 型", "根", 42_00, False, "XB-W80 滚筒", 3, 0),
    ("XB-PSB-01", "排水泵", "个", 96_00, False, "XB-W100 变频", 2, 4),
    ("LS-FM-02", "进水阀", "个", 45_00, False, "LS-W85 波轮", 8, 3),
    ("SH-WK-07", "温控器", "个", 58_00, False, "SH-R218 双门", 5, 2),
    ("TY-DRG-01", "导热硅脂", "支", 18_00, True, "", 10, 4),
    ("TY-ZLJ-R32", "制冷剂 R32", "罐", 168_00, True, "", 4, 3),
)
# Number, name, the certificate that it needs, months between checks, days since the last check.
TOOLS: tuple[tuple[str, str, str, int, int], ...] = (
    ("WYB", "数字万用表", "", 12, 120),
    ("ZKB", "真空泵", "refrigeration", 6, 175),
    ("LXY", "绝缘电阻仪", "electrician", 6, 200),
    ("AQD", "高空安全带", "height_work", 3, 40),
)
COUNTED_WHY = "货架后面找到一件"


def set_scene(world: World) -> None:
    """Deliveries some weeks ago; orders, parts built in and a count of the last days."""
    world.at(world.earlier(world.now, 180), partial(_found, world))
    for hours, step in ((20, _issue), (12, _build_in), (8, _ask), (5, _count), (4, _break)):
        world.at(world.earlier(world.now, hours), partial(step, world))


def _found(world: World, at: datetime) -> None:
    keeper = world.people[Role.WAREHOUSE, ""][0]
    for name, is_regular in SOURCES:
        command = catalogue.EditSupplier(supplier_name=name, is_regular=is_regular)
        catalogue.add_supplier(world.uow(keeper, at), command)
    for place, row in enumerate(PARTS):
        _stock_up(world, at, keeper, place, row)
    for branch in BRANCHES:
        head = world.people[Role.DISPATCHER, branch.name][0]
        for tool in TOOLS:
            _register(world, at, head, tool, branch.region)


def _stock_up(world: World, at: datetime, keeper: Actor, place: int, row: Any) -> None:
    number, name, unit, price, expires, model, quantity, minimum = row
    found = select(Product.id).where(Product.model == model)
    fits = world.session.scalars(found).first() if model else None
    others = world.session.scalars(select(Part.id).where(Part.number == "XB-W80-PD10")).all()
    facts: dict[str, Any] = {"number": number, "part_name": name, "unit": unit}
    facts |= {"price_cents": price, "expires": expires}
    facts |= {"products": [{"product_id": fits}] if fits else []}
    facts |= {"substitutes": [{"part_id": each} for each in others if place == 1]}
    command = parse(catalogue.EditPart, facts)
    part_id = catalogue.add_part(world.uow(keeper, at), command)
    for station, id in enumerate(world.stations.values()):
        more = {"station_id": id, "part_id": part_id}
        until = _until(world, station) if expires else None
        lot = {"batch": f"{at:%y%m}-{place + 1}{station + 1}", "expires_on": until}
        about = {"quantity": quantity + station, "supplier_id": 1 + place % 2, **lot}
        receiving.receive(world.uow(keeper, at), parse(inputs.ReceiveParts, more | about))
        if minimum:
            at_place = {"at_place": f"{sight.STORE}:{id}", "part_id": part_id}
            set_ = parse(inputs.SetMinimum, at_place | {"minimum": minimum})
            receiving.set_minimum(world.uow(keeper, at), set_)


def _until(world: World, station: int) -> date:
    return world.day(world.now) + (20 + 90 * station) * DAY


def _register(world: World, at: datetime, head: Actor, tool: Any, region: str) -> None:
    code, name, qualification, months, ago = tool
    facts = {"number": f"{code}-{region}", "tool_name": name, "check_months": months}
    facts |= {"station_id": head.station_id, "qualification": qualification or None}
    facts |= {"checked_on": world.day(at) - ago * DAY}
    register.add(world.uow(head, at), parse(tool_inputs.AddTool, facts))


def _technician(world: World, place: int) -> Actor:
    return world.people[Role.TECHNICIAN, BRANCHES[0].name][place]


def _head(world: World) -> Actor:
    return world.people[Role.DISPATCHER, BRANCHES[0].name][0]


def _order(world: World, at: datetime, who: Actor, *lines: tuple[int, int]) -> int:
    asked = [{"part_id": part_id, "quantity": quantity} for part_id, quantity in lines]
    return orders.ask(world.uow(who, at), parse(inputs.AskParts, {"order_lines": asked}))


def _act(world: World, at: datetime, who: Actor, process: Process, id: int, *steps: Action) -> None:
    for step in steps:
        row = fresh(world, process.table, id)
        uow = world.uow(who, at)
        workflow.act(uow, process, id=id, command=step, seen_version=row.version)


def _issue(world: World, at: datetime) -> None:
    """One technician has parts in the van, another one's lie ready."""
    id = _order(world, at, _technician(world, 0), (1, 2), (4, 1), (6, 2))
    later = (inputs.ApproveParts(), inputs.PickParts(), inputs.IssueParts())
    _act(world, at, _head(world), orders.PROCESS, id, *later)
    id = _order(world, at, _technician(world, 1), (5, 1))
    _act(world, at, _head(world), orders.PROCESS, id, *later[:2])


def _ask(world: World, at: datetime) -> None:
    """Somebody asks for more than there is."""
    _order(world, at, _technician(world, 2), (3, 3), (1, 1))


def _build_in(world: World, at: datetime) -> None:
    """A part with a serial number was built in, and the old one goes back to the maker."""
    technician = _technician(world, 0)
    found = select(Job.id).where(
        Job.technician_id == technician.id, Job.status != JobStatus.CANCELLED
    )
    newest = found.where(Job.filed_at.is_(None)).order_by(Job.id.desc())
    job_id = world.session.scalars(newest).first()
    if job_id is None:
        return
    uow = world.uow(technician, at)
    bench = uses.bench(uow, job_id=job_id)
    mine = [row for row in bench.in_reach if row.place.kind is PlaceKind.VAN]
    facts: dict[str, Any] = {"balance_id": mine[0].id, "old_part": OldPart.TO_MAKER}
    facts |= {"old_serial": "PD10-2203-0117", "new_serial": "PD10-2609-0042"}
    uses.use(uow, parse(inputs.UsePart, facts), job_id=job_id)


def _count(world: World, at: datetime) -> None:
    """The store of the first station was counted, with a difference that waits for another."""
    station = world.stations[BRANCHES[0].name]
    place = select(StockPlace.id).where(StockPlace.key == f"{PlaceKind.STORE.value}:{station}")
    place_id = world.session.scalars(place).one()
    head = _head(world)
    id = counts.begin(world.uow(head, at), inputs.BeginCount(place_id=place_id))
    lines = [
        {
            "line_id": line.id,
            "counted": line.expected + (number == 0),
            "difference_reason": COUNTED_WHY if number == 0 else "",
        }
        for number, line in enumerate(_sheet(world, id))
    ]
    command = parse(inputs.FinishCount, {"count_lines": lines})
    _act(world, at, head, counts.PROCESS, id, command)


def _sheet(world: World, count_id: int) -> Sequence[StockCountLine]:
    of_count = select(StockCountLine).where(StockCountLine.count_id == count_id)
    return world.session.scalars(of_count.order_by(StockCountLine.id)).all()


def _break(world: World, at: datetime) -> None:
    """A tool is taken along, another one is out of order."""
    first, _pump, meter = world.session.scalars(select(Tool.id).order_by(Tool.id).limit(3)).all()
    _act(world, at, _technician(world, 0), register.PROCESS, first, tool_inputs.TakeTool())
    fault = tool_inputs.ReportFault(note="测试线破皮")
    _act(world, at, _technician(world, 1), register.PROCESS, meter, fault)

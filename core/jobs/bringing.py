"""What a technician takes along: tools that the work is tied to, parts that such faults asked for.

Which parts is learned from the cases of the same product with the same fault.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased

from core.jobs import actions as jobs
from core.kernel.unit_of_work import UnitOfWork
from core.norms.model import Norm
from core.norms.revisions import norms_of
from core.process.permissions import require
from core.requests.kinds import narrowing
from core.stock import catalogue, lists
from core.stock.sight import VAN
from db.codes import OrderStatus, PartUseStatus, ToolStatus
from db.tables import (
    Asset,
    Job,
    Part,
    PartLot,
    PartOrder,
    PartOrderLine,
    PartUse,
    ServiceRequest,
    Tool,
)

# So many kinds of part, and of tools, are named for a job.
MOST = 3


@dataclass(frozen=True)
class NeededPart:
    """A part that may be needed, and how many lie in the own van and in the station's store."""

    part: str
    in_van: int
    in_store: int


@dataclass(frozen=True)
class NeededTool:
    """A tool for the work; `is_mine` where the technician has it already."""

    tool: str
    is_mine: bool


@dataclass(frozen=True)
class Bring:
    """What to bring to one job; `ready` lies packed in the store for it."""

    tools: tuple[NeededTool, ...] = ()
    parts: tuple[NeededPart, ...] = ()
    ready: tuple[str, ...] = ()


def of_jobs(uow: UnitOfWork, *, ids: Collection[int]) -> dict[int, Bring]:
    """What to bring to each of the actor's own jobs; as many queries for one as for all."""
    require(uow, "job:work")
    if not ids:
        return {}
    own = Job.id.in_(ids) & (Job.technician_id == uow.actor.id)
    found = uow.session.scalars(jobs.select_visible(uow.actor).where(own)).all()
    if not found:
        return {}
    parts, packed = _parts(uow, [job.request_id for job in found]), _packed(uow, ids)
    tools, norms = _tools(uow), norms_of(uow, [job.request for job in found])
    return {
        job.id: Bring(
            tuple(_of_work(tools, norms[job.request.revision_id], job.request)),
            tuple(parts.get(job.request_id, ())),
            tuple(packed.get(job.id, ())),
        )
        for job in found
    }


def _parts(uow: UnitOfWork, cases: Collection[int]) -> dict[int, list[NeededPart]]:
    """By case the parts that were built in most often for the same fault of the same product."""
    rows = uow.session.execute(_used_before(cases)).all()
    names = uow.session.scalars(select(Part).where(Part.id.in_({row[1] for row in rows})))
    labels = {part.id: catalogue.label(part) for part in names if part.active}
    lie = lists.in_reach(uow, uow.actor.id or 0, None) if labels else ()

    def count(part_id: int, in_van: bool) -> int:
        own = (row for row in lie if row.part_id == part_id)
        return sum(row.quantity for row in own if (row.place.kind is VAN) is in_van)

    return {
        case_id: [
            NeededPart(labels[id], count(id, True), count(id, False))
            for _case, id, _times in group
            if id in labels
        ][:MOST]
        for case_id, group in groupby(rows, key=lambda row: row[0])
    }


def _used_before(cases: Collection[int]) -> Select[int, int, int]:
    now, before = aliased(ServiceRequest), aliased(ServiceRequest)
    mine, theirs = aliased(Asset), aliased(Asset)
    times = func.count(PartUse.case_id.distinct())
    return (
        select(now.id, PartLot.part_id, times)
        .select_from(now)
        .join(mine, mine.id == now.asset_id)
        .join(theirs, theirs.product_id == mine.product_id)
        .join(before, (before.asset_id == theirs.id) & (before.fault_area == now.fault_area))
        .join(PartUse, PartUse.case_id == before.id)
        .join(PartLot, PartLot.id == PartUse.lot_id)
        .where(now.id.in_(cases), before.id != now.id, PartUse.status != PartUseStatus.UNDONE)
        .group_by(now.id, PartLot.part_id)
        .order_by(now.id, times.desc(), PartLot.part_id)
    )


def _packed(uow: UnitOfWork, ids: Collection[int]) -> dict[int, list[str]]:
    """By job what was asked for and lies ready to be fetched."""
    rows = uow.session.execute(
        select(PartOrder.job_id, Part, PartOrderLine.quantity)
        .join(PartOrderLine, PartOrderLine.order_id == PartOrder.id)
        .join(Part, Part.id == PartOrderLine.part_id)
        .where(PartOrder.job_id.in_(ids), PartOrder.status == OrderStatus.PICKED)
        .order_by(PartOrderLine.id)
    )
    found: dict[int, list[str]] = {}
    for job_id, part, quantity in rows:
        found.setdefault(job_id or 0, []).append(f"{catalogue.label(part)} ×{quantity}")
    return found


def _tools(uow: UnitOfWork) -> list[Tool]:
    """What the actor has, then what lies in the own station's store."""
    here = (Tool.status == ToolStatus.IN_STORE) & (Tool.station_id == uow.actor.station_id)
    own = (Tool.status == ToolStatus.OUT) & (Tool.holder_id == uow.actor.id)
    found = uow.session.scalars(select(Tool).where(own | here).order_by(Tool.name, Tool.id))
    return sorted(found, key=lambda tool: tool.status is not ToolStatus.OUT)


def _of_work(tools: Iterable[Tool], norm: Norm, request: ServiceRequest) -> Iterable[NeededTool]:
    """The tools that ask for what the work asks for, each kind once; what is at hand first."""
    work = norm.work_of(request.kind, request.priority, **narrowing(request))
    needs = set(work.needs) if work else set()
    named: dict[str, NeededTool] = {}
    for tool in tools:
        is_mine = tool.status is ToolStatus.OUT
        if tool.qualification in needs or (is_mine and not tool.qualification):
            named.setdefault(tool.name, NeededTool(f"{tool.name} {tool.number}", is_mine))
    return [*named.values()][:MOST]

"""Lists of tools: what is to be checked or repaired first, the use log, the rate of faults."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from core.kernel.unit_of_work import UnitOfWork
from core.norms.revisions import in_force, norm_of
from core.process import workflow
from core.process.permissions import require
from core.process.rules import Rule
from core.tools import register
from core.tools.register import FAULTY, OUT, PROCESS, READ, RETIRED
from db.codes import ToolStatus
from db.tables import History, Person, Tool, ToolFault

MOST = 500
# So long before its day a check is to be prepared.
AHEAD = timedelta(days=14)
# Faults are counted over so many days.
SPAN = timedelta(days=30)
# How the rule book names the share of the tools in use that may have one (D14).
TARGET = "equipment_faults"


@dataclass(frozen=True)
class ToolRow:
    """One tool with what may be done about it."""

    id: int
    version: int
    number: str
    name: str
    station: str
    status: ToolStatus
    holder: str
    is_mine: bool
    qualification: str
    check_months: int | None
    checked_on: date | None
    check_due_on: date | None
    is_due: bool
    faults: int
    actions: tuple[Rule, ...]


@dataclass(frozen=True)
class LogLine:
    """What happened to a tool."""

    fact: str
    at: datetime
    by: str
    note: str


@dataclass(frozen=True)
class Rate:
    """Faults of the last days by tools in use, and the limit if the rule book sets one."""

    faults: int
    in_use: int
    limit: float | None

    @property
    def value(self) -> float | None:
        """The share; none without a tool."""
        return self.faults / self.in_use if self.in_use else None

    @property
    def is_over(self) -> bool:
        """Whether it is more than may be."""
        return self.limit is not None and (self.value or 0) > self.limit


def listed(uow: UnitOfWork, *, retired: bool = False) -> tuple[ToolRow, ...]:
    """The tools that the actor sees: out of order, then to be checked, then the others."""
    require(uow, READ)
    is_retired = Tool.status == RETIRED
    faults = (
        select(func.count()).where(ToolFault.tool_id == Tool.id).correlate(Tool).scalar_subquery()
    )
    rows = uow.session.execute(
        register.select_visible(uow.actor)
        .add_columns(faults)
        .where(is_retired if retired else ~is_retired)
        .options(joinedload(Tool.station), joinedload(Tool.holder))
        .limit(MOST)
    )
    found = [_row(uow, tool, count) for tool, count in rows]
    order = sorted(found, key=lambda r: (r.status is not FAULTY, not r.is_due, r.name, r.number))
    return tuple(order)


def log(uow: UnitOfWork, *, id: int) -> tuple[LogLine, ...]:
    """The use log of a tool, the newest first; NotFound where it is out of sight."""
    require(uow, READ)
    workflow.fetch(uow, PROCESS, id)
    rows = uow.session.execute(
        select(History.action, History.at, Person.name, History.note)
        .outerjoin(Person, Person.id == History.actor_id)
        .where(History.subject == PROCESS.subject, History.subject_id == id)
        .order_by(History.sequence.desc())
        .limit(100)
    )
    return tuple(LogLine(action, at, name or "", note) for action, at, name, note in rows)


def rate(uow: UnitOfWork) -> Rate:
    """How many faults were found of late among the tools in use that the actor sees."""
    require(uow, READ)
    seen = register.select_visible(uow.actor).with_only_columns(Tool.id)
    in_use = uow.session.scalar(
        select(func.count()).where(Tool.id.in_(seen), Tool.status != RETIRED)
    )
    faults = uow.session.scalar(
        select(func.count()).where(ToolFault.tool_id.in_(seen), ToolFault.found_at > uow.now - SPAN)
    )
    return Rate(faults or 0, in_use or 0, norm_of(in_force(uow)).targets.get(TARGET))


def _row(uow: UnitOfWork, tool: Tool, faults: int) -> ToolRow:
    return ToolRow(
        id=tool.id,
        version=tool.version,
        number=tool.number,
        name=tool.name,
        station=tool.station.name if tool.station else "",
        status=tool.status,
        holder=tool.holder.name if tool.holder else "",
        is_mine=tool.status is OUT and tool.holder_id == uow.actor.id,
        qualification=tool.qualification,
        check_months=tool.check_months,
        checked_on=tool.checked_on,
        check_due_on=tool.check_due_on,
        is_due=tool.check_due_on is not None and tool.check_due_on <= uow.today + AHEAD,
        faults=faults,
        actions=PROCESS.allowed(uow.actor, tool),
    )

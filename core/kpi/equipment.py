"""Tools in use and their faults (K14, D14): no cases, and few, so they are read with each look."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import literal, select, union_all

from core.kernel.unit_of_work import UnitOfWork
from core.kpi import counted
from core.kpi.counted import Fact, Sums
from core.kpi.figures import NO_STATION, Source
from core.tools.register import PROCESS
from db.tables import History, Tool, ToolFault

# By what happens to a tool: one more is in use, or one less.
IN_USE = {"added": 1, "retired": -1}


def add(uow: UnitOfWork, sums: Sums) -> None:
    """Add what tools and faults there are."""
    for fact, sign in _facts(uow):
        counted.add(sums, [fact], sign)


def _facts(uow: UnitOfWork) -> Iterator[tuple[Fact, int]]:
    own = (Tool.id, Tool.station_id)
    faults = select(*own, ToolFault.id, ToolFault.found_at, literal("")).join(ToolFault)
    told = select(*own, History.id, History.at, History.action)
    told = told.join(History, History.subject_id == Tool.id)
    told = told.where(History.subject == PROCESS.subject, History.action.in_(IN_USE))
    for tool, station, id, at, action in uow.session.execute(union_all(faults, told)):
        source = Source.TOOLS if action else Source.TOOL_FAULTS
        yield _fact(uow, source, tool, station, id, at), IN_USE.get(action, 1)


def _fact(
    uow: UnitOfWork, source: Source, tool: int, station: int | None, row: int, at: datetime
) -> Fact:
    day = at.astimezone(uow.actor.zone_info).date()
    place = station or NO_STATION
    said = dict.fromkeys(("part", "kind", "channel", "case_class", "fault_area"), "")
    return Fact(
        source=source.value,
        subject_id=tool,
        row_id=row,
        day=day,
        hit=source is Source.TOOL_FAULTS,
        total=0,
        station_id=place,
        product_id=0,
        technician_id=0,
        imported=False,
        cancelled=False,
        **said,
    )

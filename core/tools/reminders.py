"""Reminders: whoever keeps a tool is told ahead of time that its check is due (D14)."""

from collections.abc import Iterator, Sequence

from sqlalchemy import select

from core.kernel.unit_of_work import UnitOfWork
from core.notices import notices, receivers
from core.notices.notices import Told
from core.process.rules import Done
from core.tools.lists import AHEAD
from core.tools.register import RETIRED
from db.codes import NoticeKind, Role
from db.tables import Person, Tool

FACT = "tool.check_due"


def due(uow: UnitOfWork) -> Sequence[int]:
    """The tools whose check is due soon, and nobody was told of that day."""
    told = Tool.told_of.is_not_distinct_from(Tool.check_due_on)
    soon = (Tool.check_due_on <= uow.today + AHEAD) & ~told & (Tool.status != RETIRED)
    return uow.session.scalars(select(Tool.id).where(soon).order_by(Tool.id)).all()


def remind(uow: UnitOfWork, tool_id: int) -> None:
    """Tell who keeps a tool, and who has it, when its check is due."""
    query = select(Tool).where(Tool.id == tool_id).with_for_update()
    tool = uow.session.scalars(query.execution_options(populate_existing=True)).one()
    if tool.check_due_on is None or tool.told_of == tool.check_due_on:
        return
    tool.told_of = tool.check_due_on
    on = tool.check_due_on.isoformat()
    notices.put(
        uow,
        people=(*keepers(uow, tool), tool.holder_id),
        kind=NoticeKind.TOOL,
        source=f"{FACT}:{tool_id}:{on}",
        data={"fact": FACT, "tool": tool_id, "name": f"{tool.name} {tool.number}", "on": on},
    )


def fault_found(uow: UnitOfWork, tool: Tool, done: Done) -> Iterator[Told]:
    """Who keeps a tool is told that something is wrong with it."""
    data = {"tool": tool.id, "name": f"{tool.name} {tool.number}"}
    yield Told(NoticeKind.TOOL, keepers(uow, tool), data)


def keepers(uow: UnitOfWork, tool: Tool) -> tuple[int, ...]:
    """Who heads the tool's station; the people of the warehouse for one of head office."""
    if tool.station_id:
        return receivers.heads(uow, tool.station_id)
    warehouse = select(Person.id).where(Person.active, Person.role == Role.WAREHOUSE)
    return tuple(uow.session.scalars(warehouse.order_by(Person.id)))

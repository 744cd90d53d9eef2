"""What tools were taken along for: shown on the job, and on the tool (D14)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from core.kernel.unit_of_work import UnitOfWork
from core.process import workflow
from core.process.permissions import require, visible_requests
from core.tools.register import PROCESS, READ
from db.tables import Job, Person, ServiceRequest, Tool, ToolTrip

MOST = 50


@dataclass(frozen=True)
class Trip:
    """A tool on its way for a job; no case and no number where the actor may not see the case."""

    tool: str
    person: str
    case_id: int | None
    number: str
    taken_at: datetime
    back_at: datetime | None


def of_tool(uow: UnitOfWork, *, id: int) -> tuple[Trip, ...]:
    """For which jobs a tool was taken along, the newest first; NotFound where it is not seen."""
    require(uow, READ)
    workflow.fetch(uow, PROCESS, id)
    return _trips(uow, ToolTrip.tool_id == id)


def of_job(uow: UnitOfWork, *, job_id: int) -> tuple[Trip, ...]:
    """Which tools were taken along for a job that the actor sees."""
    seen = visible_requests(uow.actor) | (Job.technician_id == uow.actor.id)
    return _trips(uow, ToolTrip.job_id == job_id, seen)


def _trips(uow: UnitOfWork, *which: Any) -> tuple[Trip, ...]:
    is_seen = visible_requests(uow.actor)
    rows = uow.session.execute(
        select(ToolTrip, Tool, Person.name, ServiceRequest.id, ServiceRequest.number, is_seen)
        .join(ToolTrip.tool)
        .join(ToolTrip.person)
        .join(ToolTrip.job)
        .join(Job.request)
        .where(*which)
        .order_by(ToolTrip.id.desc())
        .limit(MOST)
    )
    return tuple(
        Trip(
            tool=f"{tool.name} {tool.number}",
            person=name,
            case_id=case_id if may_see else None,
            number=number if may_see else "",
            taken_at=trip.taken_at,
            back_at=trip.back_at,
        )
        for trip, tool, name, case_id, number, may_see in rows
    )

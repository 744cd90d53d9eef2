"""Remote guidance: what was tried with the customer from afar, before anybody is sent (D27)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from core.kernel.unit_of_work import UnitOfWork
from core.process.rules import Done
from core.requests.inputs import Guide, GuideMeans, GuideResult
from core.requests.ready import GUIDED
from db.tables import History, ServiceRequest


@dataclass(frozen=True)
class Guided:
    """One try to help from afar."""

    at: datetime
    by: GuideMeans
    result: GuideResult
    tried: str


def guide(_uow: UnitOfWork, _request: ServiceRequest, command: Guide) -> Done:
    """It stands in history; what is solved by it settles the case."""
    return Done(note=command.tried, data={"by": command.by.value, "result": command.result.value})


def of_case(uow: UnitOfWork, case_id: int) -> tuple[Guided, ...]:
    """What was tried from afar for a case that the actor sees, oldest first."""
    rows = uow.session.scalars(
        select(History)
        .where(
            History.subject == "request", History.subject_id == case_id, History.action == GUIDED
        )
        .order_by(History.sequence)
    )
    return tuple(
        Guided(row.at, GuideMeans(row.data["by"]), GuideResult(row.data["result"]), row.note)
        for row in rows
    )

"""The work is not done: what is missing for it, and the visit that follows (E10)."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any

from pydantic import Field

from core.jobs import slots, visits
from core.kernel.errors import Problem
from core.kernel.inputs import Action, Choice, Moment, RequiredText, WideLine
from core.kernel.unit_of_work import UnitOfWork
from core.process.rules import Done, Happening
from core.requests.inputs import window
from core.stock import lists, orders
from core.stock.inputs import AskedPart
from db.codes import VisitOutcome
from db.tables import Job


class EndVisit(Action):
    """The visit ends and the work is not done: what is missing, and when it goes on (E10)."""

    outcome: Annotated[VisitOutcome, Choice("unfinished")]
    note: RequiredText
    # Asked of the store for the next visit, in the same step.
    order_lines: Annotated[list[AskedPart], Field(max_length=50)] = []
    tools_wanted: WideLine = ""
    # The next visit, where the customer agreed to a time on the spot; else it waits to be planned.
    agreed_from: Moment | None = None
    agreed_to: Moment | None = None

    @classmethod
    def across(cls, values: Mapping[str, Any]) -> Iterable[Problem]:
        """The next visit has both ends, in order, or no time yet."""
        return window(values, "agreed_from", "agreed_to")


def leave(uow: UnitOfWork, job: Job, command: EndVisit) -> Done:
    """The visit ends with what is missing written on it; the parts are asked for."""
    visit = visits.open_visit(job)
    visits.end(uow, job, command.outcome, command.note)
    if visit:
        visit.tools_wanted = command.tools_wanted
    slots.plan(uow, job, None, "")  # its time is over
    data: dict[str, Any] = {"outcome": command.outcome.value}
    if command.tools_wanted:
        data["tools_wanted"] = command.tools_wanted
    if command.order_lines:
        data["order"] = orders.ask_for(uow, job, command.order_lines, command.note)
    if command.agreed_from and command.agreed_to:
        data["from"] = command.agreed_from.isoformat()
        data["to"] = command.agreed_to.isoformat()
    return Done(note=command.note, data=data)


def goes_on(ended: Happening) -> bool:
    """Whether the customer agreed to the next visit on the spot."""
    return "from" in ended.done.data


def parts(uow: UnitOfWork, job: Job) -> Mapping[int, str]:
    """The parts that may be asked for: what fits the piece first, with what lies in the store."""
    return lists.to_order(uow, job.request.asset_id, job.technician_id)


def outcomes(_uow: UnitOfWork, _job: Job) -> Mapping[VisitOutcome, str]:
    """How a visit ends without the work being done."""
    return dict.fromkeys((VisitOutcome.UNFINISHED, VisitOutcome.NO_ACCESS), "")

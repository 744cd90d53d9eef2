"""What sending somebody does to a case, and the way in which it is served (A17, E24)."""

from typing import Any

from core.kernel.unit_of_work import UnitOfWork
from core.process import changes
from core.process.rules import Done
from core.requests import filing, ready, sending
from core.requests.inputs import Dispatch, DispatchAnyway, SetWay
from db.codes import ServiceWay
from db.tables import ServiceRequest


def dispatch(uow: UnitOfWork, request: ServiceRequest, command: Dispatch) -> Done:
    """Send somebody, with what the case lacked by then put on file (A17)."""
    filled = filing.fill(uow, request, command)
    ready.check(uow, request)
    sending.check(uow, request, command.technician_id, at=command.planned_from)
    return Done(note=command.instructions, data=_sent(request, command) | filled)


def dispatch_anyway(uow: UnitOfWork, request: ServiceRequest, command: DispatchAnyway) -> Done:
    """Send somebody against the rule book; history keeps what was departed from, and why (E24)."""
    filled = filing.fill(uow, request, command)
    data = sending.exception(
        *(uow, request, command.technician_id, command.exception_reason), command.planned_from
    )
    data |= ready.left_open(uow, request, ready.SENT)
    return Done(note=command.instructions, data=_sent(request, command) | filled | data)


def _sent(request: ServiceRequest, command: Dispatch) -> dict[str, Any]:
    if request.way is ServiceWay.REMOTE:
        request.way = ServiceWay.SITE  # somebody goes after all
    return {"technician": command.technician_id} | sending.plan_of(command)


def set_way(uow: UnitOfWork, request: ServiceRequest, command: SetWay) -> Done:
    """At the customer's place, at the station, or by guidance first."""
    return Done(note=command.note, data=changes.write(request, {"way": command.way}))

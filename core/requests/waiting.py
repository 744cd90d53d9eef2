"""The company waits: for the customer, for a part, for the end of force majeure (A30)."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from core.kernel.errors import InvalidInput, Problem
from core.kernel.unit_of_work import UnitOfWork
from core.process.rules import Done, Happening
from core.requests.inputs import PutOff, Resume, Wait
from db.codes import WaitReason
from db.tables import ServiceRequest

# Whose clock is a little ahead has told the customer now.
AHEAD = timedelta(minutes=5)


def begin(request: ServiceRequest, reason: WaitReason, until: datetime | None = None) -> None:
    """The limits stand still from the next fact on, until a time where one is known."""
    request.wait_reason, request.wait_until = reason, until


def end(request: ServiceRequest) -> None:
    """Nobody waits any more: the limits run on with the next fact."""
    request.wait_reason = request.wait_until = None


def wait(uow: UnitOfWork, request: ServiceRequest, command: Wait) -> Done:
    """What is waited for is on file, and when that ends by itself."""
    until = command.wait_until
    if until and until <= uow.clock:
        raise InvalidInput(Problem("wait_until", "in_the_past"))
    begin(request, command.reason, until)
    data = {"reason": command.reason.value} | ({"until": until.isoformat()} if until else {})
    return Done(note=command.note, data=data)


def put_off(uow: UnitOfWork, request: ServiceRequest, command: PutOff) -> Done:
    """Force majeure: the customer was told and has agreed to another time (A30)."""
    wrong = []
    if command.told_at > uow.clock + AHEAD:
        wrong.append(Problem("told_at", "in_the_future"))
    if command.wait_until <= uow.clock:
        wrong.append(Problem("wait_until", "in_the_past"))
    if wrong:
        raise InvalidInput(*wrong)
    begin(request, WaitReason.FORCE_MAJEURE, command.wait_until)
    request.wanted_from, request.wanted_to = command.agreed_from, command.agreed_to
    moments = {
        "until": command.wait_until,
        "told_at": command.told_at,
        "from": command.agreed_from,
        "to": command.agreed_to,
    }
    said = {name: moment.isoformat() for name, moment in moments.items()}
    return Done(note=command.note, data={"reason": WaitReason.FORCE_MAJEURE.value} | said)


def resume(_uow: UnitOfWork, request: ServiceRequest, command: Resume) -> Done:
    """What was waited for has come."""
    end(request)
    return Done(note=command.note)


def has_new_time(waiting: Happening) -> bool:
    """Whether another time was agreed with the customer."""
    return "from" in waiting.done.data


def due(uow: UnitOfWork) -> Sequence[int]:
    """The cases whose waiting is over by now."""
    over = ServiceRequest.wait_until <= uow.clock
    return uow.session.scalars(select(ServiceRequest.id).where(over)).all()


def reasons(_uow: UnitOfWork, _request: ServiceRequest) -> Mapping[WaitReason, str]:
    """What may be waited for without another time being agreed."""
    return dict.fromkeys((WaitReason.CUSTOMER, WaitReason.PART), "")


def proposal(uow: UnitOfWork, _request: ServiceRequest) -> dict[str, Any]:
    """The customer was told just now."""
    return {"told_at": uow.clock.replace(second=0, microsecond=0)}

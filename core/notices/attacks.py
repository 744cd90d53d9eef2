"""Who is told of sign-ins: administrators of an attack, a person of what was changed for them."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select

from core.kernel.unit_of_work import UnitOfWork
from core.notices import notices, receivers
from db.codes import AccessKind, NoticeKind, Role
from db.tables import AccessEvent

RECENT = timedelta(days=1)
# What a person did not do with the own hands, and should know of.
OWN = (AccessKind.PASSWORD_CHANGED, AccessKind.CODES_OFF)


def due(uow: UnitOfWork) -> Sequence[int]:
    """The lines of the record of sign-ins that nobody was told of yet."""
    theirs = AccessEvent.kind.in_(OWN) & AccessEvent.person_id.is_not(None)
    which = (AccessEvent.kind == AccessKind.ATTACKED) | theirs
    recent = AccessEvent.at > uow.now - RECENT
    return uow.session.scalars(
        select(AccessEvent.id).where(which, recent, ~AccessEvent.is_told)
    ).all()


def tell(uow: UnitOfWork, event_id: int) -> None:
    """Put a line of the record into the inbox of whom it concerns."""
    event = uow.session.get_one(AccessEvent, event_id)
    event.is_told = True
    is_attack = event.kind is AccessKind.ATTACKED
    people = receivers.everywhere(uow, [Role.ADMIN]) if is_attack else (event.person_id,)
    notices.put(
        uow,
        people=people,
        kind=NoticeKind.ACCESS,
        source=f"access:{event.id}",
        data={"fact": event.kind.value, "address": event.address},
    )

"""Whose turn it is: told at each step of a file, and over for everybody when the step is taken."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, String, and_, cast, or_, select

from core.kernel.unit_of_work import UnitOfWork
from core.notices import notices, receivers
from core.process.rules import After, Happening, after
from db.codes import NoticeKind, Role
from db.tables import Limit, Notice, ServiceRequest

Asked = Callable[[UnitOfWork, Any], Iterable[int | None]]


def asks(who: Asked, *facts: str) -> After:
    """A row for the card of a room whose files are about a request: who has the next step."""

    def do(uow: UnitOfWork, happening: Happening) -> None:
        record, step = happening.record, happening.record.status.value
        people = [id for id in who(uow, record) if id not in record.request.named]
        if uow.actor.id in people:
            return  # whoever goes on need not be told, and neither need the others
        notices.put(
            uow,
            people=people,
            kind=NoticeKind.YOUR_TURN,
            source=f"{happening.fact}:{record.id}:{record.version}:turn",
            case_id=happening.case_id,
            data={"fact": happening.fact, "step": step},
        )

    return after(*facts, do=do, says="Whoever has the next step is told.")


def first_of(uow: UnitOfWork, request: ServiceRequest, roles: Sequence[Role]) -> tuple[int, ...]:
    """The people of the first of these roles that somebody near the case has."""
    found = (receivers.of_roles(uow, request, (role,)) for role in roles)
    return next(filter(None, found), ())


def is_taken(uow: UnitOfWork, happening: Happening) -> None:
    """Who was asked for a step need not look for it any more: somebody has taken it.

    Nor who was told of a time limit that runs no more.
    """
    subject = happening.fact.partition(".")[0]
    mine = Notice.person_id == uow.actor.id
    asked = or_(Notice.source.startswith(f"{subject}."), Notice.source.startswith(f"{subject}:"))
    moved = happening.old is not None and happening.old is not happening.record.status
    taken = and_(
        Notice.at < uow.clock,  # not what this very step has told
        Notice.kind.in_(notices.ASKING),
        (mine | asked) if moved else mine,
    )
    notices.mark(uow, Notice.case_id == happening.case_id, taken | _ended(happening.case_id))


def _ended(case_id: int | None) -> ColumnElement[bool]:
    """Notices of the case's time limits that were met or dropped."""
    over = Limit.met_at.is_not(None) | Limit.dropped_at.is_not(None)
    called = "limit:" + cast(Limit.id, String) + ":%"
    limits = select(Limit.id).where(Limit.request_id == case_id, over, Notice.source.like(called))
    return (Notice.kind == NoticeKind.ESCALATION) & limits.exists()

"""Who is told of a course: those who train, when it is planned, moved or called off."""

from collections.abc import Iterator

from core.kernel.unit_of_work import UnitOfWork
from core.notices.notices import Told
from core.process.rules import Done
from db.codes import NoticeKind
from db.tables import Course


def trainers(uow: UnitOfWork, row: Course, done: Done) -> Iterator[Told]:
    """Those who train are told when it is planned, moved or called off."""
    people = [id for id in row.trainers if id != uow.actor.id]
    data = {"course": row.id, "headline": row.headline, "note": done.note}
    yield Told(NoticeKind.PLAN_DECIDED, people, data | {"at": row.starts_at.isoformat()})

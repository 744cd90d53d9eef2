"""Who is told of a course: those who train, when it is planned, moved or called off."""

from collections.abc import Iterator

from core.kernel.unit_of_work import UnitOfWork
from core.notices.notices import Told
from core.process.rules import Done
from db.codes import NoticeKind
from db.tables import Course


def trainers(uow: UnitOfWork, row: Course, _done: Done) -> Iterator[Told]:
    """Those who train are told when it is planned, moved or called off."""
    people = [id for id in row.trainers if id != uow.actor.id]
    day = row.starts_at.astimezone(uow.actor.zone_info).date()
    # By its number: a title may name the customer, and a notice outlives the erasing.
    data = {"course": row.id, "number": row.number, "day": day.isoformat()}
    yield Told(NoticeKind.PLAN_DECIDED, people, data)

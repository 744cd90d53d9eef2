"""What an import brought that is still open: told once, and listed, the most overdue first.

Limits that were late before a case came here are old news: no ladder is climbed for them
(core/notices/escalation.py), and whoever looks after the cases is told in one notice how many
there are.
"""

from sqlalchemy import ColumnElement, Select, func, select

from core.imports.saved_maps import PERMISSION
from core.kernel.errors import NotFound
from core.kernel.unit_of_work import UnitOfWork
from core.notices import notices
from core.process.permissions import require
from core.requests import lists
from core.requests.actions import OPEN
from core.requests.lists import NEXT_DUE, Cases
from db.codes import NoticeKind, Role
from db.tables import History, ImportRun, Person, ServiceRequest
from db.types import LARGEST_ID


def tell(uow: UnitOfWork, run: ImportRun, *, after: int) -> None:
    """Tell whoever brought them in, and the managers, how many cases are open and late.

    `after` is the newest case before the import.
    """
    mine = (ServiceRequest.id > after, *_is_open())
    query = select(func.count(), func.count().filter(uow.now > NEXT_DUE)).where(*mine)
    count, late = uow.session.execute(query.select_from(ServiceRequest)).one()
    if late:
        notices.put(
            uow,
            people=_concerned(uow),
            kind=NoticeKind.IMPORTED_LATE,
            source=f"import:{run.id}",
            data={"run": run.id, "open": count, "late": late},
            is_finding=True,
        )


def brought(uow: UnitOfWork, *, run_id: int, is_open: bool = False, page: int = 1) -> Cases:
    """The cases of an import, or those still open; NotFound when there is no such import."""
    require(uow, PERMISSION)
    run = uow.session.get(ImportRun, run_id) if 0 < run_id <= LARGEST_ID else None
    if run is None:
        raise NotFound(subject="import", id=run_id)
    where = [ServiceRequest.id.in_(_brought_by(run)), *(_is_open() if is_open else ())]
    return lists.by_due(uow, where, page)


def _is_open() -> tuple[ColumnElement[bool], ...]:
    return (ServiceRequest.source.is_not(None), ServiceRequest.status.in_(OPEN))


def _brought_by(run: ImportRun) -> Select[int | None]:
    # By who and when, which is an index; a run of the same instant is told apart by its number.
    return select(History.case_id).where(
        History.actor_id.is_not_distinct_from(run.actor_id),
        History.at == run.at,
        History.subject == "request",
        History.action == "imported",
        History.data["run"].as_integer() == run.id,
    )


def _concerned(uow: UnitOfWork) -> list[int]:
    managers = select(Person.id).where(Person.active, Person.role == Role.MANAGER)
    return sorted({*uow.session.scalars(managers), *filter(None, (uow.actor.id,))})

"""The check-lists of the work on site: what is done, by whom and when (E8, A18, A19)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core.kernel.errors import InvalidInput, Problem
from core.kernel.inputs import Action, LineText, RequiredLine
from core.kernel.unit_of_work import UnitOfWork
from core.norms.parts import CheckList, Words
from core.norms.revisions import norm_for
from core.process.rules import Done
from db.codes import JobStatus
from db.tables import Job, JobTick


class Tick(Action):
    """What is done of a check-list, as it stands now."""

    check_list: RequiredLine
    items: list[LineText]


@dataclass(frozen=True)
class ItemView:
    """An item of a check-list; `at` and `by` where it is ticked."""

    name: str
    text: Words
    clause: str
    at: datetime | None = None
    by: str = ""


@dataclass(frozen=True)
class CheckView:
    """A check-list of a job, as the rule book that accepted the case has it."""

    name: str
    text: Words
    clause: str
    items: tuple[ItemView, ...]

    @property
    def done(self) -> tuple[str, ...]:
        """The items that are ticked, by name."""
        return tuple(item.name for item in self.items if item.at)


def of_job(uow: UnitOfWork, job: Job) -> tuple[CheckView, ...]:
    """The check-lists of a job with what is ticked; none for one that never came to the work."""
    rows = uow.session.scalars(
        select(JobTick).where(JobTick.job_id == job.id).options(joinedload(JobTick.ticked_by))
    )
    ticks = {(row.check_list, row.item): row for row in rows}
    if job.status is JobStatus.CANCELLED and not ticks:
        return ()
    return tuple(_view(each, ticks) for each in lists_of(uow, job))


def lists_of(uow: UnitOfWork, job: Job) -> tuple[CheckList, ...]:
    """The check-lists that the rule book in force for the case has for such work."""
    return norm_for(uow, job.request).lists_of(job.request.kind)


def unticked(uow: UnitOfWork, job: Job) -> list[str]:
    """What is not ticked, as "list.item"."""
    return [
        f"{each.name}.{item.name}"
        for each in of_job(uow, job)
        for item in each.items
        if item.at is None
    ]


def tick(uow: UnitOfWork, job: Job, command: Tick) -> Done:
    """Write down what is done of a list, and take back what is not; history keeps the change."""
    known = next((x for x in lists_of(uow, job) if x.name == command.check_list), None)
    if known is None or not set(command.items) <= set(known.names):
        raise InvalidInput(Problem("items", "not_an_option"))
    rows = uow.session.scalars(
        select(JobTick).where(JobTick.job_id == job.id, JobTick.check_list == known.name)
    )
    before = {row.item: row for row in rows}
    added = [item for item in known.names if item in command.items and item not in before]
    taken = [item for item in before if item not in command.items]
    for item in taken:
        uow.session.delete(before[item])
    for item in added:
        ticked = {"check_list": known.name, "item": item, "ticked_at": uow.now}
        uow.session.add(JobTick(job_id=job.id, ticked_by_id=uow.actor.id, **ticked))
    uow.session.flush()
    return Done(data={"check_list": known.name, "ticked": added, "unticked": taken})


def _view(known: CheckList, ticks: dict[tuple[str, str], JobTick]) -> CheckView:
    found = ((item, ticks.get((known.name, item.name))) for item in known.items)
    items = tuple(
        ItemView(
            name=item.name,
            text=item.text,
            clause=item.clause,
            at=row.ticked_at if row else None,
            by=row.ticked_by.name if row else "",
        )
        for item, row in found
    )
    return CheckView(known.name, known.text, known.clause, items)

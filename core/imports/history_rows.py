"""The history of what is imported: told as it happened elsewhere, then how it came here."""

from dataclasses import dataclass, field, fields
from datetime import datetime
from operator import attrgetter
from typing import cast

from core.imports import openings
from core.imports.bulk import Row
from core.imports.drafts import Draft
from core.imports.story import Step, Story
from core.kernel import chain
from core.kernel.unit_of_work import UnitOfWork
from core.process.room import File
from db.codes import FollowUpStatus
from db.tables import History


@dataclass(slots=True)
class Line:
    """A history row before it is written; a mapped one costs ten times as much to make."""

    subject: str
    subject_id: int
    action: str
    at: datetime
    case_id: int | None = None
    old: str | None = None
    new: str | None = None
    actor_id: int | None = None
    note: str = ""
    data: Row = field(default_factory=dict)
    sequence: int = 1
    previous_hash: str = ""
    hash: str = ""

    def row(self) -> Row:
        """The row of the table."""
        return dict(zip(COLUMNS, _facts(self), strict=True))


COLUMNS = tuple(each.name for each in fields(Line))
# There are several lines for each case.
_facts = attrgetter(*COLUMNS)


class Scribe:
    """Writes the history of one import run."""

    def __init__(self, uow: UnitOfWork, *, source: str, run_id: int) -> None:
        self.uow = uow
        self.source = source
        self.run_id = run_id

    def case(self, id: int, row: Row, draft: Draft, story: Story) -> list[Line]:
        """What happened to a case elsewhere, by nobody of ours, then its import."""
        steps = [self._step(id, step, row) for step in story.steps]
        return _chained(*steps, self._imported(id, draft, story))

    def added(self, subject: str, id: int) -> list[Line]:
        """A customer or a piece that the file brought."""
        data = {"source": self.source, "run": self.run_id}
        line = Line(subject, id, "added", self.uow.now, actor_id=self.uow.actor.id, data=data)
        return _chained(line)

    def planned(self, id: int, row: Row) -> list[Line]:
        """A follow-up call that is due (E3)."""
        line = Line(
            "follow_up",
            id,
            "planned",
            self.uow.now,
            case_id=row["request_id"],
            old=FollowUpStatus.DUE.value,
            new=FollowUpStatus.DUE.value,
            actor_id=self.uow.actor.id,
            data={"due_on": row["due_on"].isoformat()},
        )
        return _chained(line)

    def filed(self, id: int, row: Row, file: File, draft: Draft, story: Story) -> list[Line]:
        """The file of a complaint, a quality feedback or a suggestion: opened, and ended if it is.

        An end that nobody dated becomes known by the import.
        """
        subject = file.process.subject
        first, last = file.opening.value, row["status"].value
        data = {"source": self.source}
        opened = Line(
            subject,
            id,
            openings.opened(file),
            draft.received_at,
            case_id=row["request_id"],
            old=first,
            new=first,
            data=data,
        )
        if last == first:
            return _chained(opened)
        at = draft.closed_at
        ended = Line(
            subject,
            id,
            last,
            at or self.uow.now,
            case_id=row["request_id"],
            old=first,
            new=last,
            actor_id=None if at else self.uow.actor.id,
            data=data if at else {"run": self.run_id},
        )
        return _chained(opened, ended)

    def _step(self, id: int, step: Step, row: Row) -> Line:
        data = {"source": self.source}
        if step.fact == "registered":
            data |= {"ref": row["source_ref"], "channel": row["channel"].value}
            data |= {"charge": row["charge"].value, "reason": row["charge_reason"].value}
        return Line(
            "request",
            id,
            step.fact,
            step.at,
            case_id=id,
            old=step.old.value if step.old else None,
            new=step.new.value,
            note=step.note,
            data=data,
        )

    def _imported(self, id: int, draft: Draft, story: Story) -> Line:
        return Line(
            "request",
            id,
            "imported",
            self.uow.now,
            case_id=id,
            old=story.steps[-1].new.value,
            new=story.status.value,
            actor_id=self.uow.actor.id,
            # What was said about a case that is still open is no answer yet.
            note="" if story.resolved_at else draft.answer,
            data={"run": self.run_id, "line": draft.line, "status": draft.status_word},
        )


def _chained(*lines: Line) -> list[Line]:
    """The lines of one subject in their order, each with the hash of the one before it."""
    before = ""
    for sequence, line in enumerate(lines, 1):
        line.sequence, line.previous_hash = sequence, before
        line.hash = before = chain.digest(cast(History, line))
    return list(lines)

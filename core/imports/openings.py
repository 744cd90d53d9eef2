"""The files of cases that come in, written in bulk: complaints, feedback, suggestions, returns.

What is still open elsewhere waits here for its first step; what is over is over here too.
"""

from enum import StrEnum
from typing import Any

from core.imports.bulk import Row
from core.imports.story import Story
from core.process.room import File
from db.codes import RequestStatus

SETTLED = frozenset({RequestStatus.RESOLVED, RequestStatus.CLOSED})


def row(file: File, request_id: int, story: Story) -> Row:
    """The file of a case that came in; what a bulk insert must be told, because no row is made."""
    status = standing(file, story)
    is_over = status is file.ended
    known: dict[str, Any] = {
        "approvers": [],
        "asked_on": story.steps[0].at.date(),
        "closed_at": story.resolved_at if is_over else None,
    }
    columns = file.process.table.__table__.columns.keys()
    told = {name: value for name, value in known.items() if name in columns}
    return {"version": 1, "request_id": request_id, "status": status} | told


def standing(file: File, story: Story) -> StrEnum:
    """The step at which the file stands when it comes in."""
    if story.status is RequestStatus.CANCELLED:
        return file.withdrawn
    return file.ended if story.status in SETTLED else file.opening


def opened(file: File) -> str:
    """What history calls its opening."""
    rules = (rule for rule in file.process.rules if rule.target is file.opening)
    return next(rule.fact for rule in rules if rule.action is None)

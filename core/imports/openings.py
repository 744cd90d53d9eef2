"""The files of complaints, feedback, suggestions and returns that come in, written in bulk.

What is still open elsewhere waits here for its first step; what is over is over here too.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from core.imports.bulk import Row
from core.imports.story import Story
from db.codes import (
    ComplaintStatus,
    QualityStatus,
    RequestKind,
    RequestStatus,
    ReturnStatus,
    SuggestionStatus,
)
from db.tables import Complaint, GoodsReturn, QualityFeedback, Suggestion

SETTLED = frozenset({RequestStatus.RESOLVED, RequestStatus.CLOSED})


@dataclass(frozen=True)
class Review:
    """One kind of file: its table, what history calls it, where it begins and where it ends."""

    table: type[Complaint | QualityFeedback | Suggestion | GoodsReturn]
    subject: str
    first: StrEnum
    settled: StrEnum
    withdrawn: StrEnum
    blank: Row
    # Whether the file keeps the moment of its end by itself.
    is_dated: bool = True
    # What history calls the opening, and whether the file keeps the day of asking.
    opened: str = "recorded"
    has_day: bool = False

    def row(self, request_id: int, story: Story) -> Row:
        """The file of a case that came in."""
        status = self.last(story)
        row = {"version": 1, "request_id": request_id, "status": status} | self.blank
        if self.is_dated:
            row["closed_at"] = story.resolved_at if status is self.settled else None
        if self.has_day:
            row["asked_on"] = story.steps[0].at.date()
        return row

    def last(self, story: Story) -> Any:
        """The step at which the file stands when it comes in."""
        if story.status is RequestStatus.CANCELLED:
            return self.withdrawn
        return self.settled if story.status in SETTLED else self.first


REVIEWS = {
    RequestKind.COMPLAINT: Review(
        Complaint,
        "complaint",
        ComplaintStatus.RECORDED,
        ComplaintStatus.CLOSED,
        ComplaintStatus.WITHDRAWN,
        {"approvers": []},
    ),
    RequestKind.QUALITY_FEEDBACK: Review(
        QualityFeedback,
        "quality",
        QualityStatus.RECORDED,
        QualityStatus.CLOSED,
        QualityStatus.WITHDRAWN,
        {},
    ),
    RequestKind.SUGGESTION: Review(
        Suggestion,
        "suggestion",
        SuggestionStatus.COLLECTED,
        SuggestionStatus.ANSWERED,
        SuggestionStatus.WITHDRAWN,
        {},
        is_dated=False,
    ),
    RequestKind.RETURN: Review(
        GoodsReturn,
        "return",
        ReturnStatus.APPLIED,
        ReturnStatus.CLOSED,
        ReturnStatus.CANCELLED,
        {"approvers": []},
        opened="applied",
        has_day=True,
    ),
}

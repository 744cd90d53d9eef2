"""A meeting and its decisions as a screen sees them."""

from dataclasses import dataclass
from datetime import date, datetime

from core.kernel.unit_of_work import UnitOfWork
from core.kpi.figures import FigureName
from core.kpi.frozen import Frozen
from core.meetings import decisions
from core.meetings.rules import TO_DO
from core.process.rules import Rule
from db.codes import DecisionStatus, MeetingStatus, RequestKind
from db.tables import Decision, Meeting


@dataclass(frozen=True)
class DecisionView:
    """One decision with the actions that the actor may take on it; `late` as of today."""

    id: int
    version: int
    meeting_id: int
    meeting: str
    figure: FigureName | None
    text: str
    owner: str
    due_on: date
    status: DecisionStatus
    late: bool
    note: str
    actions: tuple[Rule, ...]


@dataclass(frozen=True)
class MeetingRow:
    """A meeting in the list: about what, held by whom, and how many decisions are open."""

    id: int
    topic: str
    status: MeetingStatus
    since: date
    until: date
    station: str
    kind: RequestKind | None
    started_at: datetime
    started_by: str
    decisions: int


@dataclass(frozen=True)
class MeetingView:
    """One meeting: its figures as they stood, what was decided in it and what it took over."""

    row: MeetingRow
    version: int
    frozen: Frozen
    decisions: tuple[DecisionView, ...]
    actions: tuple[Rule, ...]

    def about(self, name: FigureName) -> tuple[DecisionView, ...]:
        """The decisions, those of a figure first."""
        return tuple(sorted(self.decisions, key=lambda each: each.figure is not name))


def of_decision(uow: UnitOfWork, row: Decision) -> DecisionView:
    """A decision whose meeting and owner are loaded."""
    return DecisionView(
        id=row.id,
        version=row.version,
        meeting_id=row.meeting_id,
        meeting=row.meeting.topic,
        figure=FigureName(row.figure) if row.figure else None,
        text=row.text,
        owner=row.owner.name,
        due_on=row.due_on,
        status=row.status,
        late=row.status is TO_DO and row.due_on < uow.today,
        note=row.note,
        actions=decisions.PROCESS.allowed(uow.actor, row),
    )


def of_meeting(meeting: Meeting, decided: int) -> MeetingRow:
    """A meeting whose station and holder are loaded."""
    return MeetingRow(
        id=meeting.id,
        topic=meeting.topic,
        status=meeting.status,
        since=meeting.since,
        until=meeting.until,
        station=meeting.station.name if meeting.station else "",
        kind=meeting.kind,
        started_at=meeting.started_at,
        started_by=meeting.started_by.name,
        decisions=decided,
    )

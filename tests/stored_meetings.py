"""One row of everything that meetings store, and what the database refuses about it."""

from datetime import timedelta
from typing import Any

from db.codes import DecisionStatus, MeetingStatus, RequestKind
from db.tables import Decision, Meeting, MeetingCases
from tests.company_cast import NOW
from tests.maintained import TODAY

DAY = timedelta(days=1)


def fill(s: Any) -> None:
    """Rows of each table, with every reference filled, on the stage of the constraint tests."""
    closed = {"status": MeetingStatus.CLOSED, "closed_at": NOW}
    holder = s.technician
    s.meeting = s.add(meeting(holder, kind=RequestKind.REPAIR, station_id=1, **closed))
    s.add(cases_of(s))
    settled = {"settled_by_id": holder, "settled_at": NOW, "note": "done", "told_at": NOW}
    s.decision = s.add(decision(s.meeting, holder, DecisionStatus.DONE, **settled))


def meeting(holder: int | None, **facts: Any) -> Meeting:
    usual = {"topic": "例会", "status": MeetingStatus.OPEN, "since": TODAY, "until": TODAY}
    return Meeting(**usual | {"frozen": {}, "started_by_id": holder, "started_at": NOW} | facts)


def decision(of: Meeting, owner: int | None, status: DecisionStatus, **facts: Any) -> Decision:
    usual = {"meeting_id": of.id, "figure": "received", "text": "加人", "owner_id": owner}
    taken = {"due_on": TODAY, "taken_by_id": owner, "taken_at": NOW, "status": status}
    return Decision(**usual | taken | facts)


def cases_of(s: Any) -> MeetingCases:
    facts = {"figure": "received", "side": "denominator", "ids": [s.case.id], "total": 1}
    return MeetingCases(meeting_id=s.meeting.id, **facts)


SPOILERS: dict[str, Any] = {
    "ck_meetings_in_order": lambda s: s.change(s.meeting, until=TODAY - DAY),
    "ck_meetings_closed_when": lambda s: s.change(s.meeting, closed_at=None),
    "uq_meeting_cases_meeting_id_figure_side": lambda s: s.add(cases_of(s)),
    "ck_meeting_cases_total_not_negative": lambda s: s.add(
        MeetingCases(meeting_id=s.meeting.id, figure="x", side="x", ids=[], total=-1)
    ),
    "ck_decisions_settled_when": lambda s: s.change(s.decision, settled_at=None),
    "ck_decisions_settled_how": lambda s: s.change(s.decision, note=""),
    "ck_decisions_says_something": lambda s: s.change(s.decision, text=""),
}

"""The rule tables of meetings and of decisions."""

from core.improvements.actions import OWNER
from core.meetings.inputs import ChangeDecision, CloseMeeting, DropDecision, FinishDecision
from core.process.permissions import sees_all_stations
from core.process.rules import Relation, Rule
from db.codes import DecisionStatus, MeetingStatus

READ, HOLD, DO = "kpi:read", "meeting:hold", "decision:do"
OPEN, CLOSED = MeetingStatus
TO_DO, DONE, DROPPED = DecisionStatus
RUNNING, WAITING = frozenset({OPEN}), frozenset({TO_DO})

# What was decided about all stations is changed by those who see them all.
HOLDS = Relation(
    "other_meeting",
    lambda actor, row: sees_all_stations(actor) or row.meeting.station_id == actor.station_id,
)

MEETING_RULES = (
    Rule("started", None, frozenset(), OPEN, HOLD, "A26"),
    Rule("closed", CloseMeeting, RUNNING, CLOSED, HOLD, "A26"),
)
DECISION_RULES = (
    Rule("taken", None, frozenset(), TO_DO, HOLD, "A26"),
    Rule("done", FinishDecision, WAITING, DONE, HOLD, "A26", who=(HOLDS,)),
    Rule("done", FinishDecision, WAITING, DONE, DO, "A26", who=(OWNER,)),
    Rule("changed", ChangeDecision, WAITING, None, HOLD, "A26", who=(HOLDS,)),
    Rule("dropped", DropDecision, WAITING, DROPPED, HOLD, "A26", who=(HOLDS,)),
)

"""The room of meetings: who is told of decisions, and reminded of them."""

from core.meetings import decisions, meetings, reminders
from core.notices.notices import tells
from core.process.room import Chore, Room

ROOM = Room(
    "meetings",
    processes=(meetings.PROCESS, decisions.PROCESS),
    after=(
        tells(decisions.tell_owner, "decision.taken"),
        tells(decisions.tell_of_change, "decision.changed"),
    ),
    minutely=(Chore(reminders.due, reminders.remind),),
)

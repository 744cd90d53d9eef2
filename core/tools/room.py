"""The room of tools: who is told of checks and faults."""

from core.notices.notices import tells
from core.process.room import Chore, Room
from core.tools import register, reminders

ROOM = Room(
    "tools",
    processes=(register.PROCESS,),
    after=(tells(reminders.fault_found, "tool.fault_found"),),
    minutely=(Chore(reminders.due, reminders.remind),),
)

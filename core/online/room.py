"""The room of what customers ask for online: it waits until a person has accepted it."""

from core.online import actions, labels, view
from core.process.room import Pile, Room

ROOM = Room(
    "online",
    processes=(actions.PROCESS, labels.PROCESS),
    piles=(Pile("online", actions.HANDLE, view.how_many),),
)

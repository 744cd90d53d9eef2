"""The room of customers: what they own has a life of its own; their archive is guarded."""

from core.customers import handovers, life, readings
from core.process.room import Pile, Room

ROOM = Room(
    "customers",
    processes=(life.PROCESS, handovers.PROCESS, readings.PROCESS),
    piles=(
        Pile("handovers", handovers.EDITS, handovers.how_many),
        Pile("readings", readings.GRANT, readings.how_many),
    ),
)

"""The room of customers: what they own and bought, and their archive, guarded."""

from core.customers import handovers, invoices, life, readings
from core.process.room import Pile, Room

ROOM = Room(
    "customers",
    processes=(life.PROCESS, invoices.PROCESS, handovers.PROCESS, readings.PROCESS),
    piles=(
        Pile("handovers", handovers.EDITS, handovers.how_many),
        Pile("readings", readings.GRANT, readings.how_many),
    ),
)

"""The room of customers: what they own and bought, and their archive, guarded."""

from core.customers import handovers, invoices, life, readings, told
from core.notices.notices import tells
from core.process.room import Pile, Room
from core.process.rules import after

_SETTLED = (
    *("handover.accepted", "handover.refused", "handover.withdrawn"),
    *("reading.granted", "reading.refused", "reading.ended"),
)

ROOM = Room(
    "customers",
    processes=(life.PROCESS, invoices.PROCESS, handovers.PROCESS, readings.PROCESS),
    piles=(
        Pile("handovers", handovers.EDITS, handovers.how_many),
        Pile("readings", readings.GRANT, readings.how_many),
    ),
    after=(
        after(*_SETTLED, do=told.is_settled),
        tells(told.proposed, "handover.proposed"),
        tells(told.answered, "handover.accepted", "handover.refused"),
        tells(told.applied, "reading.asked"),
        tells(told.decided, "reading.granted", "reading.refused", "reading.ended"),
    ),
)

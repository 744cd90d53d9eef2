"""The room of prevention: repeat faults are noticed when cases come in or are put right (S8)."""

from core.prevention.actions import PROCESS
from core.prevention.watch import leave_out, watch
from core.process.room import Room
from core.process.rules import after

ROOM = Room(
    "prevention",
    processes=(PROCESS,),
    after=(
        after("request.registered", do=watch),
        after("emergency.declared", do=leave_out, when=lambda h: h.record.drill),
        after("request.corrected", do=watch, when=lambda h: "fault_area" in h.done.data),
    ),
)

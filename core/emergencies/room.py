"""The room of emergencies: the levels, what they need, and who is told (D6, D7, A27)."""

from core.emergencies import actions, resources
from core.process.room import Room
from core.process.rules import after

ROOM = Room(
    "emergencies",
    processes=(actions.PROCESS, resources.PROCESS),
    after=(
        after("emergency_resource.approved", "emergency_resource.refused", do=resources.tell_asker),
    ),
)

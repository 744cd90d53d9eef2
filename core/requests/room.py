"""The room of requests: the first paper of every case."""

from core.notices.notices import tells
from core.process.room import Room
from core.requests import telling
from core.requests.actions import PROCESS

ROOM = Room(
    "requests",
    processes=(PROCESS,),
    after=(
        tells(telling.handed_over, "request.handed_over"),
        tells(telling.station_moved, "request.station_moved"),
    ),
)

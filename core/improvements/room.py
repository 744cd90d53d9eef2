"""The room of improvement measures: who is told of them."""

from core.improvements import actions
from core.notices.notices import tells
from core.process.room import Room
from core.process.rules import after

ROOM = Room(
    "improvements",
    processes=(actions.PROCESS,),
    after=(
        tells(actions.given_to_another, "improvement.moved"),
        after(
            "improvement.planned",
            "improvement.planned_again",
            "improvement.moved",
            do=actions.tell_owner,
        ),
    ),
)

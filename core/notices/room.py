"""The room of notices: what was asked for is over when it is done, whatever it was (D9)."""

from core.notices import attacks, turns
from core.process.room import Chore, Room
from core.process.rules import ANY, after

ROOM = Room(
    "notices",
    after=(after(ANY, do=turns.is_taken, when=lambda h: h.case_id is not None),),
    minutely=(Chore(attacks.due, attacks.tell),),
)

"""The room of points: what members have, by the rule book (D28)."""

from core.points import ledger
from core.process.room import Room
from core.process.rules import after

ROOM = Room(
    "points",
    processes=(ledger.PROCESS,),
    after=(after("purchase.withdrawn", do=ledger.take_back),),
)

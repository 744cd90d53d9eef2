"""The room of contracts: what binds for a customer's pieces, and what goes beyond it."""

from core.contracts import contracts, supplements
from core.contracts.rules import APPROVE
from core.process.room import Chore, Pile, Room
from core.process.rules import after

ROOM = Room(
    "contracts",
    processes=(contracts.PROCESS, supplements.PROCESS),
    after=(after("supplement.approved", "supplement.refused", do=supplements.tell),),
    piles=(Pile("supplements", APPROVE, supplements.how_many),),
    minutely=(Chore(contracts.over, contracts.expire),),
)

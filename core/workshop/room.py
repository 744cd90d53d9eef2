"""The room of the workshop: goods that are taken in, and what follows for their cases."""

from core.notices.turns import asks
from core.papers.paper import Paper
from core.process.room import Chore, Pile, Room
from core.process.rules import after
from core.requests import actions as requests
from core.workshop import actions, papers, reminders, told, view
from core.workshop.papers import HandOverFacts
from core.workshop.rules import REPAIR
from db.codes import CameFrom, RequestStatus, ShopPurpose

OVER = (RequestStatus.RESOLVED, RequestStatus.CLOSED, RequestStatus.CANCELLED)
ENDINGS = tuple(
    dict.fromkeys(fact for status in OVER for fact in requests.PROCESS.leading_to(status))
)

ROOM = Room(
    "workshop",
    processes=(actions.PROCESS,),
    after=(
        after(*ENDINGS, do=actions.keep_open),
        after("request.customer_changed", "request.piece_changed", do=actions.follow_piece),
        after("workshop.agreed", do=actions.price_agreed),
        after("workshop.given_back", "workshop.recycled", do=actions.settle),
        asks(told.repairer, *told.FOR_THE_REPAIRER),
        asks(told.owner, *told.FOR_THE_OWNER),
    ),
    piles=(Pile("workshop", REPAIR, view.how_many),),
    papers=(
        Paper("hand_over", HandOverFacts, papers.hand_over),
        Paper("recycling_note", HandOverFacts, papers.recycling_note),
    ),
    minutely=(Chore(reminders.due, reminders.remind),),
    codes={"came_from": (CameFrom,), "purpose": (ShopPurpose,)},
)

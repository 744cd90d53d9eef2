"""The room of knowledge: articles, who checks and keeps them, and whether they helped."""

from core.knowledge import keeping, lists, uses
from core.knowledge.actions import PROCESS
from core.knowledge.rules import CHECK
from core.notices.notices import tells
from core.process.room import Chore, Pile, Room
from core.process.rules import after

ROOM = Room(
    "knowledge",
    processes=(PROCESS,),
    after=(
        tells(keeping.decided, "article.sent_back", "article.published"),
        after("request.reopened", do=uses.fail_reopened),
        after("request.registered", do=uses.fail_complained, when=uses.is_complaint_of_case),
    ),
    piles=(Pile("knowledge", CHECK, lists.how_many),),
    minutely=(Chore(keeping.ending, keeping.tell_ending),),
)

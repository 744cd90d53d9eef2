"""The room of follow-up calls: due when a case is resolved, dropped when it opens again."""

from core.followups import actions
from core.process.room import Pile, Room
from core.process.rules import after
from core.requests import actions as requests
from db.codes import RequestStatus

ROOM = Room(
    "followups",
    processes=(actions.PROCESS,),
    after=(
        after("follow_up.answered", "follow_up.given_up", do=actions.file),
        after(
            *requests.PROCESS.leading_to(RequestStatus.RESOLVED),
            do=actions.settle,
            when=lambda h: h.record.status is RequestStatus.RESOLVED,
        ),
        after("request.reopened", do=actions.drop),
    ),
    piles=(Pile("followups", "followup:call", actions.how_many),),
)

"""The room of links: they end with whose the case is, and a while after it."""

from core.links import links, wishes
from core.notices.notices import tells
from core.process.room import Room
from core.process.rules import after
from core.requests import actions as requests
from db.codes import RequestStatus

OVER = (RequestStatus.CLOSED, RequestStatus.CANCELLED)

ROOM = Room(
    "links",
    processes=(links.PROCESS,),
    after=(
        tells(wishes.wished, "customer_link.time_wished", "customer_link.cancel_wished"),
        tells(wishes.answered, "quote.agreed", "quote.declined", "job.accepted"),
        after("request.customer_changed", do=links.end_with_owner),
        after(*(f for each in OVER for f in requests.PROCESS.leading_to(each)), do=links.shorten),
    ),
)

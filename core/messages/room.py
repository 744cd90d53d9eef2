"""The room of messages to customers: on which facts they are written, and what follows."""

from core.messages import outbox, told
from core.notices.notices import tells
from core.process.room import Room
from core.process.rules import after
from core.requests import actions as requests
from db.codes import MessageWay, Occasion, RequestStatus, Unsent

# What brings each occasion about; a price is sent, and own words are written, by people only.
FACTS: dict[Occasion, tuple[str, ...]] = {
    Occasion.REGISTERED: ("request.registered",),
    Occasion.PROGRESS: ("request.dispatched", "request.taken_up", "request.goods_taken_in"),
    Occasion.VISIT_AGREED: ("job.visit_agreed",),
    Occasion.VISIT_MOVED: ("job.visit_moved",),
    Occasion.PROMISED: ("request.promised",),
    Occasion.RESOLVED: requests.PROCESS.leading_to(RequestStatus.RESOLVED),
    Occasion.GOODS_SENT: ("return.replacement_sent", "return.sent_back"),
}

ROOM = Room(
    "messages",
    processes=(outbox.PROCESS,),
    after=(
        *(after(*facts, do=told.writes(occasion)) for occasion, facts in FACTS.items()),
        after(
            "customer_message.sent",
            "customer_message.sent_by_hand",
            do=told.tell_progress,
            when=told.is_progress,
        ),
        tells(told.not_sent, "customer_message.failed", "customer_message.lost"),
    ),
    codes={"occasion": (Occasion,), "way": (MessageWay,), "why": (Unsent,)},
)

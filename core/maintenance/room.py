"""The room of maintenance: plans make cases ahead of time, and hear what becomes of them."""

from core.maintenance import plans, reminders, rounds
from core.process.room import Chore, Room
from core.process.rules import after
from core.requests import actions as requests
from db.codes import RequestStatus

ROOM = Room(
    "maintenance",
    processes=(plans.PROCESS, rounds.PROCESS),
    after=(
        after(
            *requests.PROCESS.leading_to(RequestStatus.RESOLVED),
            do=rounds.finish,
            when=lambda h: h.record.status is RequestStatus.RESOLVED,
        ),
        after("request.cancelled", do=rounds.drop),
        after("request.customer_changed", "request.piece_changed", do=rounds.keep_piece),
    ),
    minutely=(
        Chore(rounds.lacking, rounds.fill),
        Chore(rounds.to_make, rounds.make),
        Chore(reminders.untold, reminders.tell),
        Chore(reminders.untold_late, reminders.tell_late),
    ),
)

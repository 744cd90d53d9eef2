"""The room of care: key customers, and the calls and visits that the rule book plans."""

from core.care import calls, keys, lists, plans, reminders
from core.care.rules import CALL
from core.process.room import Chore, Pile, Room
from core.process.rules import after

ROOM = Room(
    "care",
    processes=(keys.PROCESS, calls.PROCESS),
    after=(
        after("key_customer.ended", do=plans.key_no_more),
        after("care_call.answered", do=calls.hear),
    ),
    piles=(Pile("care", CALL, lists.how_many),),
    minutely=(
        Chore(plans.not_owed, plans.drop),
        Chore(plans.lacking, plans.fill),
        Chore(reminders.untold, reminders.tell),
    ),
)

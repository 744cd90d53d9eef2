"""The room of care: key customers, and the calls and visits that the rule book plans."""

from typing import get_args

from core.care import calls, keys, lists, plans, reminders
from core.care.rules import CALL
from core.norms.parts import PointRule
from core.points import ledger
from core.process.room import Chore, Pile, Room
from core.process.rules import after

# Facts that may bring a member points, as the rule book says.
EARNING = get_args(PointRule.model_fields["fact"].annotation)

ROOM = Room(
    "care",
    processes=(keys.PROCESS, calls.PROCESS),
    after=(
        after("key_customer.ended", do=plans.key_no_more),
        after("care_call.answered", do=calls.hear),
        after(*EARNING, do=ledger.by_fact),
    ),
    piles=(Pile("care", CALL, lists.how_many),),
    minutely=(
        Chore(plans.not_owed, plans.drop),
        Chore(plans.lacking, plans.fill),
        Chore(reminders.untold, reminders.tell),
    ),
)

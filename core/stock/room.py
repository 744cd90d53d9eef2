"""The room of parts: who is told of orders, and what is short or expires."""

from core.notices.notices import tells
from core.process.room import Chore, Pile, Room
from core.process.rules import after
from core.stock import counts, lists, orders, reminders, uses
from core.stock.sight import APPROVE, KEEP

ROOM = Room(
    "stock",
    processes=(orders.PROCESS, uses.PROCESS, counts.PROCESS),
    after=(
        tells(orders.asked_for, "part_order.asked"),
        tells(orders.decided, "part_order.approved", "part_order.refused", "part_order.picked"),
        after("job.withdrawn", "job.cancelled", do=orders.job_ended),
    ),
    piles=(
        Pile("stock", APPROVE, orders.how_many),
        Pile("stock_short", KEEP, lists.how_many_short),
        Pile("old_parts", KEEP, uses.how_many),
    ),
    minutely=(Chore(reminders.due, reminders.tell),),
)

"""The room of billing: prices, quotes, and money on its way to finance."""

from core.billing import hand_ins, papers, payments, quotes, unpaid
from core.billing.papers import BillFacts
from core.billing.sight import COUNT, TAKE
from core.papers.paper import Paper
from core.process.room import Pile, Room
from db.codes import PayMeans

ROOM = Room(
    "billing",
    processes=(quotes.PROCESS, payments.PROCESS, hand_ins.PROCESS),
    piles=(
        Pile("money_owed", TAKE, unpaid.how_many),
        Pile("money_held", TAKE, hand_ins.how_many_held),
        Pile("money_to_count", COUNT, hand_ins.how_many_to_count),
    ),
    papers=(
        Paper("quotation", BillFacts, papers.quote),
        Paper("payment_receipt", BillFacts, papers.receipt),
    ),
    codes={"means": (PayMeans,)},
)

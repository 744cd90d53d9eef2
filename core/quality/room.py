"""The room of quality feedback: its file, and what follows for it and from it (C7)."""

from core.notices.turns import asks
from core.process.room import Chore, File, Pile, Room
from core.quality import owners
from core.quality.actions import PROCESS, has_next, record, withdraw
from core.quality.rules import CLOSED, OPEN, READ, RECORDED, WITHDRAWN
from core.requests.files import answers, goes_with_case, opens_file, takes_up
from db.codes import RequestKind, Severity

KIND = RequestKind.QUALITY_FEEDBACK

ROOM = Room(
    "quality",
    processes=(PROCESS, owners.PROCESS),
    file=File(
        KIND, PROCESS, opening=RECORDED, open=OPEN, ended=CLOSED, withdrawn=WITHDRAWN, read=READ
    ),
    after=(
        asks(has_next, "quality.recorded"),
        opens_file(KIND, record),
        goes_with_case(KIND, withdraw),
        takes_up("quality.assessed"),
        answers("quality.solved"),
    ),
    piles=(Pile("recalls", owners.TELLS, owners.how_many),),
    minutely=(Chore(owners.lacking, owners.call_more),),
    codes={"severity": (Severity,)},
)

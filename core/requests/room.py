"""The room of requests: the first paper of every case."""

from functools import partial

from core.notices.notices import tells
from core.process.room import Chore, Pile, Room
from core.process.rules import after
from core.requests import actions, anew, telling, waiting
from core.requests.actions import PROCESS
from core.requests.inputs import GivenPaper, GuideMeans, GuideResult, PaperWay
from core.requests.lists import Queue, how_many
from db.codes import (
    Channel,
    Charge,
    ChargeReason,
    Receiver,
    RequestKind,
    RequestStatus,
    ServiceWay,
    WaitReason,
)

RIGHTED = ("request.customer_changed", "request.piece_changed", "request.kind_changed")
CONTRACTS = ("contract.put_in_force", "contract.ended", "contract.expired")
LEAVING = ("asset.moved", "asset.scrapped", "asset.recycled")

ROOM = Room(
    "requests",
    processes=(PROCESS,),
    after=(
        tells(telling.handed_over, "request.handed_over"),
        tells(telling.station_moved, "request.station_moved"),
        after("request.registered", do=anew.in_use),
        after(*RIGHTED, do=anew.of_case),
        after("asset.edited", "asset.repaired", do=anew.of_piece),
        after(*CONTRACTS, do=anew.of_contract),
        after(*LEAVING, do=anew.keep_with_owner, when=anew.leaves_owner),
        after(*PROCESS.leading_to(RequestStatus.RESOLVED), do=anew.count_repair),
        after("request.waiting", do=actions.promise_anew, when=waiting.has_new_time),
        after("request.guided", do=actions.settle_guided, when=actions.is_solved),
    ),
    piles=(
        Pile("dispatch", "job:dispatch", partial(how_many, name=Queue.DISPATCH)),
        Pile("running", "job:dispatch", partial(how_many, name=Queue.RUNNING)),
        Pile("desk", "request:answer", partial(how_many, name=Queue.DESK)),
    ),
    minutely=(Chore(waiting.due, actions.wait_no_longer),),
    codes={
        "kind": (RequestKind,),
        "reason": (WaitReason, ChargeReason),
        "charge": (Charge,),
        "channel": (Channel,),
        "receiver": (Receiver,),
        "by": (GuideMeans, PaperWay),
        "given": (GivenPaper,),
        "way": (ServiceWay,),
        "result": (GuideResult,),
    },
)

"""Goods in the shop: taken in, repaired step by step, given back."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import contains_eager

from core.billing import quotes
from core.jobs import actions as jobs
from core.jobs.unfinished import EndVisit
from core.kernel.errors import InvalidInput, Problem, Refused, WrongStatus
from core.kernel.unit_of_work import Actor, UnitOfWork
from core.process import changes, workflow
from core.process.permissions import require, visible_requests
from core.process.rules import Done, Happening, Process
from core.requests import actions as requests
from core.requests import sending
from core.requests.inputs import Promise
from core.requests.kinds import REVIEWED, SITE_KINDS
from core.workshop import inputs
from core.workshop.rules import HAND, IN_SHOP, RECYCLED, RULES, is_lent, is_to_repair
from db.codes import JobStatus, RequestStatus, Role, ServiceWay, ShopPurpose, VisitOutcome
from db.tables import Job, ServiceRequest, ShopPiece


class GoodsInShop(Refused):
    """A case is not over while its goods are in the shop."""

    code = "goods_in_shop"


def select_visible(actor: Actor) -> Select[ShopPiece]:
    """The goods that the actor may see: of cases in sight, and the own work."""
    return (
        select(ShopPiece)
        .join(ShopPiece.request)
        .where(visible_requests(actor) | (ShopPiece.technician_id == actor.id))
        .options(contains_eager(ShopPiece.request))
    )


def take_in(uow: UnitOfWork, command: inputs.TakeGoods) -> int:
    """Take in the goods of a case with a promised day; gives the piece's id (E4, E10)."""
    require(uow, HAND)
    request: ServiceRequest = workflow.fetch(uow, requests.PROCESS, command.case_id, lock=True)
    if not _is_open_service(request):
        raise WrongStatus(subject="request", status=request.status.value, action="take_goods")
    stays = command.purpose is ShopPurpose.REPAIR
    if stays and of_case(uow, request.id):
        raise GoodsInShop(number=request.number)
    job = _open_job(uow, request.id)
    given = command.model_dump(exclude={"case_id", "promised_at"})
    piece = ShopPiece(
        **given,
        number=_number(uow, request),
        request=request,
        asset_id=request.asset_id if stays else None,  # that of the case is another one
        station_id=request.station_id or uow.actor.station_id,
        taken_in_by_id=uow.actor.id,
        taken_in_at=uow.now,
        technician_id=job.technician_id if job else _own_work(uow.actor),
    )
    if command.promised_at and stays:
        # The time limit runs from the taking in; the hand-over tells the customer the day.
        at, why = command.promised_at, command.condition
        requests.promise(uow, request, Promise(promised_at=at, reason=why, customer_told=True))
    data = {"number": piece.number, "came_from": command.came_from.value, "lent": command.lent}
    data |= {} if stays else {"purpose": command.purpose.value}
    workflow.begin(uow, PROCESS, piece, Done(note=command.condition, data=data))
    if stays:
        _leave(uow, job, command)
        _at_the_station(uow, request)
    return piece.id


def may_take(uow: UnitOfWork, *, case_id: int) -> bool:
    """Whether the goods of a case may be taken in now."""
    request = workflow.fetch(uow, requests.PROCESS, case_id)
    return _is_open_service(request) and not of_case(uow, case_id)


def of_case(uow: UnitOfWork, case_id: int) -> ShopPiece | None:
    """What of a case is in the shop now and comes back."""
    here = (ShopPiece.request_id == case_id) & ShopPiece.status.in_(IN_SHOP)
    comes_back = ShopPiece.purpose == ShopPurpose.REPAIR
    return uow.session.scalar(select(ShopPiece).where(here, comes_back))


def keep_open(uow: UnitOfWork, ended: Happening) -> None:
    """A case whose goods are in the shop is not over: they are given back first."""
    over = (RequestStatus.RESOLVED, RequestStatus.CLOSED, RequestStatus.CANCELLED)
    if ended.record.status in over and (piece := of_case(uow, ended.record.id)):
        raise GoodsInShop(number=piece.number)


def follow_piece(uow: UnitOfWork, righted: Happening) -> None:
    """What lies in the shop is the piece that the case is about."""
    if piece := of_case(uow, righted.record.id):
        piece.asset_id = righted.record.asset_id


def settle(uow: UnitOfWork, given: Happening) -> None:
    """What was given back resolves its case, unless a technician still has to report on it.

    So does what was to be repaired, and was given up instead.
    """
    request, is_gone = given.record.request, given.record.status is RECYCLED
    is_open = request.status in requests.OPEN and is_to_repair(given.record)
    if is_open and not _open_job(uow, request.id):
        requests.resolve(uow, request, "goods_recycled" if is_gone else "goods_given_back")


def price_agreed(uow: UnitOfWork, agreed: Happening) -> None:
    """The price of the repair that the customer has agreed to is asked for the case."""
    piece = agreed.record
    quotes.agree_elsewhere(uow, piece.request, piece.number, piece.quote_cents)


def _is_open_service(request: ServiceRequest) -> bool:
    return request.kind not in REVIEWED and request.status in requests.OPEN


def _open_job(uow: UnitOfWork, case_id: int) -> Job | None:
    is_open = (Job.request_id == case_id) & Job.status.in_(jobs.OPEN)
    return uow.session.scalar(jobs.select_visible(uow.actor).where(is_open))


def _own_work(actor: Actor) -> int | None:
    return actor.id if actor.role is Role.TECHNICIAN else None


def _number(uow: UnitOfWork, request: ServiceRequest) -> str:
    before = select(func.count()).where(ShopPiece.request_id == request.id)
    return f"{request.number}-{(uow.session.scalar(before) or 0) + 1}"


def _leave(uow: UnitOfWork, job: Job | None, command: inputs.TakeGoods) -> None:
    """Who stands at the customer's place has done there what could be done."""
    if job and job.status is JobStatus.ON_SITE and jobs.PROCESS.allowed(uow.actor, job):
        ends = EndVisit(outcome=VisitOutcome.UNFINISHED, note=command.condition)
        workflow.act(uow, jobs.PROCESS, id=job.id, command=ends, seen_version=job.version)


def _at_the_station(uow: UnitOfWork, request: ServiceRequest) -> None:
    if request.status is RequestStatus.REGISTERED:
        workflow.advance(uow, requests.PROCESS, request, "goods_taken_in")
    if request.kind in SITE_KINDS and request.way is not ServiceWay.STATION:
        data = changes.write(request, {"way": ServiceWay.STATION})
        workflow.advance(uow, requests.PROCESS, request, "way_set", Done(data=data))


def _diagnose(uow: UnitOfWork, piece: ShopPiece, command: inputs.Diagnose) -> Done:
    piece.diagnosis = command.diagnosis
    piece.technician_id = piece.technician_id or _own_work(uow.actor)
    return Done(note=command.diagnosis)


def _quote(_uow: UnitOfWork, piece: ShopPiece, command: inputs.Quote) -> Done:
    piece.quote_cents = command.quote_cents
    return Done(note=command.note, data={"cents": command.quote_cents})


def _free(_uow: UnitOfWork, piece: ShopPiece, command: inputs.RepairFree) -> Done:
    piece.quote_cents = 0
    return Done(note=command.note)


def _noted(_uow: UnitOfWork, _piece: ShopPiece, command: Any) -> Done:
    return Done(note=command.note)


def _repair(_uow: UnitOfWork, piece: ShopPiece, command: inputs.RepairGoods) -> Done:
    piece.work_done = command.work_done
    return Done(note=command.work_done)


def _ready(uow: UnitOfWork, piece: ShopPiece, command: inputs.TellReady) -> Done:
    piece.ready_at = uow.now
    return Done(note=command.note)


def _give_back(uow: UnitOfWork, piece: ShopPiece, command: inputs.GiveBack) -> Done:
    if piece.accessories and not command.accessories_complete:
        raise InvalidInput(Problem("accessories_complete", "check_accessories"))
    piece.given_to, piece.condition_back = command.given_to, command.condition_back
    piece.given_by_id, piece.given_at = uow.actor.id, uow.now
    if command.lent_returned and is_lent(piece):
        piece.lent_back_at = uow.now
    piece.reminded_at = None  # from here on it is the loan that is waited for
    return Done(note=command.condition_back, data={"given_to": command.given_to})


def _recycle(uow: UnitOfWork, piece: ShopPiece, command: inputs.Recycle) -> Done:
    piece.recycled_to, piece.recycled_at = command.recycled_to, uow.now
    return Done(note=command.note, data={"recycled_to": command.recycled_to})


def _move_place(_uow: UnitOfWork, piece: ShopPiece, command: inputs.MovePlace) -> Done:
    return Done(data=changes.write(piece, {"shelf": command.shelf}))


def _move_promise(uow: UnitOfWork, piece: ShopPiece, command: inputs.MovePromise) -> Done:
    requests.promise(uow, piece.request, Promise(**command.model_dump()))
    return Done(note=command.reason, data={"to": command.promised_at.isoformat()})


def _lend(_uow: UnitOfWork, piece: ShopPiece, command: inputs.Lend) -> Done:
    piece.lent, piece.lent_until, piece.lent_back_at = command.lent, command.lent_until, None
    return Done(note=command.lent)


def _loan_back(uow: UnitOfWork, piece: ShopPiece, command: inputs.TakeLoanBack) -> Done:
    piece.lent_back_at = uow.now
    return Done(note=command.note or piece.lent)


def _set_repairer(uow: UnitOfWork, piece: ShopPiece, command: inputs.SetRepairer) -> Done:
    before, piece.technician_id = piece.technician_id, command.technician_id
    return Done(data={"from": before, "technician": command.technician_id})


def _technicians(uow: UnitOfWork, piece: ShopPiece) -> Mapping[int, str]:
    return sending.technicians(uow, piece.request)


def _promised(_uow: UnitOfWork, piece: ShopPiece) -> dict[str, Any]:
    return {"promised_at": piece.request.promised_at}


PROCESS = Process(
    subject="workshop",
    rules=RULES,
    effects={
        inputs.AgreeQuote: _noted,
        inputs.DeclineRepair: _noted,
        inputs.Diagnose: _diagnose,
        inputs.FailTest: _noted,
        inputs.GiveBack: _give_back,
        inputs.Lend: _lend,
        inputs.MovePlace: _move_place,
        inputs.MovePromise: _move_promise,
        inputs.PassTest: _noted,
        inputs.Quote: _quote,
        inputs.Recycle: _recycle,
        inputs.RepairFree: _free,
        inputs.RepairGoods: _repair,
        inputs.SetRepairer: _set_repairer,
        inputs.TakeLoanBack: _loan_back,
        inputs.TellReady: _ready,
    },
    select=select_visible,
    table=ShopPiece,
    case_id=lambda piece: piece.request_id,
    options={"technicians": _technicians},
    proposals={inputs.MovePromise: _promised},
)

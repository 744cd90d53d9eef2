"""What can be done with a registered request: the rule table and its effects."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Select, select

from core.kernel.errors import InvalidInput, Problem
from core.kernel.unit_of_work import Actor, UnitOfWork
from core.people.people import station_options
from core.process import changes, workflow
from core.process.permissions import visible_requests
from core.process.rules import Done, Happening, Process, Relation, Rule
from core.requests import (
    asked,
    charging,
    dispatching,
    filing,
    guiding,
    putting_right,
    ready,
    sending,
    urging,
    waiting,
    wordings,
)
from core.requests.inputs import (
    Acknowledge,
    Answer,
    Cancel,
    ChangeCustomer,
    ChangeKind,
    ChangePiece,
    Correct,
    Dispatch,
    DispatchAnyway,
    GivePaper,
    Guide,
    GuideResult,
    HandOver,
    MoveStation,
    Promise,
    PutOff,
    Reclassify,
    Remark,
    Resume,
    SetCharge,
    SetWay,
    Urge,
    Wait,
    WaiveCharge,
)
from core.requests.kinds import REVIEWED, SITE_KINDS
from db.codes import Charge, RequestStatus, Role
from db.tables import Person, ServiceRequest

OPEN = frozenset({RequestStatus.REGISTERED, RequestStatus.IN_PROGRESS})

# Nobody handles a complaint about themselves (A23): not by way of its case either.
NOT_NAMED = Relation(
    "named",
    lambda actor, request: actor.id not in request.named,
)
FAIR = (NOT_NAMED,)


def _is_service(request: ServiceRequest) -> bool:
    return request.kind not in REVIEWED


def _is_for_technicians(request: ServiceRequest) -> bool:
    return request.kind in SITE_KINDS


def _is_paid_service(request: ServiceRequest) -> bool:
    return _is_service(request) and request.charge is Charge.PAID


def _is_reviewed(request: ServiceRequest) -> bool:
    return request.kind in REVIEWED


def _is_service_untold(request: ServiceRequest) -> bool:
    return request.kind not in REVIEWED and request.acknowledged_at is None


def _is_reviewed_untold(request: ServiceRequest) -> bool:
    return request.kind in REVIEWED and request.acknowledged_at is None


def _waits(request: ServiceRequest) -> bool:
    return request.wait_reason is not None


def _waits_not(request: ServiceRequest) -> bool:
    return request.wait_reason is None


REGISTERED, IN_PROGRESS = RequestStatus.REGISTERED, RequestStatus.IN_PROGRESS
RESOLVED, CLOSED, CANCELLED = (
    RequestStatus.RESOLVED,
    RequestStatus.CLOSED,
    RequestStatus.CANCELLED,
)
NEW, RUNNING = frozenset({REGISTERED}), frozenset({IN_PROGRESS})
ALIVE, SETTLED = OPEN | {RESOLVED}, frozenset({RESOLVED, CLOSED})
# What was written down wrongly is put right as long as it stands anywhere.
WRITTEN = OPEN | SETTLED
TELLS = "request:tell"

RULES = (
    Rule("registered", None, frozenset(), REGISTERED, "request:register", "E1"),
    Rule("dispatched", Dispatch, NEW, IN_PROGRESS, "job:dispatch", "E6", _is_service),
    Rule("dispatched", DispatchAnyway, NEW, IN_PROGRESS, "roster:override", "E24", _is_service),
    Rule("acknowledged", Acknowledge, NEW, IN_PROGRESS, TELLS, "A8", _is_reviewed_untold, FAIR),
    Rule("acknowledged", Acknowledge, RUNNING, None, TELLS, "A8", _is_reviewed_untold, FAIR),
    Rule("answered", Answer, NEW, RESOLVED, "request:answer", "D10", _is_service),
    Rule("guided", Guide, NEW, None, "request:answer", "D10", _is_service),
    # The desk tells that somebody sees to it; a repair goes on waiting for its technician.
    Rule("acknowledged", Acknowledge, OPEN, None, "request:answer", "D9", _is_service_untold),
    Rule("waiting", Wait, OPEN, None, "request:wait", "A30", _waits_not, FAIR),
    Rule("waiting", PutOff, OPEN, None, "request:wait", "A30", _waits_not, FAIR),
    Rule("resumed", Resume, OPEN, None, "request:wait", "A30", _waits, FAIR),
    Rule("resumed", None, OPEN, None, "request:wait", "A30"),
    Rule("handed_over", HandOver, OPEN, None, "request:hand_over", "D9", who=FAIR),
    Rule("station_moved", MoveStation, NEW, None, "request:hand_over", "E6", who=FAIR),
    Rule("way_set", SetWay, OPEN, None, "request:note", "E6", _is_for_technicians),
    Rule("charge_set", SetCharge, OPEN, None, "request:note", "E5", _is_service),
    Rule("charge_set", WaiveCharge, OPEN, None, "charge:goodwill", "E24", _is_paid_service),
    Rule("promised", Promise, OPEN, None, "request:note", "A3", who=FAIR),
    Rule("reclassified", Reclassify, OPEN, None, "request:note", "A22", who=FAIR),
    Rule("corrected", Correct, OPEN, None, "request:note", "E1", who=FAIR),
    Rule("customer_changed", ChangeCustomer, WRITTEN, None, "request:note", "C9", who=FAIR),
    Rule("piece_changed", ChangePiece, WRITTEN, None, "request:note", "C9", who=FAIR),
    Rule("kind_changed", ChangeKind, NEW, None, "request:note", "C9", who=FAIR),
    Rule("kind_changed", ChangeKind, RUNNING, None, "request:note", "C9", _is_service, FAIR),
    Rule("kind_changed", ChangeKind, RUNNING, REGISTERED, "request:note", "C9", _is_reviewed, FAIR),
    Rule("remarked", Remark, ALIVE, None, "request:note", "E16"),
    Rule(ready.GIVEN, GivePaper, ALIVE | SETTLED, None, "request:note", "D11"),
    Rule("progress_told", None, OPEN, None, TELLS, "A7"),
    Rule("urged", Urge, OPEN, None, "request:urge", "D9"),
    Rule("cancelled", Cancel, OPEN, CANCELLED, "request:cancel", "E16", who=FAIR),
    # Facts on file were put right: what hangs on them is judged anew.
    Rule("charge_set", None, OPEN, None, "request:note", "E5"),
    Rule("contract_set", None, OPEN, None, "request:note", "S7"),
    Rule("answered_at_once", None, NEW, RESOLVED, "request:register", "D10"),
    # Judged, screened or passed on: the company has taken it on, and nobody was told by that.
    Rule("taken_up", None, NEW, IN_PROGRESS, "request:note", "E14", _is_reviewed),
    Rule("answered", None, OPEN, RESOLVED, TELLS, "E14", _is_reviewed),
    Rule("reopened", None, SETTLED, IN_PROGRESS, "complaint:reopen", "E17", _is_reviewed),
    Rule("job_finished", None, OPEN, RESOLVED, "job:work", "E9", _is_service),
    # A complaint is not settled by somebody having been there: its own steps say when it is.
    Rule("job_finished", None, OPEN, None, "job:work", "E9"),
    # The shop has the goods: nobody need be sent for them.
    Rule("goods_taken_in", None, NEW, IN_PROGRESS, "workshop:hand", "E10", _is_service),
    Rule("goods_given_back", None, OPEN, RESOLVED, "workshop:hand", "E10", _is_service),
    Rule("goods_recycled", None, OPEN, RESOLVED, "workshop:hand", "E10", _is_service),
    Rule("job_withdrawn", None, RUNNING, REGISTERED, "job:dispatch", "E6", _is_service),
    Rule("job_withdrawn", None, RUNNING, None, "job:dispatch", "E6"),
    Rule("closed", None, frozenset({RESOLVED}), CLOSED, "followup:call", "E16"),
)  # fmt: skip


def select_visible(actor: Actor) -> Select[ServiceRequest]:
    """The requests that the actor may see."""
    return select(ServiceRequest).where(visible_requests(actor))


def close(uow: UnitOfWork, request: ServiceRequest) -> None:
    """File a resolved request; history keeps what the rule book wants on file and is not."""
    request.closed_at = uow.now
    lacks = ready.left_open(uow, request, ready.CLOSED)
    workflow.advance(uow, PROCESS, request, "closed", Done(data=lacks))


def take_up(uow: UnitOfWork, request: ServiceRequest) -> None:
    """The first step of its file takes a request on, unless it is under way already."""
    if request.status is REGISTERED:
        workflow.advance(uow, PROCESS, request, "taken_up")


def resolve(uow: UnitOfWork, request: ServiceRequest, fact: str, done: Done | None = None) -> None:
    """A request is resolved by what was done elsewhere: its job, its review, the first call."""
    _end_work(uow, request)
    workflow.advance(uow, PROCESS, request, fact, done)


def cancel(uow: UnitOfWork, request: ServiceRequest, note: str = "") -> None:
    """A request ends without an answer because of what became of its file."""
    request.closed_at = uow.now
    waiting.end(request)
    workflow.advance(uow, PROCESS, request, "cancelled", Done(note=note))


def classify(uow: UnitOfWork, request: ServiceRequest, case_class: str) -> None:
    """A review sets the class, which decides about the limits, as when it is set by hand."""
    data = {"priority": [request.priority] * 2, "case_class": [request.case_class, case_class]}
    request.case_class = case_class
    workflow.advance(uow, PROCESS, request, "reclassified", Done(data=data))


def settle_guided(uow: UnitOfWork, guided: Happening) -> None:
    """What remote guidance has solved is answered: nobody has to come."""
    request = guided.record
    request.answer = guided.done.note
    resolve(uow, request, "answered", Done(note=guided.done.note))


def is_solved(guided: Happening) -> bool:
    """Whether guidance from afar was enough."""
    return bool(guided.done.data["result"] == GuideResult.SOLVED)


def reopen(uow: UnitOfWork, request: ServiceRequest) -> None:
    """A settled case runs again; its limits start anew (E17)."""
    request.resolved_at, request.closed_at = None, None
    workflow.advance(uow, PROCESS, request, "reopened")


def promise(uow: UnitOfWork, request: ServiceRequest, command: Promise) -> None:
    """Another room promises a time, as it is done by hand."""
    workflow.advance(uow, PROCESS, request, "promised", _promise(uow, request, command))


def promise_anew(uow: UnitOfWork, put_off: Happening) -> None:
    """What was promised for before the new time is promised for its end, as the customer knows."""
    request, done = put_off.record, put_off.done
    until = datetime.fromisoformat(done.data["to"])
    if request.promised_at and request.promised_at < until:
        promise(uow, request, Promise(promised_at=until, reason=done.note, customer_told=True))


def wait_no_longer(uow: UnitOfWork, case_id: int) -> None:
    """The waiting of a case ends at its time, by itself."""
    query = select_visible(uow.actor).where(ServiceRequest.id == case_id)
    request = uow.session.scalars(query.with_for_update(of=ServiceRequest)).one()
    if request.wait_until is None or request.wait_until > uow.clock:
        return  # somebody was faster
    waiting.end(request)
    workflow.advance(uow, PROCESS, request, "resumed")


def colleagues(uow: UnitOfWork, _request: ServiceRequest) -> Mapping[int, str]:
    """Who can own a request."""
    rows = uow.session.execute(
        select(Person.id, Person.name)
        .where(Person.active, Person.role.notin_((Role.AUDITOR, Role.ADMIN)))
        .order_by(Person.name)
    )
    return dict(rows.all())


def _acknowledge(uow: UnitOfWork, request: ServiceRequest, command: Acknowledge) -> Done:
    request.acknowledged_at = uow.now
    return Done(note=command.note, data={"channel": command.channel.value})


def _answer(uow: UnitOfWork, request: ServiceRequest, command: Answer) -> Done:
    request.answer = command.answer
    _end_work(uow, request)
    return Done(note=command.answer)


def _end_work(uow: UnitOfWork, request: ServiceRequest) -> None:
    # A clock that was far ahead has registered it in what is the future now.
    request.resolved_at = max(uow.now, request.received_at)
    waiting.end(request)
    # Whoever has the answer need not be told any more that there will be one.
    request.acknowledged_at = request.acknowledged_at or uow.now


def _hand_over(uow: UnitOfWork, request: ServiceRequest, command: HandOver) -> Done:
    if command.owner_id == request.owner_id:
        raise InvalidInput(Problem("owner_id", "same_owner"))
    data = {"from": request.owner_id, "to": command.owner_id}
    request.owner_id = command.owner_id
    names = colleagues(uow, request)
    return Done(note=command.note, data=data | {"to_name": names[command.owner_id]})


def _move_station(uow: UnitOfWork, request: ServiceRequest, command: MoveStation) -> Done:
    data = {"from": request.station_id, "to": command.station_id}
    request.station_id = command.station_id
    return Done(note=command.note, data=data)


def _promise(uow: UnitOfWork, request: ServiceRequest, command: Promise) -> Done:
    if command.promised_at <= uow.clock:
        raise InvalidInput(Problem("promised_at", "in_the_past"))
    before = request.promised_at
    # What nobody has told the customer is no promise; a delay is told with its reason (A3).
    told = () if command.customer_told else (Problem("customer_told", "tell_first"),)
    why = (Problem("reason", "missing"),) if before and not command.reason else ()
    if told or why:
        raise InvalidInput(*why, *told)
    request.promised_at = command.promised_at
    request.acknowledged_at = request.acknowledged_at or uow.now
    moments = {"from": before and before.isoformat(), "to": command.promised_at.isoformat()}
    return Done(note=command.reason, data=moments | {"told": command.customer_told})


def _reclassify(uow: UnitOfWork, request: ServiceRequest, command: Reclassify) -> Done:
    data = {
        "priority": [request.priority.value, command.priority.value],
        "case_class": [request.case_class, command.case_class or ""],
    }
    request.priority, request.case_class = command.priority, command.case_class or ""
    return Done(note=command.note, data=data)


def _correct(uow: UnitOfWork, request: ServiceRequest, command: Correct) -> Done:
    values, place = command.model_dump(), (request.latitude, request.longitude)
    if command.address != request.address and place == (command.latitude, command.longitude):
        values |= {"latitude": None, "longitude": None}  # they were those of the address before
    data = changes.write(request, values)
    wordings.remember(uow, request_id=request.id, text=request.symptom)
    return Done(data=data | charging.judge_anew(uow, request))


def _remark(uow: UnitOfWork, request: ServiceRequest, command: Remark) -> Done:
    return Done(note=command.note)


def _give_paper(uow: UnitOfWork, request: ServiceRequest, command: GivePaper) -> Done:
    return Done(note=command.note, data=command.model_dump(mode="json", exclude={"note"}))


def _urge(uow: UnitOfWork, request: ServiceRequest, command: Urge) -> Done:
    times = uow.session.scalar(select(urging.times(request.id))) or 0
    return Done(note=command.note, data={"times": times + 1})


def _cancel(uow: UnitOfWork, request: ServiceRequest, command: Cancel) -> Done:
    request.closed_at = uow.now
    waiting.end(request)
    return Done(note=command.note)


def _stations(uow: UnitOfWork, _request: ServiceRequest) -> Mapping[int, str]:
    return station_options(uow)


# How a case is put right; nobody's next step.
RIGHTS = frozenset({ChangeCustomer, ChangePiece, ChangeKind})

PROCESS = Process(
    subject="request",
    rules=RULES,
    effects={
        Acknowledge: _acknowledge,
        Answer: _answer,
        Cancel: _cancel,
        ChangeCustomer: putting_right.change_customer,
        ChangeKind: putting_right.change_kind,
        ChangePiece: putting_right.change_piece,
        Correct: _correct,
        Dispatch: dispatching.dispatch,
        DispatchAnyway: dispatching.dispatch_anyway,
        GivePaper: _give_paper,
        Guide: guiding.guide,
        HandOver: _hand_over,
        MoveStation: _move_station,
        Promise: _promise,
        PutOff: waiting.put_off,
        Reclassify: _reclassify,
        Remark: _remark,
        Resume: waiting.resume,
        SetCharge: charging.set_charge,
        SetWay: dispatching.set_way,
        Urge: _urge,
        Wait: waiting.wait,
        WaiveCharge: charging.waive,
    },
    select=select_visible,
    table=ServiceRequest,
    case_id=lambda request: request.id,
    options={
        "pieces": filing.pieces,
        "technicians": sending.technicians,
        "colleagues": colleagues,
        "stations": _stations,
        "classes": asked.class_options,
        "kinds": putting_right.kinds,
        "charge_reasons": lambda _uow, _request: charging.reasons(),
        "wait_reasons": waiting.reasons,
        "waivers": lambda _uow, _request: charging.waivers(),
    },
    asks={Dispatch: filing.asks, DispatchAnyway: filing.asks},
    proposals={
        Acknowledge: lambda _uow, request: {"channel": request.channel},
        PutOff: waiting.proposal,
        WaiveCharge: lambda uow, row: {"given_up_cents": charging.listed_price(uow, row)},
    },
)

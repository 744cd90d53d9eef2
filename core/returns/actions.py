"""Returns and exchanges as a process: opened, moved along, and what follows for the case (C8)."""

from core.kernel.errors import InvalidInput, NotFound, Problem
from core.kernel.unit_of_work import UnitOfWork
from core.process import workflow
from core.process.permissions import require
from core.process.rules import Done, Process
from core.requests import intake, queues
from core.returns import (
    application,
    inputs,
    inspection,
    receipt,
    rows,
    sending,
    settlement,
)
from core.returns.money import Settlement
from core.returns.rules import (
    APPLIED,
    APPLIES,
    CANCELLABLE,
    OPEN,
    READ,
    RULES,
    SETTLES,
    of_case,
    select_visible,
)
from db.codes import RequestKind, ReturnStatus, Role
from db.tables import GoodsReturn, ReturnParcel, ServiceRequest

# Whose turn it is; the rule table says who else may.
ASKED_NEXT: dict[ReturnStatus, tuple[Role, ...]] = {
    ReturnStatus.APPLIED: (Role.AGENT,),
    ReturnStatus.SCREENED: (Role.QUALITY,),
    ReturnStatus.INSPECTED: (Role.MANAGER, Role.LEADER),
    ReturnStatus.APPROVED: (Role.AGENT,),
    ReturnStatus.REFUSED: (Role.AGENT,),
    ReturnStatus.APPEALED: (Role.MANAGER, Role.LEADER),
    ReturnStatus.AWAITED: (Role.WAREHOUSE,),
    ReturnStatus.RECEIVED: (Role.QUALITY,),
    ReturnStatus.TESTED: (Role.WAREHOUSE,),
    ReturnStatus.STORED: (Role.FINANCE,),
    ReturnStatus.SETTLED: (Role.FINANCE,),
    ReturnStatus.REFUNDED: (Role.AGENT,),
    ReturnStatus.TOLD: (Role.AGENT,),
}


def record(uow: UnitOfWork, request: ServiceRequest, _registered: Done) -> None:
    """Open the file of a return that was just registered; its lines are to be entered."""
    row = GoodsReturn(
        request_id=request.id,
        request=request,
        status=APPLIED,
        asked_on=request.received_at.astimezone(uow.actor.zone_info).date(),
        approvers=[],
        address=request.address,
        lines=[],
        parcels=[],
    )
    uow.session.add(row)
    uow.session.flush()
    workflow.advance(uow, PROCESS, row, "applied")


def apply(uow: UnitOfWork, command: inputs.Apply) -> GoodsReturn:
    """Register a return with its lines; InvalidInput names each line that cannot come back."""
    require(uow, APPLIES)
    customer, extra, station_id = application.check(uow, command)
    request = intake.open_request(
        uow,
        customer_id=customer.id,
        station_id=station_id,
        kind=RequestKind.RETURN,
        channel=command.channel,
        priority=command.priority,
        contact=command.contact or customer.contact or customer.name,
        phone=command.phone or customer.phone,
        address=command.address or customer.address,
        symptom=command.symptom,
        extra=extra,
        received_at=command.received_at,
    )
    row: GoodsReturn = queues.of_case(uow, PROCESS, request.id)
    row.mileage_km = command.mileage_km
    workflow.advance(uow, PROCESS, row, "lines_entered", application.enter(uow, row, command.lines))
    return row


def withdraw(uow: UnitOfWork, request: ServiceRequest, note: str) -> None:
    """The return of a case that is cancelled goes with it; InvalidInput once goods are here."""
    row = of_case(uow, request.id)
    if row is None or row.status not in OPEN:
        return
    if row.status not in CANCELLABLE:
        raise InvalidInput(Problem("note", "goods_are_here"))
    done = application.cancel(uow, row, inputs.CancelReturn(note=note))
    workflow.advance(uow, PROCESS, row, "cancelled", done)


def by_label(uow: UnitOfWork, *, label: str) -> int:
    """The case whose parcel has this label; NotFound unless the actor may see it."""
    require(uow, READ)
    found = uow.session.scalar(
        select_visible(uow.actor)
        .join(ReturnParcel, ReturnParcel.return_id == GoodsReturn.id)
        .where(ReturnParcel.label == label)
    )
    if found is None:
        raise NotFound(subject="return", id=0)
    return found.request_id


def settlement_prospect(uow: UnitOfWork, *, case_id: int, command: inputs.Settle) -> Settlement:
    """What a settlement would come to, before it is sent; InvalidInput as the command itself."""
    require(uow, SETTLES)
    return settlement.plan(queues.of_case(uow, PROCESS, case_id), command)


PROCESS = Process(
    subject="return",
    rules=RULES,
    effects={
        inputs.AgreeWayBack: receipt.agree_way_back,
        inputs.AllowAppeal: inspection.decide_appeal,
        inputs.Amend: application.amend,
        inputs.AppealRefusal: inspection.appeal,
        inputs.ApproveReturn: inspection.approve,
        inputs.AskMore: application.ask_more,
        inputs.CancelReturn: application.cancel,
        inputs.CloseReturn: sending.close,
        inputs.ConfirmRefund: settlement.confirm,
        inputs.DeclineReturn: inspection.decline,
        inputs.Inspect: inspection.inspect,
        inputs.MoveStock: receipt.move_stock,
        inputs.PutAway: receipt.put_away,
        inputs.Receive: receipt.receive,
        inputs.ReceiveMore: receipt.receive,
        inputs.RecordPayment: settlement.record_payment,
        inputs.RefuseReturn: inspection.refuse_return,
        inputs.Remind: receipt.remind,
        inputs.Retest: receipt.retest,
        inputs.ReviseSettlement: settlement.revise,
        inputs.Screen: inspection.screen,
        inputs.SendGoodsBack: sending.send_back,
        inputs.SendReplacement: sending.send_replacement,
        inputs.Settle: settlement.settle,
        inputs.Supply: application.supply,
        inputs.TellResult: sending.tell_result,
        inputs.Track: receipt.track,
        inputs.UpholdRefusal: inspection.decide_appeal,
    },
    select=select_visible,
    table=GoodsReturn,
    case_id=lambda row: row.request_id,
    options={
        "cases": inspection.cases,
        "lines": rows.options,
        "parcels": receipt.parcels,
        "products": settlement.products,
        "purchase_lines": application.purchase_lines,
        "quarantined": receipt.in_quarantine,
    },
    proposals={
        inputs.AgreeWayBack: receipt.propose_way_back,
        inputs.Amend: application.propose_lines,
        inputs.ApproveReturn: inspection.propose_approval,
        inputs.Inspect: inspection.propose_findings,
        inputs.PutAway: receipt.propose_stock,
        inputs.Receive: receipt.propose_receipt,
        inputs.ReceiveMore: receipt.propose_receipt,
        inputs.Remind: sending.propose_channel,
        inputs.Retest: receipt.propose_retest,
        inputs.SendGoodsBack: sending.propose_send_back,
        inputs.SendReplacement: sending.propose_replacements,
        inputs.Settle: settlement.propose_settlement,
        inputs.TellResult: sending.propose_channel,
    },
)

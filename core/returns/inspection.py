"""Screening, inspection and decision: whether goods may come back, and what a defect starts."""

from collections.abc import Mapping
from typing import Any

from core.kernel.errors import Problem
from core.kernel.unit_of_work import UnitOfWork
from core.norms.model import Norm
from core.norms.revisions import norm_for
from core.process.rules import Done
from core.requests import charging, intake, waiting
from core.returns.conditions import asks_naming
from core.returns.holding import amount_of, hold, rejudge, worth_of
from core.returns.inputs import (
    AllowAppeal,
    AppealRefusal,
    ApproveReturn,
    DeclineReturn,
    Inspect,
    RefuseReturn,
    Screen,
    UpholdRefusal,
)
from core.returns.rows import by_line, plain, refuse, too_many
from core.returns.rules import comes
from db.codes import (
    Channel,
    Charge,
    ChargeReason,
    Fit,
    Payer,
    Priority,
    RequestKind,
    RequestStatus,
    Wish,
)
from db.tables import GoodsReturn, ReturnLine, ServiceRequest

SETTLED = (RequestStatus.RESOLVED, RequestStatus.CLOSED)


def screen(uow: UnitOfWork, row: GoodsReturn, command: Screen) -> Done:
    """The desk has looked at it: a condition may hold."""
    _go_on(row)
    row.screened_by_id = uow.actor.id
    return Done(note=command.note, data=_told(row))


def decline(uow: UnitOfWork, row: GoodsReturn, command: DeclineReturn) -> Done:
    """No condition can hold."""
    _go_on(row)
    row.refused_by_id, row.decision = uow.actor.id, command.note
    return Done(note=command.note, data=_told(row))


def inspect(uow: UnitOfWork, row: GoodsReturn, command: Inspect) -> Done:
    """What quality control found; every line is judged anew by it."""
    for _, found, line in by_line(row, command.lines, whole=True):
        line.sample, line.finding = found.sample, found.finding
        line.defect, line.goods_found = found.defect, found.goods_found
        line.named = found.named or ""
    _go_on(row)
    row.inspected_by_id = uow.actor.id
    rejudge(uow, row, inspected=True)
    report_defects(uow, row, [line for line in row.lines if line.defect])
    return Done(note=command.note, data=_told(row) | {"found": plain(command.lines)})


def report_defects(uow: UnitOfWork, row: GoodsReturn, lines: list[ReturnLine]) -> None:
    """A confirmed defect opens quality feedback, once for each product and batch (C7)."""
    case = row.request
    origin = uow.session.get(ServiceRequest, case.origin_id) if case.origin_id else None
    is_known = origin is not None and origin.kind is RequestKind.QUALITY_FEEDBACK
    if is_known or RequestKind.QUALITY_FEEDBACK not in norm_for(uow, case).kinds:
        return
    first: dict[tuple[int, str], ReturnLine] = {}
    for line in lines:
        bought = line.purchase_line
        first.setdefault((bought.product_id, bought.batch), line)
    for line in first.values():
        _open(
            uow,
            case,
            kind=RequestKind.QUALITY_FEEDBACK,
            channel=Channel.INSPECTION,
            asset_id=line.purchase_line.asset_id,
            batch=line.purchase_line.batch,
            symptom=line.finding or line.retest or case.symptom,
        )


def approve(uow: UnitOfWork, row: GoodsReturn, command: ApproveReturn) -> Done:
    """So many pieces may come back; a repair becomes a case of its own."""
    rows = list(by_line(row, command.lines, whole=True))
    problems = [
        too_many(number, "approved", "more_than_applied", line.quantity)
        for number, given, line in rows
        if given.approved > line.quantity
    ]
    granted = [(line, given.approved) for _, given, line in rows if given.approved]
    beyond = [line.id for line, _ in granted if line.fit is not Fit.FITS]
    if not granted:
        problems.append(Problem("lines", "nothing_approved"))
    if beyond and not command.note:
        problems.append(Problem("note", "beyond_the_rule"))
    elif command.without_goods and not command.note:
        problems.append(Problem("note", "why_without_goods"))
    refuse(problems)
    _go_on(row)
    for line, approved in granted:
        line.approved = approved
        # Beyond the rule nothing says that the company bears it.
        line.payer = line.payer or Payer.CUSTOMER
    row.approved_by_id, row.decision = uow.actor.id, command.note
    row.without_goods = command.without_goods
    hold(uow, {line: line.approved if comes(line) else 0 for line in row.lines})
    _open_repairs(uow, row)
    cents = sum(worth_of(line, line.approved) for line in row.lines)
    data = {"cents": cents, "lines": plain(command.lines), "beyond": beyond}
    return Done(note=command.note, data=data | {"without_goods": command.without_goods})


def waive_goods(row: GoodsReturn) -> None:
    """Nothing has to come: what was approved counts as taken back."""
    for line in row.lines:
        if comes(line):
            line.accepted = line.approved
            line.replaced = line.approved if line.wish is Wish.EXCHANGE else 0


def refuse_return(uow: UnitOfWork, row: GoodsReturn, command: RefuseReturn) -> Done:
    """Nothing may come back."""
    _go_on(row)
    row.refused_by_id, row.decision = uow.actor.id, command.note
    return Done(note=command.note, data=_told(row))


def appeal(uow: UnitOfWork, row: GoodsReturn, command: AppealRefusal) -> Done:
    """The customer does not accept the refusal."""
    row.appeal = command.appeal
    return Done(note=command.appeal)


def decide_appeal(uow: UnitOfWork, row: GoodsReturn, command: UpholdRefusal | AllowAppeal) -> Done:
    """Somebody else looks at the refusal."""
    row.appeal_by_id, row.decision = uow.actor.id, command.note
    return Done(note=command.note)


def cases(uow: UnitOfWork, row: GoodsReturn) -> Mapping[str, str]:
    """The conditions of which a person must find that their case is given."""
    speaks = uow.actor.language
    conditions = norm_for(uow, row.request).return_conditions
    return {each.name: each.text[speaks] for each in conditions if asks_naming(each)}


def propose_findings(_uow: UnitOfWork, row: GoodsReturn) -> dict[str, Any]:
    """Every line in the state that the customer told."""
    lines = [
        {
            "line_id": line.id,
            "defect": bool(line.defect),
            "goods_found": line.goods_found or line.goods,
        }
        for line in row.lines
    ]
    return {"lines": lines}


def propose_approval(_uow: UnitOfWork, row: GoodsReturn) -> dict[str, Any]:
    """Every piece for which a condition holds."""
    lines = [
        {"line_id": line.id, "approved": line.quantity if line.fit is Fit.FITS else 0}
        for line in row.lines
    ]
    return {"lines": lines}


def clause_of(norm: Norm, condition: str) -> str:
    """The clause that a condition stands under."""
    found = (each.clause for each in norm.return_conditions if each.name == condition)
    return next(found, "")


def _go_on(row: GoodsReturn) -> None:
    """Whoever goes on waits for the customer no longer."""
    waiting.end(row.request)


def _told(row: GoodsReturn) -> dict[str, Any]:
    judged = [
        {"line": line.id, "fit": line.fit.value, "condition": line.condition, "payer": line.payer}
        for line in row.lines
    ]
    return {"judged": judged, "cents": amount_of(row)}


def _open_repairs(uow: UnitOfWork, row: GoodsReturn) -> None:
    for line in row.lines:
        if line.approved and line.wish is Wish.REPAIR:
            case = _open(
                uow,
                row.request,
                kind=RequestKind.REPAIR,
                channel=row.request.channel,
                asset_id=line.purchase_line.asset_id,
                batch=line.purchase_line.batch,
                symptom=line.finding or row.request.symptom,
            )
            is_free = line.payer is Payer.COMPANY
            reason = ChargeReason.GOODWILL if is_free else ChargeReason.NOT_MAKERS_FAULT
            charging.decide(case, Charge.FREE if is_free else Charge.PAID, reason)


def _open(uow: UnitOfWork, case: ServiceRequest, **facts: Any) -> ServiceRequest:
    return intake.open_request(
        uow,
        customer_id=case.customer_id,
        station_id=case.station_id,
        origin_id=case.id,
        priority=Priority.NORMAL,
        contact=case.contact,
        phone=case.phone,
        address=case.address,
        fault_area=case.fault_area,
        note=case.number,
        **facts,
    )

"""The plan of a complaint: proposed with its cost, approved by amount, told to the customer."""

from core.complaints.inputs import Approve, Notify, Propose, Refuse, SendBack
from core.customers import life, paid_elsewhere
from core.customers.warranty import OWNED
from core.kernel.errors import InvalidInput
from core.kernel.unit_of_work import UnitOfWork
from core.norms.authority import USUAL, levels_of
from core.norms.revisions import norm_for
from core.notices import notices, receivers
from core.process.rules import Done
from core.requests import charging, intake
from db.codes import (
    Charge,
    ChargeReason,
    ComplaintStatus,
    MeasureKind,
    NoticeKind,
    Priority,
    RequestKind,
    Role,
)
from db.tables import Asset, Complaint, ComplaintMeasure


def cost_of(complaint: Complaint) -> int:
    """What the plan costs in all, in cents."""
    return sum(measure.cost_cents for measure in complaint.measures)


def propose(uow: UnitOfWork, complaint: Complaint, command: Propose) -> Done:
    """Write the plan down; who may approve it follows from its cost and from earlier rounds.

    InvalidInput where it pays for a piece that its customer has no more: that was paid.
    """
    _refuse_paid(uow, complaint, command)
    complaint.measures = [ComplaintMeasure(**line.model_dump()) for line in command.measures]
    complaint.proposed_by_id, complaint.approved_by_id = uow.actor.id, None
    cents = cost_of(complaint)
    complaint.approvers = [role.value for role in _approvers(uow, complaint, cents)]
    _tell_approvers(uow, complaint)
    kinds = [line.kind.value for line in command.measures]
    data = {"measures": kinds, "cents": cents, "approvers": complaint.approvers}
    return Done(note=command.note, data=data)


def _refuse_paid(uow: UnitOfWork, complaint: Complaint, command: Propose) -> None:
    pays = any(line.kind in paid_elsewhere.GIVES for line in command.measures)
    asset_id = complaint.request.asset_id
    piece = uow.session.get(Asset, asset_id) if pays and asset_id else None
    if piece is not None and piece.status not in OWNED:
        raise InvalidInput(life.elsewhere(uow, "measures", piece))


def _approvers(uow: UnitOfWork, complaint: Complaint, cents: int) -> list[Role]:
    norm = norm_for(uow, complaint.request)
    roles = [level.role for level in levels_of(norm, "complaint", cents)] or list(USUAL)
    # Once reopened the manager decides at least, twice reopened the leaders (E17, C6).
    least = USUAL[complaint.level - 1 :] if complaint.level else tuple(Role)
    return [role for role in roles if role in least] or [Role.LEADER]


def _tell_approvers(uow: UnitOfWork, complaint: Complaint) -> None:
    # Not everybody who could: the lowest level that may.
    ids = receivers.everywhere(uow, [Role(complaint.approvers[0])])
    notices.put(
        uow,
        people=[id for id in ids if id not in (uow.actor.id, *complaint.request.named)],
        kind=NoticeKind.APPROVAL,
        source=f"complaint:{complaint.id}:{complaint.version}:approval",
        case_id=complaint.request_id,
        data={"cents": cost_of(complaint)},
    )


def approve(uow: UnitOfWork, complaint: Complaint, command: Approve) -> Done:
    """The plan stands."""
    return _decide(uow, complaint, command.note, ComplaintStatus.APPROVED)


def refuse(uow: UnitOfWork, complaint: Complaint, command: Refuse) -> Done:
    """Nothing is offered."""
    return _decide(uow, complaint, command.note, ComplaintStatus.REFUSED)


def send_back(uow: UnitOfWork, complaint: Complaint, command: SendBack) -> Done:
    """The plan goes back to whoever made it."""
    done = _decide(uow, complaint, command.note, ComplaintStatus.INVESTIGATED)
    complaint.approved_by_id = None
    return done


def _decide(uow: UnitOfWork, complaint: Complaint, note: str, decided: ComplaintStatus) -> Done:
    complaint.approved_by_id = uow.actor.id
    if complaint.proposed_by_id:
        notices.put(
            uow,
            people=[complaint.proposed_by_id],
            kind=NoticeKind.PLAN_DECIDED,
            source=f"complaint:{complaint.id}:{complaint.version}:decided",
            case_id=complaint.request_id,
            data={"step": decided.value},
        )
    return Done(note=note, data={"cents": cost_of(complaint)})


def notify(uow: UnitOfWork, complaint: Complaint, command: Notify) -> Done:
    """The customer has the answer; how it was taken is on file (E16)."""
    complaint.request.answer = command.answer
    complaint.reaction, complaint.notified_at = command.reaction, uow.now
    _open_repair(uow, complaint)
    data = {"channel": command.channel.value, "reaction": command.reaction.value}
    return Done(note=command.answer, data=data)


def _open_repair(uow: UnitOfWork, complaint: Complaint) -> None:
    """A repair that was promised becomes a case of its own, free, tied to the complaint."""
    promised = [m.what for m in complaint.measures if m.kind is MeasureKind.REPAIR]
    if not promised or complaint.status is not ComplaintStatus.APPROVED:
        return
    case = complaint.request
    repair = intake.open_request(
        uow,
        customer_id=case.customer_id,
        asset_id=case.asset_id,
        station_id=case.station_id,
        origin_id=case.id,
        kind=RequestKind.REPAIR,
        channel=case.channel,
        priority=Priority.URGENT,
        contact=case.contact,
        phone=case.phone,
        address=case.address,
        symptom=promised[0] or case.symptom,
        fault_area=case.fault_area,
        note=case.number,
    )
    charging.decide(repair, Charge.FREE, ChargeReason.GOODWILL)

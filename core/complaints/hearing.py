"""How an unhappy customer is heard: the complaint runs again, or one is registered (E17, C6)."""

from sqlalchemy import select

from core.complaints import actions
from core.followups import actions as followups
from core.kernel.unit_of_work import UnitOfWork
from core.process.rules import Happening
from core.requests import intake
from db.codes import Channel, Priority, Reaction, RequestKind
from db.tables import FollowUp, Job


def told(uow: UnitOfWork, notified: Happening) -> None:
    """Who is not content with the answer opens the complaint again, until the leaders decided."""
    complaint = notified.record
    if complaint.reaction is Reaction.DISSATISFIED and actions.may_reopen(complaint):
        actions.reopen(uow, complaint, notified.done.note)


def called(uow: UnitOfWork, answered: Happening) -> None:
    """An unhappy answer to a follow-up call opens the case's complaint again, or raises one."""
    call = answered.record
    if not followups.is_unhappy(uow, call):
        return
    complaint = actions.of_case(uow, call.request_id)
    if complaint is None:
        _raise(uow, call)
    elif actions.may_reopen(complaint):
        actions.reopen(uow, complaint, call.opinion)


def _raise(uow: UnitOfWork, call: FollowUp) -> None:
    case = call.request
    technician = uow.session.scalar(
        select(Job.technician_id)
        .where(Job.request_id == case.id)
        .order_by(Job.finished_at.desc().nulls_last(), Job.id.desc())
        .limit(1)
    )
    intake.open_request(
        uow,
        customer_id=case.customer_id,
        asset_id=case.asset_id,
        station_id=case.station_id,
        origin_id=case.id,
        kind=RequestKind.COMPLAINT,
        channel=Channel.ONLINE if call.link_id else Channel.HOTLINE,
        priority=Priority.NORMAL,
        contact=case.contact,
        phone=case.phone,
        address=case.address,
        symptom=call.opinion or case.symptom,
        note=f"{case.number} · {call.score:g}/10",
        # Whoever was there is named: somebody else judges (A23).
        about_id=technician,
        # Of what came by a link: whoever had the case has this one too.
        owner_id=None if case.owner_id == technician else case.owner_id,
    )

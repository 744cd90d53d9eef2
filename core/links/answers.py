"""What a customer does by a link: each a rule of the process that it moves."""

from sqlalchemy import select

from core.followups import actions as followups
from core.followups.actions import AnswerSurvey
from core.kernel.errors import WrongStatus
from core.kernel.unit_of_work import UnitOfWork
from core.links import links
from core.links.wishes import ConfirmVisit, WishCancel, WishTime
from core.process import workflow
from db.codes import FollowUpStatus
from db.tables import FollowUp


def answer_survey(uow: UnitOfWork, command: AnswerSurvey) -> int:
    """Take the answers in place of the call that is due; WrongStatus when none is."""
    links.used(uow)
    call = uow.session.scalars(
        select(FollowUp).where(
            FollowUp.request_id == uow.actor.case_id, FollowUp.status == FollowUpStatus.DUE
        )
    ).one_or_none()
    if call is None:
        raise WrongStatus(subject=followups.PROCESS.subject, action=command.name)
    workflow.act(uow, followups.PROCESS, id=call.id, command=command, seen_version=call.version)
    return call.id


def say(uow: UnitOfWork, command: ConfirmVisit | WishTime | WishCancel) -> int:
    """Take what the customer says of the appointment."""
    link = links.used(uow)
    workflow.act(uow, links.PROCESS, id=link.id, command=command, seen_version=link.version)
    return link.id

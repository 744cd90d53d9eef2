"""What a customer does by a link: each a rule of the process that it moves."""

from sqlalchemy import select

from core.billing import quotes
from core.billing.inputs import ConfirmQuote, RefuseQuote
from core.followups import actions as followups
from core.followups.actions import AnswerSurvey
from core.jobs import actions as jobs
from core.jobs.signing import AcceptReport
from core.kernel.errors import WrongStatus
from core.kernel.unit_of_work import UnitOfWork
from core.links import confirming, links
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


def answer_quote(uow: UnitOfWork, command: ConfirmQuote | RefuseQuote) -> int:
    """Take what the customer says to the price; WrongStatus when none is offered."""
    links.used(uow)
    quote = quotes.of_case(uow, uow.actor.case_id or 0)
    if quote is None:
        raise WrongStatus(subject=quotes.PROCESS.subject, action=command.name)
    workflow.act(uow, quotes.PROCESS, id=quote.id, command=command, seen_version=quote.version)
    return quote.id


def accept(uow: UnitOfWork, command: AcceptReport) -> int:
    """Take that the customer has read the slip; WrongStatus before the work is done."""
    links.used(uow)
    job = confirming.done_job(uow, uow.actor.case_id or 0)
    if job is None:
        raise WrongStatus(subject=jobs.PROCESS.subject, action=command.name)
    workflow.act(uow, jobs.PROCESS, id=job.id, command=command, seen_version=job.version)
    return job.id


def say(uow: UnitOfWork, command: ConfirmVisit | WishTime | WishCancel) -> int:
    """Take what the customer says of the appointment."""
    link = links.used(uow)
    workflow.act(uow, links.PROCESS, id=link.id, command=command, seen_version=link.version)
    return link.id

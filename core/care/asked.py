"""A survey in place of a call on a plan: the customer answers it by a link (E19, C13)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.care.calls import PROCESS
from core.care.inputs import AnswerCare
from core.care.rules import BY_LINK, DONE, DUE, calls
from core.kernel.errors import NotFound
from core.kernel.unit_of_work import Actor, UnitOfWork, customer_actor
from core.norms.parts import Words
from core.norms.revisions import in_force, norm_of
from core.process import workflow
from core.process.permissions import require
from db.codes import Language
from db.tables import CareCall, Company


@dataclass(frozen=True)
class CareSurvey:
    """What is asked: each question by its name, with its words; none once it was answered."""

    questions: tuple[tuple[str, Words], ...]
    answered_at: datetime | None


def holder(
    session: Session, digest: str, now: datetime, language: Language, came_from: str
) -> Actor | None:
    """Whom the link of a call lets in; None for every wrong one, whatever is wrong with it."""
    company = session.get(Company, 1)
    if company is None or not company.customer_pages:
        return None
    found = session.scalar(select(CareCall).where(CareCall.link_digest == digest))
    if found is None or not _opens(found, now):
        return None
    return customer_actor(company, language, care_id=found.id, came_from=came_from)


def view(uow: UnitOfWork) -> CareSurvey:
    """The survey of the link that the actor came by."""
    call = _call(uow)
    questions = norm_of(in_force(uow)).survey if call.status is DUE else ()
    return CareSurvey(tuple((each.name, each.text) for each in questions), call.ended_at)


def answer(uow: UnitOfWork, command: AnswerCare) -> int:
    """Take the answers in place of the call."""
    call = _call(uow)
    workflow.act(uow, PROCESS, id=call.id, command=command, seen_version=call.version)
    return call.id


def _call(uow: UnitOfWork) -> CareCall:
    require(uow, BY_LINK)
    found = uow.session.scalar(calls(uow.actor))
    if found is None or not _opens(found, uow.now):
        raise NotFound(subject=PROCESS.subject)
    return found


def _opens(call: CareCall, now: datetime) -> bool:
    is_there = call.status in (DUE, DONE)
    return is_there and call.link_until is not None and now < call.link_until

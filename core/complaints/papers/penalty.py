"""What the notice of a penalty says: to the person concerned, with the clause (E14)."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from core.complaints import penalties
from core.complaints.penalties import PenaltyView
from core.kernel.errors import NotFound
from core.kernel.unit_of_work import UnitOfWork
from core.norms.revisions import norm_for
from core.papers.placeholders import Facts, made
from core.papers.speech import Speech
from core.process import workflow
from core.requests import papers as case_papers
from db.tables import Complaint, Penalty, Person


@dataclass(frozen=True)
class PenaltyFacts(Facts):
    """The notice of one penalty."""

    person: str
    department: str
    ground: str
    share_of: str
    percent: str
    loss: str
    clause: str
    clause_text: str
    reason: str
    status: str
    decided_by: str
    decided: str
    appeal: str
    reviewed_by: str
    review: str


def notice(uow: UnitOfWork, speech: Speech, *, penalty_id: int) -> PenaltyFacts:
    """The facts of one penalty; NotFound when the actor may not see it.

    They name the case by its number only: who is penalised need not be one who may read it.
    """
    row: Penalty = workflow.fetch(uow, penalties.PROCESS, penalty_id)
    listed = penalties.list_of(uow, complaint_id=row.complaint_id)
    view = next(each for each in listed if each.id == row.id)
    norm = norm_for(uow, row.complaint.request)
    person = uow.session.get_one(Person, row.person_id)
    departments = {each.name: each.text for each in norm.departments}
    texts = {
        **case_papers.house(uow, speech),
        **_decision(view, speech),
        "department": speech.own(departments.get(person.department, {})),
        "clause_text": speech.own(norm.clauses.get(view.clause, {})),
    }
    return made(PenaltyFacts, texts)


def of_case(uow: UnitOfWork, case_id: int) -> Mapping[str, int]:
    """The newest penalty of a case that the actor may see; NotFound without one."""
    complaint = uow.session.scalar(select(Complaint.id).where(Complaint.request_id == case_id))
    listed = penalties.list_of(uow, complaint_id=complaint) if complaint else ()
    if not listed:
        raise NotFound(subject="penalty")
    return {"penalty_id": listed[0].id}


def _decision(view: PenaltyView, speech: Speech) -> dict[str, str]:
    return {
        **{name: getattr(view, name) for name in _PLAIN},
        "ground": speech.code(view.ground),
        "share_of": speech.code(view.share_of),
        "percent": f"{view.percent:g}",
        "loss": speech.money(view.loss_cents),
        "status": speech.code(view.status),
        "decided": speech.day_of(view.decided_at),
    }


# Facts that are printed as they are stored.
_PLAIN = ("number", "person", "clause", "reason", "decided_by", "appeal", "reviewed_by", "review")

"""The eight steps as a rule table, and how somebody must stand to a complaint to act on it."""

from sqlalchemy import Select, select
from sqlalchemy.orm import contains_eager, selectinload

from core.complaints.inputs import (
    Approve,
    Assign,
    CloseComplaint,
    Dismiss,
    Investigate,
    Judge,
    Link,
    Merge,
    NamePerson,
    Notify,
    Penalise,
    Propose,
    Refuse,
    Reopen,
    SendBack,
    SettlePenalties,
)
from core.improvements.actions import PlanImprovement
from core.kernel.unit_of_work import Actor
from core.process.permissions import visible_requests
from core.process.rules import Relation, Rule
from db.codes import ComplaintStatus, Role
from db.tables import Complaint, Responsible

RECORDED, JUDGED, ASSIGNED = (
    ComplaintStatus.RECORDED,
    ComplaintStatus.JUDGED,
    ComplaintStatus.ASSIGNED,
)
INVESTIGATED, PROPOSED = ComplaintStatus.INVESTIGATED, ComplaintStatus.PROPOSED
APPROVED, REFUSED = ComplaintStatus.APPROVED, ComplaintStatus.REFUSED
NOTIFIED, PENALISED = ComplaintStatus.NOTIFIED, ComplaintStatus.PENALISED
CLOSED, MERGED, WITHDRAWN = (
    ComplaintStatus.CLOSED,
    ComplaintStatus.MERGED,
    ComplaintStatus.WITHDRAWN,
)
NEW, TOLD = frozenset({RECORDED}), frozenset({NOTIFIED, PENALISED})
EARLY = frozenset({RECORDED, JUDGED, ASSIGNED})
# Until the customer has the answer, the complaint may still be withdrawn or named anew.
UNTOLD = EARLY | {INVESTIGATED, PROPOSED, APPROVED, REFUSED}
OPEN = UNTOLD | TOLD

NOT_NAMED = Relation("named", lambda actor, complaint: actor.id not in complaint.request.named)
ANOTHER_PLANNED = Relation(
    "own_plan", lambda actor, complaint: complaint.proposed_by_id != actor.id
)
HIGH_ENOUGH = Relation("too_low", lambda actor, complaint: actor.role in complaint.approvers)
OF_DEPARTMENT = Relation("other_department", lambda actor, row: _is_its_work(actor, row))
FAIR = (NOT_NAMED,)
OWN_WORK = (NOT_NAMED, OF_DEPARTMENT)
DECIDES = (NOT_NAMED, ANOTHER_PLANNED, HIGH_ENOUGH)

JUDGES, HANDLES, APPROVES = "complaint:judge", "complaint:handle", "complaint:approve"
PENALISES, REOPENS = "complaint:penalise", "complaint:reopen"


def _is_its_work(actor: Actor, complaint: Complaint) -> bool:
    """The department's own people, whoever was given it by name, and those above them all."""
    above = actor.role in (Role.MANAGER, Role.LEADER)
    own = actor.department in ("", complaint.department) or actor.id == complaint.handler_id
    return above or own


def _was_assigned(complaint: Complaint) -> bool:
    return complaint.department != ""


def _was_dismissed(complaint: Complaint) -> bool:
    return complaint.department == ""


RULES = (
    Rule("judged", Judge, NEW, JUDGED, JUDGES, "E14", who=FAIR),
    Rule("dismissed", Dismiss, NEW, CLOSED, JUDGES, "E14", who=FAIR),
    Rule("assigned", Assign, frozenset({JUDGED}), ASSIGNED, "complaint:assign", "A22", who=FAIR),
    Rule("investigated", Investigate, frozenset({ASSIGNED}), INVESTIGATED, HANDLES, "D15",
         who=OWN_WORK),
    Rule("proposed", Propose, frozenset({INVESTIGATED}), PROPOSED, HANDLES, "E14", who=OWN_WORK),
    Rule("approved", Approve, frozenset({PROPOSED}), APPROVED, APPROVES, "E14", who=DECIDES),
    Rule("sent_back", SendBack, frozenset({PROPOSED}), INVESTIGATED, APPROVES, "E14", who=DECIDES),
    Rule("refused", Refuse, frozenset({PROPOSED}), REFUSED, APPROVES, "E14", who=DECIDES),
    Rule("notified", Notify, frozenset({APPROVED, REFUSED}), NOTIFIED, "request:tell", "E14",
         who=FAIR),
    Rule("penalised", Penalise, frozenset({NOTIFIED}), None, PENALISES, "E14", who=FAIR),
    Rule("penalties_settled", SettlePenalties, frozenset({NOTIFIED}), PENALISED, PENALISES, "E14",
         who=FAIR),
    Rule("improved", PlanImprovement, frozenset({PENALISED}), None, "improvement:plan", "E14",
         who=FAIR),
    Rule("closed", CloseComplaint, frozenset({PENALISED}), CLOSED, "complaint:close", "A24",
         who=FAIR),
    Rule("reopened", Reopen, TOLD | {CLOSED}, ASSIGNED, REOPENS, "E17", _was_assigned, who=FAIR),
    Rule("reopened", Reopen, frozenset({CLOSED}), RECORDED, REOPENS, "E17", _was_dismissed,
         who=FAIR),
    Rule("assigned", Assign, frozenset({ASSIGNED}), None, "complaint:assign", "A22", who=FAIR),
    Rule("about_named", NamePerson, UNTOLD, None, "complaint:name", "A23", who=FAIR),
    Rule("linked", Link, OPEN, None, "complaint:judge", "E16", who=FAIR),
    Rule("merged", Merge, EARLY, MERGED, JUDGES, "E16", who=FAIR),
    Rule("recorded", None, NEW, RECORDED, "request:register", "E14"),
    Rule("withdrawn", None, UNTOLD, WITHDRAWN, "request:cancel", "E16"),
)  # fmt: skip


def select_visible(actor: Actor) -> Select[Complaint]:
    """The complaints of the cases that the actor may see, each with its case."""
    return (
        select(Complaint)
        .join(Complaint.request)
        .where(visible_requests(actor))
        .options(
            contains_eager(Complaint.request),
            selectinload(Complaint.responsibles).joinedload(Responsible.person),
            selectinload(Complaint.measures),
        )
    )

"""A complaint as it is reviewed: the eight steps, facts, earlier cases, what may be done now."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from core.complaints import penalties
from core.complaints.actions import PROCESS, of_case
from core.complaints.plans import cost_of
from core.customers import paid_elsewhere
from core.improvements import actions as improvements
from core.improvements.actions import ImprovementView
from core.kernel.errors import NotFound
from core.kernel.unit_of_work import UnitOfWork
from core.norms.authority import levels_of
from core.norms.model import Norm
from core.norms.parts import PenaltyBand, Words
from core.norms.revisions import norm_for
from core.process import fairness
from core.process.fairness import Barred
from core.process.permissions import require, ties
from core.process.rules import Rule
from core.requests import asked, precedents
from core.requests.precedents import SimilarCase
from db.codes import CauseKind, CauseScope, ComplaintStatus, MeasureKind, Reaction, Role
from db.tables import Complaint, Person, ServiceRequest


@dataclass(frozen=True)
class ResponsibleView:
    """Who answers for the cause, with the share in percent."""

    department: Words
    person: str
    share_percent: int


@dataclass(frozen=True)
class MeasureView:
    """One measure of the plan; its cost in cents."""

    kind: MeasureKind
    what: str
    cost_cents: int


@dataclass(frozen=True)
class Decision:
    """Who decides on a plan of this cost, and the clause that says so."""

    roles: tuple[Role, ...]
    clause: str
    cents: int


@dataclass(frozen=True)
class ComplaintView:
    """Everything about a complaint besides its case."""

    id: int
    version: int
    case_id: int
    number: str
    status: ComplaintStatus
    nature: Words
    founded: bool | None
    reason_sufficient: bool | None
    demand_reasonable: bool | None
    about: str
    department: Words
    handler: str
    route: Words
    route_clause: str
    cause: str
    cause_kind: CauseKind | None
    cause_scope: CauseScope | None
    loss_cents: int
    batch: str
    responsibles: tuple[ResponsibleView, ...]
    measures: tuple[MeasureView, ...]
    proposed_by: str
    approved_by: str
    decision: Decision | None
    reaction: Reaction | None
    notified_at: datetime | None
    level: int
    merged_into: tuple[int, str] | None
    # Returns of the same piece: what they pay is not to be paid twice.
    returns: tuple[tuple[int, str], ...]
    lesson: str
    bands: tuple[PenaltyBand, ...]
    penalties: tuple[penalties.PenaltyView, ...]
    improvements: tuple[ImprovementView, ...]
    precedents: tuple[SimilarCase, ...]
    actions: tuple[Rule, ...]
    barred: tuple[Barred, ...]


def view(uow: UnitOfWork, *, case_id: int, with_precedents: bool = True) -> ComplaintView:
    """The complaint of a case; NotFound when the case is none, or the actor may not see it."""
    require(uow, "complaint:read")
    row = of_case(uow, case_id)
    if row is None:
        raise NotFound(subject="complaint", id=case_id)
    norm = norm_for(uow, row.request)
    names = _names(uow, row)
    departments = {each.name: each.text for each in norm.departments}
    request = row.request
    route = asked.route_of(norm, request.kind, request.priority, request.case_class)
    return ComplaintView(
        **{name: getattr(row, name) for name in _PLAIN},
        case_id=row.request_id,
        number=request.number,
        batch=request.batch,
        nature=_nature(norm, request.case_class, row.case_part),
        about=names.get(row.about_id, ""),
        department=departments.get(row.department, {}),
        handler=names.get(row.handler_id, ""),
        route=departments.get(route.department or "", {}) if route else {},
        route_clause=route.clause if route else "",
        proposed_by=names.get(row.proposed_by_id, ""),
        approved_by=names.get(row.approved_by_id, ""),
        responsibles=tuple(
            ResponsibleView(
                departments.get(each.department, {}),
                each.person.name if each.person else "",
                each.share_percent,
            )
            for each in row.responsibles
        ),
        measures=tuple(MeasureView(m.kind, m.what, m.cost_cents) for m in row.measures),
        decision=_decision(norm, row),
        merged_into=_merged_into(uow, row),
        returns=paid_elsewhere.by_returns(uow, request.asset_id),
        bands=penalties.bands_of(norm, row.loss_cents),
        penalties=penalties.list_of(uow, complaint_id=row.id),
        improvements=improvements.of_case(uow, case_id=case_id),
        precedents=precedents.similar(uow, case_id=case_id) if with_precedents else (),
        actions=PROCESS.allowed(uow.actor, row),
        barred=fairness.barred(uow, PROCESS, row),
    )


# Facts that the view shows as they are stored.
_PLAIN = (
    *("id", "version", "status", "founded", "reason_sufficient", "demand_reasonable"),
    *("cause", "cause_kind", "cause_scope", "loss_cents", "reaction", "notified_at"),
    *("level", "lesson"),
)


def _names(uow: UnitOfWork, row: Complaint) -> dict[int | None, str]:
    ids = {row.about_id, row.handler_id, row.proposed_by_id, row.approved_by_id} - {None}
    if not ids:
        return {}
    rows = uow.session.execute(select(Person.id, Person.name).where(Person.id.in_(ids)))
    return dict(rows.all())


def _nature(norm: Norm, case_class: str, part: str) -> Words:
    found = next((each for each in norm.classes if each.name == case_class), None)
    if found is None:
        return {}
    inner = next((each for each in found.parts if each.name == part), None)
    if inner is None:
        return found.text
    return {speaks: f"{text} · {inner.text[speaks]}" for speaks, text in found.text.items()}


def _decision(norm: Norm, row: Complaint) -> Decision | None:
    if not row.approvers:
        return None
    cents = cost_of(row)
    levels = levels_of(norm, "complaint", cents)
    clause = levels[0].clause if levels else ""
    return Decision(tuple(Role(role) for role in row.approvers), clause, cents)


def _merged_into(uow: UnitOfWork, row: Complaint) -> tuple[int, str] | None:
    if row.merged_into_id is None:
        return None
    into = select(Complaint.request_id).where(Complaint.id == row.merged_into_id)
    return next(iter(ties(uow, ServiceRequest.id.in_(into))), None)

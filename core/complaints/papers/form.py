"""What the papers of a complaint say: the form and the report (E14, E16)."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select

from core.complaints import view as complaint_view
from core.complaints.papers import lines
from core.complaints.papers.lines import (
    AlikeLine,
    ImprovementLine,
    MeasureLine,
    ResponsibleLine,
    StepLine,
)
from core.complaints.rules import EARLY
from core.complaints.view import ComplaintView
from core.kernel.errors import NotFound
from core.kernel.unit_of_work import UnitOfWork
from core.papers.placeholders import CaseFacts, LimitLine, made
from core.papers.speech import Speech
from core.process.history import Event, newest
from core.process.permissions import visible_requests
from core.requests import papers as case_papers
from core.requests import view as case
from core.requests.drills import IN_EARNEST
from core.requests.view import CaseView
from db.codes import ImprovementKind, RequestStatus
from db.tables import Asset, ServiceRequest

ANSWERED = ("notified", "dismissed")


@dataclass(frozen=True)
class ComplaintFacts(CaseFacts):
    """The complaint form and the investigation report."""

    origin: str
    about: str
    batch: str
    nature: str
    verdict: str
    reason_sufficient: str
    demand_reasonable: str
    department: str
    handler: str
    route: str
    route_clause: str

    cause: str
    cause_kind: str
    cause_scope: str
    loss: str
    investigated_by: str
    investigated: str
    same_batch: str
    same_fault: str

    total: str
    proposed_by: str
    approval: str
    approval_clause: str
    decision: str
    decided_by: str
    decided: str

    notified: str
    notified_through: str
    reaction: str
    lesson: str
    closed: str

    responsibles: tuple[ResponsibleLine, ...]
    measures: tuple[MeasureLine, ...]
    improvements: tuple[ImprovementLine, ...]
    corrective: tuple[ImprovementLine, ...]
    preventive: tuple[ImprovementLine, ...]
    alike: tuple[AlikeLine, ...]
    limits: tuple[LimitLine, ...]
    steps: tuple[StepLine, ...]


def form(uow: UnitOfWork, speech: Speech, *, case_id: int) -> ComplaintFacts:
    """The whole file of a complaint; NotFound when the case is none."""
    return _facts(uow, speech, complaint_view.view(uow, case_id=case_id))


def report(uow: UnitOfWork, speech: Speech, *, case_id: int) -> ComplaintFacts:
    """The same for the investigation report; NotFound before the complaint is investigated."""
    view = complaint_view.view(uow, case_id=case_id)
    if not is_investigated(view):
        raise NotFound(subject="investigation", id=case_id)
    return _facts(uow, speech, view)


def is_investigated(view: ComplaintView) -> bool:
    """Whether the cause is found, and not sought anew: once reopened the old one does not count."""
    return view.cause != "" and view.status not in EARLY


def _facts(uow: UnitOfWork, speech: Speech, view: ComplaintView) -> ComplaintFacts:
    request = case.view(uow, id=view.case_id)
    events = lines.events_of(request)
    texts = {
        **case_papers.of_case(uow, request, speech),
        **_judgement(view, request, speech),
        **_cause(uow, view, events, speech),
        **_plan(view, events, speech),
        **_end(view, events, speech),
    }
    return made(
        ComplaintFacts,
        texts,
        responsibles=lines.responsibles(view, speech),
        measures=lines.measures(view, speech),
        improvements=lines.improvements(view.improvements, speech),
        corrective=lines.improvements(view.improvements, speech, ImprovementKind.CORRECTIVE),
        preventive=lines.improvements(view.improvements, speech, ImprovementKind.PREVENTIVE),
        alike=lines.alike(view, speech),
        limits=case_papers.limits(request, speech),
        steps=tuple(lines.step(event, speech) for event in events),
    )


def _judgement(view: ComplaintView, request: CaseView, speech: Speech) -> dict[str, str]:
    return {
        "origin": request.origin[1] if request.origin else "",
        "about": view.about,
        "batch": view.batch,
        "nature": speech.own(view.nature),
        "verdict": speech.verdict(view.founded),
        "reason_sufficient": speech.yes_no(view.reason_sufficient),
        "demand_reasonable": speech.yes_no(view.demand_reasonable),
        "department": speech.own(view.department),
        "handler": view.handler,
        "route": speech.own(view.route),
        "route_clause": view.route_clause,
    }


def _cause(
    uow: UnitOfWork, view: ComplaintView, events: Sequence[Event], speech: Speech
) -> dict[str, str]:
    found = newest(events, "investigated")
    return {
        "cause": view.cause,
        "cause_kind": speech.code(view.cause_kind),
        "cause_scope": speech.code(view.cause_scope),
        "loss": speech.money(view.loss_cents) if found else "",
        "investigated_by": found.actor if found else "",
        "investigated": speech.moment(found.at) if found else "",
        **_others(uow, view),
    }


def _others(uow: UnitOfWork, view: ComplaintView) -> dict[str, str]:
    """How many other cases are of the same batch, and of the same product with the same fault."""
    row = uow.session.get_one(ServiceRequest, view.case_id)
    asset = uow.session.get(Asset, row.asset_id) if row.asset_id else None
    batch = fault = ""
    if row.batch:
        batch = str(_count(uow, row, ServiceRequest.batch == row.batch))
    if asset and row.fault_area:
        pieces = select(Asset.id).where(Asset.product_id == asset.product_id)
        same = (
            ServiceRequest.asset_id.in_(pieces),
            ServiceRequest.fault_area == row.fault_area,
        )
        fault = str(_count(uow, row, *same))
    return {"same_batch": batch, "same_fault": fault}


def _count(uow: UnitOfWork, row: ServiceRequest, *same: ColumnElement[bool]) -> int:
    query = select(func.count()).where(
        *same,
        ServiceRequest.id != row.id,
        ServiceRequest.status != RequestStatus.CANCELLED,
        IN_EARNEST,
        visible_requests(uow.actor),
    )
    return uow.session.scalar(query) or 0


def _plan(view: ComplaintView, events: Sequence[Event], speech: Speech) -> dict[str, str]:
    decided = lines.decision_of(events)
    asked = view.decision
    cents = sum(measure.cost_cents for measure in view.measures)
    return {
        "total": speech.money(cents) if view.measures else "",
        "proposed_by": view.proposed_by,
        "approval": " / ".join(speech.code(role) for role in asked.roles) if asked else "",
        "approval_clause": asked.clause if asked else "",
        "decision": speech.word("fact", f"complaint.{decided.action}") if decided else "",
        "decided_by": decided.actor if decided else "",
        "decided": speech.moment(decided.at) if decided else "",
    }


def _end(view: ComplaintView, events: Sequence[Event], speech: Speech) -> dict[str, str]:
    told = newest(events, *ANSWERED, "reopened")
    through = told.data.get("channel", "") if told else ""
    ended = newest(events, "closed", "dismissed", "merged", "withdrawn", "reopened")
    closed = ended.at if ended and ended.action != "reopened" else None
    return {
        "notified": speech.moment(view.notified_at),
        "notified_through": speech.word("Channel", through) if through else "",
        "reaction": speech.code(view.reaction),
        "lesson": view.lesson,
        "closed": speech.moment(closed),
    }

"""The case page: facts, timeline, time limits, and what may be done now."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core.customers import customers
from core.kernel.unit_of_work import UnitOfWork
from core.norms.model import Norm
from core.norms.parts import Words
from core.norms.revisions import norm_for
from core.process import history, limits, masked, workflow
from core.process.permissions import require, tie, ties
from core.process.rules import Rule
from core.requests import asked, charging, guiding, ready, reworks, urging
from core.requests.actions import PROCESS as REQUESTS
from core.requests.actions import RIGHTS
from core.requests.guiding import Guided
from core.requests.reworks import EarlierWork
from db.codes import (
    Channel,
    Charge,
    ChargeReason,
    FaultArea,
    Language,
    Priority,
    RequestKind,
    RequestStatus,
    ServiceWay,
    WaitReason,
)
from db.tables import Asset, ServiceRequest


@dataclass(frozen=True)
class CaseView:
    """Everything that the case page shows."""

    id: int
    version: int
    number: str
    kind: RequestKind
    status: RequestStatus
    priority: Priority
    channel: Channel
    customer: customers.CustomerView
    asset: customers.AssetView | None
    contact: str
    phone: str
    address: str
    symptom: str
    fault_area: FaultArea | None
    fault_codes: str
    batch: str
    charge: Charge
    charge_reason: ChargeReason
    # Whether a person has decided so, and what the file says where it is something else.
    charge_by_person: bool
    charge_by_file: tuple[Charge, ChargeReason] | None
    wanted_from: datetime | None
    wanted_to: datetime | None
    way: ServiceWay
    wait_reason: WaitReason | None
    wait_until: datetime | None
    answer: str
    station: str
    owner: str
    origin: tuple[int, str] | None
    raised: tuple[tuple[int, str], ...]
    received_at: datetime
    resolved_at: datetime | None
    closed_at: datetime | None
    # Who answers for the case by the rule book's routes; empty when none fits.
    department: Words
    # The rule book's own fields: label and value in each language.
    extra: tuple[tuple[Words, Words], ...]
    limits: tuple[limits.LimitView, ...]
    clauses: dict[str, dict[str, str]]
    timeline: tuple[history.Event, ...]
    # How often the customer has pressed for it.
    urged: int
    # What it still lacks before somebody can be sent, and what was tried from afar.
    lacks: tuple[ready.Lack, ...]
    guidance: Words
    guided: tuple[Guided, ...]
    # Of rework: the work that was not good enough (A20).
    rework: EarlierWork | None
    actions: tuple[Rule, ...]
    # By which it may be put right.
    rights: tuple[Rule, ...]


def view(uow: UnitOfWork, *, id: int, with_timeline: bool = True) -> CaseView:
    """A case, if the actor may see it; NotFound otherwise."""
    require(uow, "case:read")
    request = workflow.fetch(uow, REQUESTS, id, options=_WITH)
    uow.seen_cases.add(id)
    norm = norm_for(uow, request)
    running = limits.of_case(uow, request_id=id)
    asset = request.asset
    allowed = REQUESTS.allowed(uow.actor, request)
    handles = request.owner_id == uow.actor.id
    return CaseView(
        **{name: getattr(request, name) for name in _PLAIN},
        phone=masked.phone(uow.actor, request.phone, handles=handles),
        customer=customers.view(uow, id=request.customer_id),
        asset=customers.asset_view(asset, uow.today) if asset else None,
        station=request.station.name if request.station else "",
        owner=request.owner.name if request.owner else "",
        origin=tie(uow, request.origin_id),
        raised=ties(uow, ServiceRequest.origin_id == id),
        department=_department(norm, request),
        extra=_extra(norm, request),
        limits=running,
        clauses={
            limit.clause: {language.value: text for language, text in words.items()}
            for limit in running
            if (words := norm.clauses.get(limit.clause))
        },
        timeline=history.timeline(uow, case_id=id) if with_timeline else (),
        urged=uow.session.scalar(select(urging.times(id))) or 0,
        charge_by_file=_by_file(uow, request),
        lacks=ready.of_case(uow, request),
        guidance=guidance.text if (guidance := ready.guidance_of(norm, request)) else {},
        guided=guiding.of_case(uow, id),
        rework=reworks.of_case(uow, norm, request) if request.charge_reason is REWORK else None,
        actions=tuple(rule for rule in allowed if rule.action not in RIGHTS),
        rights=tuple(rule for rule in allowed if rule.action in RIGHTS),
    )


REWORK = ChargeReason.REWORK
# Facts that the view shows as they are stored.
_PLAIN = (
    *("id", "version", "number", "kind", "status", "priority", "channel", "contact"),
    *("address", "symptom", "fault_area", "fault_codes", "batch", "charge", "charge_reason"),
    *("charge_by_person", "wanted_from", "wanted_to", "way", "wait_reason", "wait_until", "answer"),
    *("received_at", "resolved_at", "closed_at"),
)

_WITH = (
    joinedload(ServiceRequest.station),
    joinedload(ServiceRequest.owner),
    joinedload(ServiceRequest.revision),
    joinedload(ServiceRequest.asset).joinedload(Asset.product),
)


def _by_file(uow: UnitOfWork, request: ServiceRequest) -> tuple[Charge, ChargeReason] | None:
    if not request.charge_by_person:
        return None
    found = charging.by_file(uow, request)
    return None if found == (request.charge, request.charge_reason) else found


def _department(norm: Norm, request: ServiceRequest) -> Words:
    route = asked.route_of(norm, request.kind, request.priority, request.case_class)
    names = {department.name: department.text for department in norm.departments}
    return names.get(route.department, {}) if route and route.department else {}


def _extra(norm: Norm, request: ServiceRequest) -> tuple[tuple[Words, Words], ...]:
    shown = []
    for field in norm.extra_fields:
        value = request.extra.get(field.name)
        if value is not None:
            choice = next((c.text for c in field.choices if c.name == value), None)
            shown.append((field.text, choice or dict.fromkeys(Language, str(value))))
    return tuple(shown)

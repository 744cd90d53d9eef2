"""What the forms of a complaint offer, and what they show first."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core.kernel.unit_of_work import UnitOfWork
from core.norms.revisions import norm_for
from core.people import people
from core.process.permissions import GRANTS
from core.requests import asked
from db.codes import RequestKind
from db.tables import Asset, Complaint, Person

BETWEEN = "."


def route_of(uow: UnitOfWork, complaint: Complaint) -> str:
    """The department that the rule book names for the class; empty where it names none (A22)."""
    request = complaint.request
    norm = norm_for(uow, request)
    route = asked.route_of(norm, request.kind, request.priority, request.case_class)
    return route.department if route and route.department else ""


def natures(uow: UnitOfWork, complaint: Complaint) -> Mapping[str, str]:
    """Every class of the rule book, and under it its sub-classes (E15)."""
    speaks = uow.actor.language
    natures: dict[str, str] = {}
    for each in norm_for(uow, complaint.request).classes:
        if RequestKind.COMPLAINT in each.kinds:
            parts = {f"{each.name}{BETWEEN}{part.name}": part.text[speaks] for part in each.parts}
            natures |= {key: f"{each.text[speaks]} · {text}" for key, text in parts.items()}
            natures[each.name] = each.text[speaks]
    return natures


def departments(uow: UnitOfWork, complaint: Complaint) -> Mapping[str, str]:
    """The departments of the rule book by which the complaint is judged."""
    named = norm_for(uow, complaint.request).departments
    return {each.name: each.text[uow.actor.language] for each in named}


def handlers(uow: UnitOfWork, _complaint: object = None) -> Mapping[int, str]:
    """Who may investigate, with the department where one is known."""
    names = people.department_options(uow)
    roles = [role for role, granted in GRANTS.items() if "complaint:handle" in granted]
    rows = uow.session.scalars(
        select(Person).where(Person.active, Person.role.in_(roles)).order_by(Person.name)
    )
    return {p.id: " · ".join(filter(None, (p.name, names.get(p.department)))) for p in rows}


def assets(uow: UnitOfWork, complaint: Complaint) -> Mapping[int, str]:
    """The pieces that the customer owns."""
    rows = uow.session.scalars(
        select(Asset)
        .where(Asset.customer_id == complaint.request.customer_id, Asset.joined_into_id.is_(None))
        .options(joinedload(Asset.product))
        .order_by(Asset.id)
    )
    return {a.id: f"{a.product.brand} {a.product.model} {a.serial or ''}".strip() for a in rows}


def assignment(uow: UnitOfWork, complaint: Complaint) -> dict[str, Any]:
    """The department that has it, or the route."""
    return {"department": complaint.department or route_of(uow, complaint)}


def link(uow: UnitOfWork, complaint: Complaint) -> dict[str, Any]:
    """What it is tied to."""
    return {"asset_id": complaint.request.asset_id, "batch": complaint.request.batch}


def cause(uow: UnitOfWork, complaint: Complaint) -> dict[str, Any]:
    """Who answered for it before it was reopened, else its own department."""
    rows = [
        {name: getattr(each, name) for name in ("department", "person_id", "share_percent")}
        for each in complaint.responsibles
    ]
    first = {"department": complaint.department, "person_id": None, "share_percent": 100}
    return {"responsibles": rows or [first], "batch": complaint.request.batch}


def measures(uow: UnitOfWork, complaint: Complaint) -> dict[str, Any]:
    """The plan that was sent back, to be worked over."""
    rows = [
        {name: getattr(each, name) for name in ("kind", "what", "cost_cents")}
        for each in complaint.measures
    ]
    return {"measures": rows}


def channel(uow: UnitOfWork, complaint: Complaint) -> dict[str, Any]:
    """The customer is told the way they came."""
    return {"channel": complaint.request.channel}

"""Rows written straight into the tables, in any status, without going through core."""

import itertools
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db import case_words
from db.codes import (
    Channel,
    Charge,
    ChargeReason,
    ComplaintStatus,
    FollowUpStatus,
    JobResult,
    JobStatus,
    LimitUnit,
    Measure,
    Priority,
    RequestKind,
    RequestStatus,
    VisitOutcome,
)
from db.tables import (
    Asset,
    Complaint,
    Customer,
    FollowUp,
    Job,
    Limit,
    Person,
    Product,
    ServiceRequest,
    Visit,
)
from tests.company_cast import NOW, Company

EARLIER = NOW - timedelta(hours=3)
ENDED_REQUEST = (RequestStatus.RESOLVED, RequestStatus.CLOSED)
_numbers = itertools.count(1)


def add(session: Session, row: Any) -> Any:
    """The row, flushed."""
    session.add(row)
    session.flush()
    return row


def person(session: Session, username: str, **facts: Any) -> Person:
    """Somebody more in the company."""
    defaults = {"name": username, "username": username, "password_hash": "-"}
    return add(session, Person(**defaults | facts))


def customer(session: Session, **facts: Any) -> Customer:
    defaults = {"name": "李雷", "phone": "13900139000", "created_at": EARLIER, "station_id": 1}
    return add(session, Customer(**defaults | facts))


def asset(session: Session, owner: Customer) -> Asset:
    """A piece in a customer's hands; all are of one product."""
    named = {"brand": "海尔", "model": "XQG100"}
    product = session.scalars(select(Product).filter_by(**named)).first()
    product = product or add(session, Product(**named))
    return add(session, Asset(customer_id=owner.id, product_id=product.id))


def request(
    session: Session, company: Company, status: RequestStatus, **facts: Any
) -> ServiceRequest:
    """A request of station North, owned by its agent, under the first norm revision."""
    defaults: dict[str, Any] = {
        "number": f"T{next(_numbers):06d}",
        "kind": RequestKind.REPAIR,
        "status": status,
        "channel": Channel.HOTLINE,
        "priority": Priority.NORMAL,
        "station_id": company.NORTH,
        "owner_id": company["agent"].id,
        "revision_id": 1,
        "symptom": "不制冷",
        "address": "中山路 8 号",
        "charge": Charge.PAID,
        "charge_reason": ChargeReason.NO_WARRANTY_DATA,
        "received_at": EARLIER,
        "registered_at": EARLIER,
        "resolved_at": NOW if status in ENDED_REQUEST else None,
    }
    if "customer_id" not in facts:
        defaults["customer_id"] = customer(session).id
    row: ServiceRequest = add(session, ServiceRequest(**defaults | facts))
    case_words.write(session.connection(), [(row.id, row.symptom)])
    return row


def job(
    session: Session, case: ServiceRequest, technician_id: int, status: JobStatus, **facts: Any
) -> Job:
    """A job of a case, with the visit that its status asks for."""
    is_done = status is JobStatus.DONE
    defaults: dict[str, Any] = {
        "request_id": case.id,
        "technician_id": technician_id,
        "status": status,
        "assigned_at": EARLIER,
        "finished_at": NOW if is_done else None,
        "result": JobResult.FIXED if is_done else None,
    }
    row: Job = add(session, Job(**defaults | facts))
    if status is not JobStatus.ASSIGNED:
        visit(session, row)
    return row


def visit(session: Session, of: Job, **facts: Any) -> Visit:
    """The one visit of a job, as far as its job has come."""
    outcomes = {
        JobStatus.UNFINISHED: VisitOutcome.UNFINISHED,
        JobStatus.DONE: VisitOutcome.DONE,
        JobStatus.CANCELLED: VisitOutcome.CANCELLED,
    }
    outcome = outcomes.get(of.status)
    defaults: dict[str, Any] = {
        "job_id": of.id,
        "sequence": 1,
        "technician_id": of.technician_id,
        "agreed_from": EARLIER,
        "agreed_to": NOW,
        "arrived_at": None if of.status is JobStatus.AGREED else NOW,
        "ended_at": NOW if outcome else None,
        "outcome": outcome,
    }
    return add(session, Visit(**defaults | facts))


def call(session: Session, case: ServiceRequest, status: FollowUpStatus, **facts: Any) -> FollowUp:
    """The follow-up call of a case."""
    defaults: dict[str, Any] = {
        "request_id": case.id,
        "status": status,
        "due_on": NOW.date(),
        "attempts": 0,
        "ended_at": None if status is FollowUpStatus.DUE else NOW,
    }
    return add(session, FollowUp(**defaults | facts))


def complaint(
    session: Session, case: ServiceRequest, status: ComplaintStatus, **facts: Any
) -> Complaint:
    """The complaint of a case as far as its status has come, by nobody in particular."""
    merged = status is ComplaintStatus.MERGED
    case.named = facts.pop("named", [])
    defaults: dict[str, Any] = {
        "request_id": case.id,
        "request": case,
        "status": status,
        "approvers": [],
        "responsibles": [],
        "measures": [],
        "department": "" if status in (ComplaintStatus.RECORDED, ComplaintStatus.JUDGED) else "q",
        "merged_into_id": facts.pop("into", None) if merged else None,
    }
    return add(session, Complaint(**defaults | facts))


def limit(session: Session, case: ServiceRequest, **facts: Any) -> Limit:
    """A running limit of a case."""
    defaults: dict[str, Any] = {
        "request_id": case.id,
        "name": "service_done",
        "clause": "D4",
        "measure": Measure.RESOLUTION,
        "unit": LimitUnit.CLOCK_MINUTES,
        "amount": 60,
        "started_at": EARLIER,
        "due_at": NOW,
        "pauses": [],
    }
    return add(session, Limit(**defaults | facts))

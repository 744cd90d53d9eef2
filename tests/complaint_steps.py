"""A complaint taken through the eight steps, each by somebody who may."""

from datetime import date
from typing import Any

from core.complaints import inputs
from core.improvements import actions as improvements
from core.kernel.inputs import Action, parse
from db.tables import Complaint, ServiceRequest
from tests.company_cast import NOW, Company

PLAN = {"measures": [{"kind": "refund", "what": "退一赔一", "cost_cents": 300_00}]}
CAUSE = {
    "cause": "皮带来料硬度不足",
    "cause_kind": "material",
    "cause_scope": "company",
    "loss_cents": 2_000_00,
}
DUE = date(2026, 4, 1)


def named(company: Company, complaint_id: int) -> list[int]:
    """Everybody whom a complaint names."""
    complaint = company.get(Complaint, complaint_id)
    found: list[int] = company.get(ServiceRequest, complaint.request_id).named
    return found


def shares(company: Company) -> list[dict[str, Any]]:
    return [
        {"department": "freight", "person_id": company["handler"].id, "share_percent": 60},
        {"department": "quality_control", "person_id": None, "share_percent": 40},
    ]


def steps(company: Company) -> dict[str, tuple[str, Action]]:
    """Who takes which step, in order."""
    cause = CAUSE | {"responsibles": shares(company)}
    told = {"channel": "hotline", "answer": "退款三百元并致歉", "reaction": "accepted"}
    return {
        "judged": ("quality", inputs.Judge(nature="product_quality.defect")),
        "assigned": ("manager", inputs.Assign(department="quality_control")),
        "investigated": ("quality", parse(inputs.Investigate, cause)),
        "proposed": ("quality", parse(inputs.Propose, PLAN)),
        "approved": ("manager", inputs.Approve()),
        "notified": ("agent", parse(inputs.Notify, told)),
        "penalties_settled": ("manager", inputs.SettlePenalties(note="首次发生")),
        "improved": ("manager", measure(company)),
        "closed": ("quality", inputs.CloseComplaint(lesson="来料检验加硬度一项")),
    }


def measure(company: Company, owner: str = "support", **facts: Any) -> improvements.PlanImprovement:
    """A measure with an owner and a day."""
    values = {"kind": "preventive", "measure": "来料加测硬度", "due_on": DUE}
    owner_id = company[owner].id
    return parse(improvements.PlanImprovement, values | {"owner_id": owner_id} | facts)


def take(
    company: Company, complaint_id: int, until: str, *, now: Any = NOW, **instead: Any
) -> None:
    """All steps up to and with the one that is remembered as `until`; `instead` replaces some."""
    for fact, (who, command) in (steps(company) | instead).items():
        company.act(who, Complaint, complaint_id, command, now=now)
        if fact == until:
            return
    raise LookupError(until)

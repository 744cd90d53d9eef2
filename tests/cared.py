"""A rule book that plans calls, and customers who fall under it."""

from datetime import date
from typing import Any

from core.care import keys
from core.care.inputs import MarkKey
from core.kernel.inputs import parse
from core.norms import revisions
from core.norms.model import Norm
from core.norms.parts import CarePlan
from db.codes import CareMeans, CareStatus, CareWhom
from db.tables import CareCall
from tests import maintained
from tests.company_cast import NOW, Company
from tests.maintained import TODAY

BUYERS: dict[str, Any] = {
    "name": "buyers",
    "clause": "C9",
    "whom": "buyer",
    "every_months": 6,
    "times": 2,
    "text": {"zh_CN": "购买后访问", "en": "After a purchase"},
}
KEYS: dict[str, Any] = {
    "name": "key_visits",
    "clause": "C9",
    "whom": "key",
    "means": "visit",
    "every_months": 1,
    "text": {"zh_CN": "重点客户走访", "en": "Key customers"},
}


def plan(company: Company, *plans: dict[str, Any], on: date = TODAY) -> Norm:
    """A rule book with these plans, in force from a day."""
    care = tuple(CarePlan.model_validate(each) for each in plans)
    norm = revisions.shipped("appliance").model_copy(update={"care": care})
    company.do("admin", revisions.adopt, norm=norm, on=on, signed_by="admin")
    return norm


def buyer(company: Company, bought: date, **facts: Any) -> int:
    """A customer of station North with a piece of that day."""
    facts = {"name": f"买家{bought}", "station_id": company.NORTH} | facts
    owner = maintained.customer(company, **facts)
    model = maintained.product(company, f"M-{owner}")
    maintained.piece(company, model, owner, purchased_on=bought)
    return owner


def key(company: Company, customer_id: int, *, day: date = TODAY) -> int:
    """Somebody is named a key customer."""
    command = parse(MarkKey, {"customer_id": customer_id, "reason": "年采购额大"})
    return company.do("manager", keys.mark, command, now=maintained.at(day))


def call(status: CareStatus, kind: str, customer_id: int, **facts: Any) -> CareCall:
    return CareCall(
        customer_id=customer_id,
        status=status,
        **{"plan": "buyers"} | facts,
        clause="E19",
        whom=CareWhom.BUYER,
        means=CareMeans.CALL,
        **dict.fromkeys(("counted_from", "due_on", "next_on"), TODAY),
        attempts=2 if kind == "third" else 0,
        ended_at=None if status is CareStatus.DUE else NOW,
        scores={},
    )

"""One row of everything that maintenance stores, and what the database refuses about it."""

from datetime import timedelta
from typing import Any

from db.codes import (
    CountedFrom,
    IntervalUnit,
    MaintenanceStatus,
    NextRound,
    RequestKind,
    RoundStatus,
)
from db.tables import MaintenancePiece, MaintenancePlan, MaintenanceRound
from tests.maintained import TODAY

DAY = timedelta(days=1)


def fill(s: Any) -> None:
    """Rows of each table, with every reference filled, on the stage of the constraint tests."""
    s.plan = s.add(plan(product_id=s.product.id, station_id=1, first_on=TODAY, valid_until=TODAY))
    s.contract = s.add(plan(customer_id=s.case.customer_id, contract="HT-1"))
    s.add(MaintenancePiece(plan_id=s.contract.id, asset_id=s.asset.id))
    s.round = s.add(round_of(s, RoundStatus.DONE, request_id=s.case.id, done_on=TODAY))


def plan(**facts: Any) -> MaintenancePlan:
    usual: dict[str, Any] = {
        "title": "保养",
        "status": MaintenanceStatus.ACTIVE,
        "kind": RequestKind.CLEANING,
        "task": "清洗",
        "interval_length": 1,
        "interval_unit": IntervalUnit.MONTHS,
        "counted_from": CountedFrom.PURCHASE,
        "next_round": NextRound.FIXED,
        "days_ahead": 7,
        "valid_from": TODAY,
        "since": TODAY,
    }
    return MaintenancePlan(**usual | facts)


def round_of(s: Any, status: RoundStatus, **facts: Any) -> MaintenanceRound:
    usual = {"plan_id": s.plan.id, "asset_id": s.asset.id, "station_id": 1, "status": status}
    return MaintenanceRound(**usual | {"due_on": TODAY, "make_on": TODAY} | facts)


SPOILERS: dict[str, Any] = {
    "ck_maintenance_plans_covers_one": lambda s: s.change(s.plan, product_id=None),
    "ck_maintenance_plans_interval_positive": lambda s: s.change(s.plan, interval_length=0),
    "ck_maintenance_plans_ahead_not_negative": lambda s: s.change(s.plan, days_ahead=-1),
    "ck_maintenance_plans_valid_in_order": lambda s: s.change(s.plan, valid_until=TODAY - DAY),
    "ck_maintenance_plans_first_day_known": lambda s: s.change(
        s.plan, counted_from=CountedFrom.FIRST_DAY, first_on=None
    ),
    "uq_maintenance_pieces_plan_id_asset_id": lambda s: s.add(
        MaintenancePiece(plan_id=s.contract.id, asset_id=s.asset.id)
    ),
    "uq_maintenance_rounds_plan_id_asset_id_due_on": lambda s: s.add(
        round_of(s, RoundStatus.PLANNED)
    ),
    "uq_maintenance_rounds_request_id": lambda s: s.add(
        round_of(s, RoundStatus.MADE, request_id=s.case.id, due_on=TODAY + DAY)
    ),
    "ck_maintenance_rounds_made_ahead": lambda s: s.change(s.round, make_on=TODAY + DAY),
    "ck_maintenance_rounds_has_case": lambda s: s.change(s.round, request_id=None),
    "ck_maintenance_rounds_done_when": lambda s: s.change(s.round, done_on=None),
    "ck_maintenance_rounds_skipped_why": lambda s: s.change(
        s.round, status=RoundStatus.SKIPPED, done_on=None
    ),
}

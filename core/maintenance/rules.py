"""The rule tables of maintenance plans and of their rounds."""

from typing import Any

from core.maintenance.inputs import (
    EditContractMaintenance,
    EditMaintenance,
    EndMaintenance,
    PauseMaintenance,
    ResumeMaintenance,
    SkipRound,
)
from core.process.permissions import sees_all_stations
from core.process.rules import Relation, Rule
from db.codes import MaintenanceStatus, RoundStatus

READ, MANAGE = "maintenance:read", "maintenance:manage"
ACTIVE, PAUSED, ENDED = MaintenanceStatus
PLANNED, MADE, DONE, SKIPPED = RoundStatus
LIVE, OPEN = frozenset({ACTIVE, PAUSED}), frozenset({PLANNED, MADE})

# A plan for all stations is kept by those who see them all.
OWN = Relation(
    "other_station",
    lambda actor, plan: sees_all_stations(actor) or plan.station_id == actor.station_id,
)


def _by_product(plan: Any) -> bool:
    return plan.product_id is not None


def _by_contract(plan: Any) -> bool:
    return plan.customer_id is not None


PLAN_RULES = (
    Rule("made", None, frozenset(), ACTIVE, MANAGE, "E16"),
    Rule("edited", EditMaintenance, LIVE, None, MANAGE, "E16", _by_product, (OWN,)),
    Rule("edited", EditContractMaintenance, LIVE, None, MANAGE, "E16", _by_contract, (OWN,)),
    Rule("paused", PauseMaintenance, frozenset({ACTIVE}), PAUSED, MANAGE, "E16", who=(OWN,)),
    Rule("resumed", ResumeMaintenance, frozenset({PAUSED}), ACTIVE, MANAGE, "E16", who=(OWN,)),
    Rule("ended", EndMaintenance, LIVE, ENDED, MANAGE, "E16", who=(OWN,)),
)
ROUND_RULES = (
    Rule("made", None, frozenset({PLANNED}), MADE, MANAGE, "E16"),
    Rule("done", None, frozenset({MADE}), DONE, MANAGE, "E16"),
    Rule("skipped", SkipRound, frozenset({PLANNED}), SKIPPED, MANAGE, "E16"),
    Rule("piece_came_back", None, frozenset({PLANNED}), SKIPPED, MANAGE, "C8"),
    Rule("case_cancelled", None, frozenset({MADE}), SKIPPED, MANAGE, "E16"),
)

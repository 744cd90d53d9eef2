"""The rule table of goods in the shop."""

from typing import Any

from core.process.rules import Rule
from core.workshop import inputs
from db.codes import Charge, ShopPurpose, ShopStatus

READ, HAND = "workshop:read", "workshop:hand"
AGREE, REPAIR = "workshop:agree", "workshop:repair"
RECEIVED, DIAGNOSED, QUOTED, AGREED, DECLINED, REPAIRED, TESTED, READY, GIVEN_BACK, RECYCLED = (
    ShopStatus
)
ENDED = frozenset({GIVEN_BACK, RECYCLED})
IN_SHOP = frozenset(ShopStatus) - ENDED
TO_DECIDE = frozenset({RECEIVED, DIAGNOSED, QUOTED, AGREED})
GIVEN_UP = frozenset({RECEIVED, DECLINED, READY})
# Here somebody works on it: the promised day counts.
AT_WORK = IN_SHOP - {READY}


def _costs(piece: Any) -> bool:
    return piece.request.charge is not Charge.FREE


def _costs_nothing(piece: Any) -> bool:
    return not _costs(piece)


def is_lent(piece: Any) -> bool:
    """Whether the customer still has what was lent."""
    return bool(piece.lent) and piece.lent_back_at is None


def is_to_repair(piece: Any) -> bool:
    """Whether it is here to be repaired; what was given up waits for whoever recycles it."""
    return piece.purpose is ShopPurpose.REPAIR


def _may_be_recycled(piece: Any) -> bool:
    # What was to be repaired is given up only where it is not repaired, or nobody comes for it.
    return not is_to_repair(piece) or piece.status in (DECLINED, READY)


def _lends(piece: Any) -> bool:
    return is_to_repair(piece) and not is_lent(piece)


def _one(status: ShopStatus) -> frozenset[ShopStatus]:
    return frozenset({status})


RULES = (
    Rule("taken_in", None, frozenset(), RECEIVED, HAND, "E10"),
    Rule("diagnosed", inputs.Diagnose, _one(RECEIVED), DIAGNOSED, REPAIR, "E9", is_to_repair),
    Rule("quoted", inputs.Quote, frozenset({DIAGNOSED, QUOTED}), QUOTED, AGREE, "E5", _costs),
    # Who may let a customer off the price does so on the case.
    Rule("free", inputs.RepairFree, _one(DIAGNOSED), AGREED, AGREE, "E5", _costs_nothing),
    Rule("agreed", inputs.AgreeQuote, _one(QUOTED), AGREED, AGREE, "E5"),
    Rule("repaired", inputs.RepairGoods, _one(AGREED), REPAIRED, REPAIR, "E9"),
    Rule("tested", inputs.PassTest, _one(REPAIRED), TESTED, REPAIR, "E9"),
    Rule("test_failed", inputs.FailTest, _one(REPAIRED), AGREED, REPAIR, "E9"),
    Rule("ready", inputs.TellReady, frozenset({TESTED, DECLINED}), READY, AGREE, "E4"),
    Rule("given_back", inputs.GiveBack, _one(READY), GIVEN_BACK, HAND, "E10"),
    Rule("recycled", inputs.Recycle, GIVEN_UP, RECYCLED, HAND, "D29", _may_be_recycled),
    Rule("declined", inputs.DeclineRepair, TO_DECIDE, DECLINED, AGREE, "E10", is_to_repair),
    Rule("promise_moved", inputs.MovePromise, AT_WORK, None, AGREE, "A3", is_to_repair),
    Rule("place_moved", inputs.MovePlace, IN_SHOP, None, HAND, "E10"),
    Rule("repairer_set", inputs.SetRepairer, AT_WORK, None, AGREE, "E6", is_to_repair),
    Rule("lent", inputs.Lend, IN_SHOP, None, HAND, "E10", _lends),
    Rule("loan_back", inputs.TakeLoanBack, frozenset(ShopStatus), None, HAND, "E10", is_lent),
)

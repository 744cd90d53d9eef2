"""The rule table of goods in the shop."""

from typing import Any

from core.process.rules import Rule
from core.workshop import inputs
from db.codes import Charge, ShopStatus

READ, HAND = "workshop:read", "workshop:hand"
AGREE, REPAIR = "workshop:agree", "workshop:repair"
RECEIVED, DIAGNOSED, QUOTED, AGREED, DECLINED, REPAIRED, TESTED, READY, GIVEN_BACK = ShopStatus
IN_SHOP = frozenset(ShopStatus) - {GIVEN_BACK}
TO_DECIDE = frozenset({RECEIVED, DIAGNOSED, QUOTED, AGREED})
# Here somebody works on it: the promised day counts.
AT_WORK = IN_SHOP - {READY}


def _costs(piece: Any) -> bool:
    return piece.request.charge is not Charge.FREE


def _costs_nothing(piece: Any) -> bool:
    return not _costs(piece)


def is_lent(piece: Any) -> bool:
    """Whether the customer still has what was lent."""
    return bool(piece.lent) and piece.lent_back_at is None


def _lends_nothing(piece: Any) -> bool:
    return not is_lent(piece)


def _one(status: ShopStatus) -> frozenset[ShopStatus]:
    return frozenset({status})


RULES = (
    Rule("taken_in", None, frozenset(), RECEIVED, HAND, "E10"),
    Rule("diagnosed", inputs.Diagnose, _one(RECEIVED), DIAGNOSED, REPAIR, "E9"),
    Rule("quoted", inputs.Quote, frozenset({DIAGNOSED, QUOTED}), QUOTED, AGREE, "E5", _costs),
    # Who may let a customer off the price does so on the case.
    Rule("free", inputs.RepairFree, _one(DIAGNOSED), AGREED, AGREE, "E5", _costs_nothing),
    Rule("agreed", inputs.AgreeQuote, _one(QUOTED), AGREED, AGREE, "E5"),
    Rule("repaired", inputs.RepairGoods, _one(AGREED), REPAIRED, REPAIR, "E9"),
    Rule("tested", inputs.PassTest, _one(REPAIRED), TESTED, REPAIR, "E9"),
    Rule("test_failed", inputs.FailTest, _one(REPAIRED), AGREED, REPAIR, "E9"),
    Rule("ready", inputs.TellReady, frozenset({TESTED, DECLINED}), READY, AGREE, "E4"),
    Rule("given_back", inputs.GiveBack, _one(READY), GIVEN_BACK, HAND, "E10"),
    Rule("declined", inputs.DeclineRepair, TO_DECIDE, DECLINED, AGREE, "E10"),
    Rule("promise_moved", inputs.MovePromise, AT_WORK, None, AGREE, "A3"),
    Rule("place_moved", inputs.MovePlace, IN_SHOP, None, HAND, "E10"),
    Rule("repairer_set", inputs.SetRepairer, AT_WORK, None, AGREE, "E6"),
    Rule("lent", inputs.Lend, IN_SHOP, None, HAND, "E10", _lends_nothing),
    Rule("loan_back", inputs.TakeLoanBack, frozenset(ShopStatus), None, HAND, "E10", is_lent),
)

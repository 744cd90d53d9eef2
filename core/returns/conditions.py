"""Which return condition of the rule book fits a line, which fails and why, who pays (C8).

Pure functions over facts; every line of a return is judged on its own.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from core.norms.model import Norm
from core.norms.parts import ReturnCondition
from core.returns import Fit, GoodsState, Hurdle, Payer, ReturnReason, Wish

# These end with an answer, a paper or the inspection; the others end the matter.
PASSING = frozenset(
    {Hurdle.NO_PURCHASE_DATE, Hurdle.NO_RECEIPT_DATE, Hurdle.NO_MILEAGE, Hurdle.DISTANCE_UNKNOWN}
    | {Hurdle.NEEDS_INSPECTION, Hurdle.NEEDS_NAMING}
)
FIT_STATES = {
    "any": frozenset(GoodsState),
    "unused": frozenset({GoodsState.UNUSED}),
    "fit_for_resale": frozenset({GoodsState.UNUSED, GoodsState.FIT_FOR_RESALE}),
}


@dataclass(frozen=True)
class Facts:
    """What is known of a line. `asked_on` is the company's local day of the application.

    It stays that day when the line is judged anew after the inspection: a customer who asked in
    time does not lose the right while the company inspects.
    """

    reason: ReturnReason
    wish: Wish
    asked_on: date
    goods: GoodsState
    purchased_on: date | None = None
    received_on: date | None = None
    at_a_distance: bool | None = None
    mileage_km: int | None = None
    # Repairs in the legal warranty for the same trouble.
    repairs: int = 0
    # What the inspection found; None before it.
    defect: bool | None = None
    goods_found: GoodsState | None = None
    # Conditions of which a person has found that their case is given, by name.
    named: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Why:
    """A hurdle, with the figures that its words need: days or kilometres, repairs, a date."""

    code: Hurdle
    most: int | None = None
    least: int | None = None
    last_day: date | None = None


@dataclass(frozen=True)
class Verdict:
    """What became of one condition; `last_day` is the last on which it could be asked for."""

    condition: ReturnCondition
    fit: Fit
    whys: tuple[Why, ...]
    last_day: date | None

    @property
    def freight(self) -> Payer:
        """Who pays the freight under this condition."""
        return Payer(self.condition.freight)


@dataclass(frozen=True)
class Judgement:
    """Every condition in the order of the rule book, and the one that counts.

    `best` holds now. `pending` is open and would be better for the customer than `best`.
    """

    verdicts: tuple[Verdict, ...]
    best: Verdict | None
    pending: Verdict | None

    @property
    def is_hopeless(self) -> bool:
        """Whether nothing holds and nothing can still come to hold."""
        return self.best is None and self.pending is None

    @property
    def leading(self) -> Verdict | None:
        """What the customer is told: the condition that holds, else the one awaited."""
        return self.best or self.pending

    @property
    def freight(self) -> Payer | None:
        """Who pays the freight, as far as is known; None where nothing can hold."""
        return self.leading.freight if self.leading else None


def judge(norm: Norm, facts: Facts) -> Judgement:
    """Hold the facts of one line against every return condition of the rule book (C8)."""
    verdicts = tuple(_verdict(condition, facts) for condition in norm.return_conditions)
    best = min((v for v in verdicts if v.fit is Fit.FITS), key=_rank, default=None)
    still = [v for v in verdicts if v.fit is Fit.OPEN and (not best or _rank(v) < _rank(best))]
    # What the inspection settles by itself is likelier than what somebody has yet to claim.
    pending = min(still, key=lambda v: (_needs_naming(v), *_rank(v)), default=None)
    return Judgement(verdicts, best, pending)


def other_wishes(norm: Norm, facts: Facts) -> tuple[Wish, ...]:
    """What else could be asked for: too late for a return, say, but not for an exchange."""
    return tuple(
        wish
        for wish in Wish
        if wish is not facts.wish and not judge(norm, replace(facts, wish=wish)).is_hopeless
    )


def last_day(condition: ReturnCondition, facts: Facts) -> date | None:
    """The last local day to ask, both days told: day N after purchase or receipt.

    None where the condition sets no days or the day is unknown. Plain calendar days: a last day
    on a public holiday does not move. Whoever extends it for a customer records a goodwill case.
    """
    start = facts.received_on if condition.counts_from == "receipt" else facts.purchased_on
    if condition.days is None or start is None:
        return None
    return start + timedelta(days=condition.days)


def asks_naming(condition: ReturnCondition) -> bool:
    """Whether a person must find that the case of a condition is given."""
    # Revisions signed before these marks existed hold law conditions without any: they would
    # otherwise fit whoever asks.
    marked = condition.fault or condition.at_a_distance or condition.least_repairs
    return condition.named or (condition.reason == "law" and not marked)


def _rank(verdict: Verdict) -> tuple[bool, bool]:
    # Best is what costs the customer least, so freight comes first: somebody who bought online
    # and has a confirmed defect must not be charged because the seven days without a reason are
    # law and the company's own rule is not. Freight being equal, law goes first: it is a right,
    # while a company rule may still be refused. What is equal stays in the rule book's order.
    condition = verdict.condition
    return condition.freight != "company", condition.reason != "law"


def _needs_naming(verdict: Verdict) -> bool:
    return any(why.code is Hurdle.NEEDS_NAMING for why in verdict.whys)


def _verdict(condition: ReturnCondition, facts: Facts) -> Verdict:
    whys = tuple(
        why
        for hurdles in (_wish, _reason, _time, _distance, _goods, _inspection)
        for why in hurdles(condition, facts)
    )
    final = tuple(why for why in whys if why.code not in PASSING)
    fit = Fit.FAILS if final else Fit.OPEN if whys else Fit.FITS
    # Beside "too late" it helps nobody to read that an inspection is to come.
    return Verdict(condition, fit, final or whys, last_day(condition, facts))


def _wish(condition: ReturnCondition, facts: Facts) -> Iterator[Why]:
    if facts.wish not in condition.wish:
        yield Why(Hurdle.WISH_NOT_COVERED)


def _reason(condition: ReturnCondition, facts: Facts) -> Iterator[Why]:
    if not _is_claimed(condition, facts):
        yield Why(Hurdle.WRONG_REASON)
    elif _asks_fault(condition) and facts.defect is False:
        yield Why(Hurdle.NO_DEFECT)
    elif asks_naming(condition) and condition.name not in facts.named:
        yield Why(Hurdle.NEEDS_NAMING)
    if facts.repairs < condition.least_repairs:
        yield Why(Hurdle.TOO_FEW_REPAIRS, least=condition.least_repairs)


def _is_claimed(condition: ReturnCondition, facts: Facts) -> bool:
    if condition.reason == "own":
        return facts.reason is ReturnReason.OWN
    if condition.name in facts.named:
        return True
    if _asks_fault(condition):
        # A fault that only the inspection brought to light helps the customer as well.
        return facts.reason is not ReturnReason.OWN or facts.defect is True
    # The general "any other case of the law" is for those who refer to one; the seven days of a
    # purchase at a distance need no reason at all.
    return not asks_naming(condition) or facts.reason is ReturnReason.LAW


def _asks_fault(condition: ReturnCondition) -> bool:
    return condition.fault or condition.reason == "quality"


def _time(condition: ReturnCondition, facts: Facts) -> Iterator[Why]:
    if condition.days is not None:
        yield from _days(condition, facts, condition.days)
    if condition.most_km is not None:
        if facts.mileage_km is None:
            yield Why(Hurdle.NO_MILEAGE)
        elif facts.mileage_km > condition.most_km:
            yield Why(Hurdle.TOO_FAR, most=condition.most_km)


def _days(condition: ReturnCondition, facts: Facts, days: int) -> Iterator[Why]:
    last = last_day(condition, facts)
    if last is not None:
        if facts.asked_on > last:
            yield Why(Hurdle.TOO_LATE, most=days, last_day=last)
    elif condition.counts_from == "purchase":
        yield Why(Hurdle.NO_PURCHASE_DATE)
    elif not facts.purchased_on or facts.asked_on > facts.purchased_on + timedelta(days=days):
        # Nothing is received before it is bought: within the days of the purchase, no receipt
        # has to be looked for.
        yield Why(Hurdle.NO_RECEIPT_DATE)


def _distance(condition: ReturnCondition, facts: Facts) -> Iterator[Why]:
    if condition.at_a_distance and facts.at_a_distance is None:
        yield Why(Hurdle.DISTANCE_UNKNOWN)
    elif condition.at_a_distance and not facts.at_a_distance:
        yield Why(Hurdle.NOT_AT_A_DISTANCE)


def _goods(condition: ReturnCondition, facts: Facts) -> Iterator[Why]:
    # What was found counts for more than what was said.
    if (facts.goods_found or facts.goods) not in FIT_STATES[condition.goods]:
        yield Why(Hurdle.GOODS_NOT_FIT)


def _inspection(condition: ReturnCondition, facts: Facts) -> Iterator[Why]:
    if not condition.inspection:
        return
    awaited = (
        (_asks_fault(condition) and facts.defect is None)
        or (condition.goods != "any" and facts.goods_found is None)
        or (facts.defect is None and facts.goods_found is None)
    )
    if awaited:
        yield Why(Hurdle.NEEDS_INSPECTION)

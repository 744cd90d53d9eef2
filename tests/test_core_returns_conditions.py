"""Return conditions against the facts of a line: what fits, what fails and why, who pays (C8)."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.norms import revisions
from core.norms.model import Norm
from core.returns import Fit, GoodsState, Hurdle, Payer, ReturnReason, Wish
from core.returns.conditions import (
    PASSING,
    Facts,
    Judgement,
    Verdict,
    Why,
    judge,
    last_day,
    other_wishes,
)

PACKS = revisions.pack_names()
BOUGHT = date(2026, 3, 2)
QUALITY, OWN, LAW = ReturnReason
RETURN, EXCHANGE, REPAIR = Wish
UNUSED, RESALE, USED, DAMAGED = GoodsState


def facts(day: int = 3, **more: Any) -> Facts:
    """A fault reported so many days after a purchase at the counter."""
    known = Facts(
        reason=QUALITY,
        wish=RETURN,
        asked_on=BOUGHT + timedelta(days=day),
        goods=USED,
        purchased_on=BOUGHT,
        at_a_distance=False,
    )
    return replace(known, **more)


def online(day: int = 3, **more: Any) -> Facts:
    """Own choice, bought online and signed for two days after the purchase."""
    own = {"reason": OWN, "goods": UNUSED, "at_a_distance": True}
    return facts(2 + day, **own | {"received_on": BOUGHT + timedelta(days=2)} | more)


def judged(known: Facts, pack: str = "appliance") -> Judgement:
    return judge(revisions.shipped(pack), known)


def of(name: str, known: Facts, pack: str = "appliance") -> Verdict:
    return next(v for v in judged(known, pack).verdicts if v.condition.name == name)


def codes(verdict: Verdict) -> list[Hurdle]:
    return [why.code for why in verdict.whys]


def name(verdict: Verdict | None) -> str | None:
    return verdict and verdict.condition.name


# Days


@pytest.mark.parametrize(
    ("rule", "known", "days"),
    [
        ("fault_7_days", facts(), 7),
        ("fault_15_days", facts(wish=EXCHANGE), 15),
        ("one_year_repair", facts(wish=REPAIR), 365),
        ("repaired_twice", facts(wish=EXCHANGE, repairs=2), 365),
        ("online_7_days", online(), 9),
    ],
)
def test_the_last_day_counts_and_the_next_is_too_late(rule: str, known: Facts, days: int) -> None:
    known = replace(known, defect=True)
    last = BOUGHT + timedelta(days=days)
    on_it = of(rule, replace(known, asked_on=last))
    after = of(rule, replace(known, asked_on=last + timedelta(days=1)))
    assert (on_it.fit, on_it.whys, on_it.last_day) == (Fit.FITS, (), last)
    most = on_it.condition.days
    assert after.whys == (Why(Hurdle.TOO_LATE, most=most, last_day=last),)
    assert (after.fit, after.last_day) == (Fit.FAILS, last)


def test_a_last_day_in_the_national_holiday_does_not_move() -> None:
    bought = date(2026, 9, 24)
    known = facts(purchased_on=bought, asked_on=date(2026, 10, 8), defect=True)
    assert of("fault_7_days", known).last_day == date(2026, 10, 1)
    assert of("fault_7_days", known).fit is Fit.FAILS


def test_without_the_invoice_a_dated_condition_waits_for_it() -> None:
    verdict = of("fault_7_days", facts(purchased_on=None, defect=True))
    assert (verdict.fit, codes(verdict)) == (Fit.OPEN, [Hurdle.NO_PURCHASE_DATE])
    assert verdict.last_day is None
    assert of("quality_defect", facts(purchased_on=None, defect=True)).fit is Fit.FITS


def test_the_day_of_receipt_is_asked_for_only_where_it_decides() -> None:
    near = online(received_on=None, asked_on=BOUGHT + timedelta(days=7))
    far = online(received_on=None, asked_on=BOUGHT + timedelta(days=8))
    assert of("online_7_days", near).fit is Fit.FITS
    assert codes(of("online_7_days", far)) == [Hurdle.NO_RECEIPT_DATE]
    nothing = replace(near, purchased_on=None)
    assert codes(of("online_7_days", nothing)) == [Hurdle.NO_RECEIPT_DATE]


def test_who_asked_in_time_stays_in_time_while_the_company_inspects() -> None:
    before, after = facts(7), facts(7, defect=True)
    assert of("fault_7_days", before).fit is Fit.OPEN
    assert name(judged(after).best) == "fault_7_days"


# What each condition asks


def test_a_fault_is_awaited_then_confirmed_or_not() -> None:
    for rule in ("quality_defect", "fault_7_days"):
        assert codes(of(rule, facts())) == [Hurdle.NEEDS_INSPECTION]
        assert of(rule, facts()).fit is Fit.OPEN
        assert of(rule, facts(defect=True)).fit is Fit.FITS
        assert codes(of(rule, facts(defect=False))) == [Hurdle.NO_DEFECT]


def test_a_fault_found_by_the_inspection_helps_whoever_gave_another_reason() -> None:
    assert codes(of("fault_7_days", facts(reason=OWN))) == [Hurdle.WRONG_REASON]
    assert of("fault_7_days", facts(reason=OWN, defect=True)).fit is Fit.FITS


def test_own_choice_needs_goods_fit_for_resale() -> None:
    def own(**more: Any) -> Verdict:
        return of("own_reason", facts(reason=OWN, **more))

    assert codes(own(goods=USED)) == [Hurdle.GOODS_NOT_FIT]
    assert codes(own(goods=RESALE)) == [Hurdle.NEEDS_INSPECTION]
    assert own(goods=RESALE, goods_found=RESALE).fit is Fit.FITS
    assert codes(own(goods=UNUSED, goods_found=DAMAGED)) == [Hurdle.GOODS_NOT_FIT]
    # Tested for a fault, but nobody has written down the state of the goods.
    assert codes(own(goods=UNUSED, defect=False)) == [Hurdle.NEEDS_INSPECTION]
    assert codes(of("own_reason", facts(goods=UNUSED))) == [Hurdle.WRONG_REASON]


def test_a_purchase_at_a_distance_needs_no_reason_and_no_inspection() -> None:
    for reason in ReturnReason:
        assert of("online_7_days", online(reason=reason)).fit is Fit.FITS
    assert codes(of("online_7_days", online(at_a_distance=False))) == [Hurdle.NOT_AT_A_DISTANCE]
    assert codes(of("online_7_days", online(at_a_distance=None))) == [Hurdle.DISTANCE_UNKNOWN]
    assert codes(of("online_7_days", online(wish=EXCHANGE))) == [Hurdle.WISH_NOT_COVERED]


def test_two_repairs_in_vain_give_an_exchange() -> None:
    def repaired(times: int) -> Judgement:
        return judged(facts(200, wish=EXCHANGE, repairs=times, defect=True))

    one = next(v for v in repaired(1).verdicts if v.condition.name == "repaired_twice")
    assert one.whys == (Why(Hurdle.TOO_FEW_REPAIRS, least=2),)
    assert name(repaired(1).best) == "quality_defect"
    assert name(repaired(2).best) == "repaired_twice"


def test_a_car_is_judged_by_its_meter_as_well() -> None:
    def car(**more: Any) -> Verdict:
        return of("car_warranty_repair", facts(900, wish=REPAIR, defect=True, **more), "dealer")

    assert codes(car()) == [Hurdle.NO_MILEAGE]
    assert car(mileage_km=60_000).fit is Fit.FITS
    assert car(mileage_km=60_001).whys == (Why(Hurdle.TOO_FAR, most=60_000),)


def test_a_grave_case_holds_only_where_a_person_names_it() -> None:
    known = facts(30, mileage_km=2_000, defect=True)
    assert codes(of("car_60_days", known, "dealer")) == [Hurdle.NEEDS_NAMING]
    before = judged(known, "dealer")
    assert (name(before.best), name(before.pending)) == ("quality_defect", "car_60_days")
    after = judged(replace(known, named=frozenset({"car_60_days"})), "dealer")
    assert (name(after.best), after.pending) == ("car_60_days", None)


def test_any_other_case_of_the_law_fits_nobody_by_itself() -> None:
    assert codes(of("other_legal", facts())) == [Hurdle.WRONG_REASON]
    claimed = facts(reason=LAW, defect=True)
    assert codes(of("other_legal", claimed)) == [Hurdle.NEEDS_NAMING]
    assert of("other_legal", replace(claimed, named=frozenset({"other_legal"}))).fit is Fit.FITS


def test_beside_what_is_final_nothing_passing_is_told() -> None:
    assert codes(of("fault_7_days", facts(8))) == [Hurdle.TOO_LATE]
    own = of("own_reason", facts(wish=REPAIR, goods=DAMAGED))
    assert codes(own) == [Hurdle.WISH_NOT_COVERED, Hurdle.WRONG_REASON, Hurdle.GOODS_NOT_FIT]


# What counts


def test_freight_comes_before_law_and_law_before_the_company_rule() -> None:
    # The seven days without a reason hold as well, but would cost the customer the freight.
    norm = revisions.shipped("appliance")
    known = online(2, reason=QUALITY, defect=True, goods_found=UNUSED)
    without_fault_law = norm.model_copy(
        update={
            "return_conditions": tuple(
                each for each in norm.return_conditions if each.name != "fault_7_days"
            )
        }
    )
    assert name(judge(norm, known).best) == "fault_7_days"
    assert name(judge(without_fault_law, known).best) == "quality_defect"
    own = judged(online(goods_found=UNUSED))
    assert {v.condition.name for v in own.verdicts if v.fit is Fit.FITS} == {
        "own_reason",
        "online_7_days",
    }
    assert (name(own.best), own.freight) == ("online_7_days", Payer.CUSTOMER)


def test_the_customer_is_told_beforehand_who_pays() -> None:
    fault = judged(facts())
    assert (fault.best, name(fault.pending), fault.freight) == (
        None,
        "fault_7_days",
        Payer.COMPANY,
    )
    own = judged(facts(reason=OWN, goods=UNUSED))
    assert (name(own.leading), own.freight) == ("own_reason", Payer.CUSTOMER)
    # "Any other case" stands before it in the rule book, but somebody would have to name one.
    assert name(judged(facts(reason=LAW)).pending) == "fault_7_days"
    late = judged(facts(30))
    assert (name(late.leading), late.freight) == ("quality_defect", Payer.COMPANY)
    # Online with a fault: the seven days hold at once, a confirmed fault would be better.
    both = judged(online(reason=QUALITY))
    assert (name(both.best), name(both.pending)) == ("online_7_days", "fault_7_days")


def test_nothing_holds_and_what_else_may_be_asked_for() -> None:
    worn = facts(reason=OWN, goods=USED)
    assert judged(worn).is_hopeless
    assert judged(worn).freight is None
    assert other_wishes(revisions.shipped("appliance"), worn) == ()
    norm = revisions.shipped("engineering")
    law_only = norm.model_copy(update={"return_conditions": norm.return_conditions[3:]})
    assert judge(law_only, facts()).is_hopeless
    assert other_wishes(law_only, facts()) == (EXCHANGE, REPAIR)


def test_a_rule_book_without_conditions_takes_nothing_back() -> None:
    norm = revisions.shipped("appliance").model_copy(update={"return_conditions": ()})
    assert judge(norm, facts()) == Judgement((), None, None)


# The packs, and revisions that were signed before the marks existed


def test_marks_of_the_packs() -> None:
    marks = {
        each.name: (each.fault, each.named, each.at_a_distance, each.least_repairs, each.most_km)
        for pack in PACKS
        for each in revisions.shipped(pack).return_conditions
        if each.reason == "law"
    }
    assert marks == {
        "other_legal": (False, True, False, 0, None),
        "online_7_days": (False, False, True, 0, None),
        "fault_7_days": (True, False, False, 0, None),
        "fault_15_days": (True, False, False, 0, None),
        "repaired_twice": (True, False, False, 2, None),
        "one_year_repair": (True, False, False, 0, None),
        "car_7_days": (True, True, False, 0, None),
        "car_60_days": (True, True, False, 0, 3_000),
        "car_repeated_fault": (True, True, False, 0, 50_000),
        "car_warranty_repair": (True, False, False, 0, 60_000),
        "below_contract": (True, False, False, 0, None),
        "work_below_contract": (True, False, False, 0, None),
        "noticed_in_two_years": (True, True, False, 0, None),
    }
    receipt = {
        each.name
        for pack in PACKS
        for each in revisions.shipped(pack).return_conditions
        if each.counts_from == "receipt"
    }
    assert receipt == {"online_7_days", "noticed_in_two_years"}


MARKS = {"fault", "named", "at_a_distance", "least_repairs", "most_km", "counts_from"}


@pytest.mark.parametrize("pack", PACKS)
def test_an_older_revision_loads_and_gives_no_right_by_accident(pack: str) -> None:
    data = revisions.shipped(pack).dump()
    data["return_conditions"] = [
        {key: value for key, value in each.items() if key not in MARKS}
        for each in data["return_conditions"]
    ]
    older = Norm.model_validate(data)
    law = [v for v in judge(older, facts(reason=LAW)).verdicts if v.condition.reason == "law"]
    assert law
    assert Fit.FITS not in {verdict.fit for verdict in law}
    assert name(judge(older, facts(defect=True)).best) == "quality_defect"


# Whatever is asked

DAYS = st.dates(date(2023, 1, 1), date(2026, 12, 31))
ANY_FACTS = st.builds(
    Facts,
    reason=st.sampled_from(ReturnReason),
    wish=st.sampled_from(Wish),
    asked_on=DAYS,
    goods=st.sampled_from(GoodsState),
    purchased_on=st.none() | DAYS,
    received_on=st.none() | DAYS,
    at_a_distance=st.none() | st.booleans(),
    mileage_km=st.none() | st.integers(0, 100_000),
    repairs=st.integers(0, 4),
    defect=st.none() | st.booleans(),
    goods_found=st.none() | st.sampled_from(GoodsState),
    named=st.frozensets(st.sampled_from(["other_legal", "car_60_days", "noticed_in_two_years"])),
)


@given(st.sampled_from(PACKS), ANY_FACTS)
def test_every_condition_gets_a_verdict_with_its_reasons(pack: str, known: Facts) -> None:
    norm = revisions.shipped(pack)
    judgement = judge(norm, known)
    assert tuple(v.condition for v in judgement.verdicts) == norm.return_conditions
    for verdict in judgement.verdicts:
        passing = {why.code in PASSING for why in verdict.whys}
        assert passing == {Fit.FITS: set(), Fit.OPEN: {True}, Fit.FAILS: {False}}[verdict.fit]
        assert verdict.last_day == last_day(verdict.condition, known)
    assert judgement.best is None or judgement.best.fit is Fit.FITS
    assert judgement.pending is None or judgement.pending.fit is Fit.OPEN
    assert judgement.is_hopeless == all(v.fit is Fit.FAILS for v in judgement.verdicts)


@given(st.sampled_from(PACKS), ANY_FACTS)
def test_nothing_that_holds_is_cheaper_than_the_best(pack: str, known: Facts) -> None:
    judgement = judged(known, pack)
    holding = [v for v in judgement.verdicts if v.fit is Fit.FITS]
    if Payer.COMPANY in {v.freight for v in holding}:
        assert judgement.freight is Payer.COMPANY
    assert bool(holding) == (judgement.best is not None)


@given(st.sampled_from(PACKS), ANY_FACTS, st.integers(1, 400))
def test_asking_earlier_never_costs_a_right(pack: str, known: Facts, days: int) -> None:
    earlier = replace(known, asked_on=known.asked_on - timedelta(days=days))
    order = [Fit.FITS, Fit.OPEN, Fit.FAILS]
    for now, then in zip(judged(known, pack).verdicts, judged(earlier, pack).verdicts, strict=True):
        assert order.index(then.fit) <= order.index(now.fit)


def test_every_hurdle_is_met_by_some_facts() -> None:
    met = set()
    for pack, reason, wish, goods, far, defect, day in product(
        ("appliance", "dealer"),
        ReturnReason,
        Wish,
        (UNUSED, USED),
        (None, True, False),
        (None, True, False),
        (3, 5_000),
    ):
        for bought, km in ((BOUGHT, 70_000), (None, None)):
            known = facts(day, reason=reason, wish=wish, goods=goods, at_a_distance=far)
            known = replace(known, defect=defect, purchased_on=bought, mileage_km=km)
            met |= {code for v in judged(known, pack).verdicts for code in codes(v)}
    assert met == set(Hurdle)

"""The money of a return: refund, deductions, freight and loss always add up, to the cent."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.customers.pieces import returnable
from core.kernel.errors import InvalidInput
from core.kernel.shares import split
from core.returns import DeductionKind, Payer
from core.returns.money import (
    Amounts,
    Deduction,
    Freight,
    Line,
    Settlement,
    settle,
)

COMPANY, CUSTOMER = Payer
USED, DAMAGED, ACCESSORY, PACKAGING = DeductionKind


def line(key: int = 1, **more: Any) -> Line:
    """Two pieces at 100.00 that all came back, sold as new again."""
    facts = {"quantity": 2, "unit_cents": 100_00, "received": 2, "taken_back": 2}
    facts |= {"payer": COMPANY, "salvage_cents": 0} | more
    unit = facts.pop("unit_cents")
    return Line(line=key, **{"price_cents": facts["quantity"] * unit} | facts)


def used(percent: int = 0, *, key: int = 1, cents: int = 0) -> Deduction:
    return Deduction(key, USED, "scratches", cents=cents, percent=percent)


def refused(*lines: Line, **more: Any) -> set[tuple[str, str]]:
    with pytest.raises(InvalidInput) as caught:
        settle(lines, **more)
    return {(problem.field, problem.code) for problem in caught.value.problems}


# Told by hand


def test_a_confirmed_defect_is_refunded_in_full_with_the_freight_that_was_advanced() -> None:
    done = settle([line()], freights=[Freight(12_00, CUSTOMER)])
    assert (done.refund_cents, done.owed_cents, done.kept_cents) == (212_00, 0, 0)
    assert done.total.loss_cents == 212_00  # scrapped, and the freight


def test_own_choice_pays_freight_and_packaging() -> None:
    done = settle(
        [line(payer=CUSTOMER, salvage_cents=200_00)],
        deductions=[Deduction(1, PACKAGING, "box torn", cents=5_00)],
        freights=[Freight(12_00, COMPANY)],
    )
    assert (done.refund_cents, done.kept_cents) == (183_00, 17_00)
    assert done.total.loss_cents == -5_00


def test_freight_that_the_customer_paid_and_bears_is_not_charged_again() -> None:
    done = settle([line(payer=CUSTOMER)], freights=[Freight(12_00, CUSTOMER)])
    assert (done.refund_cents, done.total.freight_own_cents) == (200_00, 12_00)


def test_freight_beyond_the_refund_is_still_owed() -> None:
    cheap = line(quantity=1, unit_cents=8_00, received=1, taken_back=1, payer=CUSTOMER)
    done = settle([cheap], freights=[Freight(12_00, COMPANY)])
    assert (done.refund_cents, done.owed_cents, done.kept_cents) == (0, 4_00, 8_00)


def test_goods_that_quality_control_did_not_accept_leave_only_the_freight() -> None:
    done = settle([line(taken_back=0, payer=CUSTOMER)], freights=[Freight(12_00, COMPANY)])
    assert (done.refund_cents, done.owed_cents) == (0, 12_00)
    assert done.total.with_customer_cents == 200_00


def test_partly_received_exchange() -> None:
    done = settle([line(received=1, taken_back=1, replaced=1, salvage_cents=30_00)])
    assert (done.refund_cents, done.total.replaced_cents) == (0, 100_00)
    assert done.total.with_customer_cents == 100_00
    assert done.total.loss_cents == 70_00


def test_each_line_bears_its_own_share_of_one_parcel() -> None:
    lines = [line(1, unit_cents=300_00), line(2, payer=CUSTOMER), line(3, payer=CUSTOMER)]
    done = settle(lines, freights=[Freight(10_00, COMPANY, frozenset({1, 2}))])
    assert done.lines[1].freight_company_cents == 7_50
    assert done.lines[2].freight_charged_cents == 2_50
    assert done.lines[3].freight_charged_cents == 0


def test_goods_without_a_price_share_freight_by_pieces() -> None:
    gifts = [line(1, unit_cents=0), line(2, unit_cents=0, quantity=1, received=1, taken_back=1)]
    done = settle(gifts, freights=[Freight(9_00, COMPANY)])
    assert [done.lines[key].freight_company_cents for key in (1, 2)] == [6_00, 3_00]


def test_a_refund_without_goods() -> None:
    assert refused(line(received=0)) == {("taken_back", "more_than_received")}
    done = settle([line(received=0, without_goods=True)])
    assert (done.refund_cents, done.total.loss_cents) == (200_00, 200_00)


def test_percents_of_a_line_are_split_at_once() -> None:
    one = line(quantity=1, unit_cents=9_99, received=1, taken_back=1)
    both = [used(50), Deduction(1, ACCESSORY, "remote control", percent=50)]
    assert sorted(cut.cents for cut in settle([one], deductions=both).cuts) == [4_99, 5_00]
    assert settle([one], deductions=both).refund_cents == 0
    # The odd half cent goes to the customer.
    assert settle([one], deductions=[used(50)]).total.deducted_cents == 4_99
    assert settle([one], deductions=[used(15)]).total.deducted_cents == 1_50


# Refused


def test_what_takes_more_than_there_is_is_named_all_at_once() -> None:
    assert refused(line(taken_back=3, received=3, replaced=4)) == {
        ("taken_back", "more_than_applied"),
        ("replaced", "more_than_taken_back"),
    }
    assert refused(line(salvage_cents=200_01)) == {("salvage_cents", "more_than_paid")}
    # Goods that stayed away are worth nothing to the stock.
    away = line(received=0, without_goods=True, salvage_cents=1)
    assert refused(away) == {("salvage_cents", "more_than_paid")}
    assert refused(line(), deductions=[used(cents=200_01)]) == {("deductions", "more_than_paid")}
    assert refused(line(), deductions=[used(60), used(41)]) == {("deductions", "more_than_paid")}
    assert refused(line(unit_cents=0), deductions=[used(60), used(41)]) == {
        ("deductions", "more_than_paid")
    }
    assert refused(line(), line()) == {("lines", "line_twice")}
    assert refused() == {("lines", "missing")}
    assert refused(
        line(), deductions=[used(5, key=9)], freights=[Freight(1, COMPANY, frozenset({9}))]
    ) == {("deductions", "not_an_option"), ("freights", "not_an_option")}


@pytest.mark.parametrize(
    ("make", "facts"),
    [
        (line, {"quantity": 0}),
        (line, {"unit_cents": -1}),
        (line, {"salvage_cents": -1}),
        (used, {"percent": 101}),
        (used, {"percent": 0}),
        (used, {"percent": 5, "cents": 5}),
        (used, {"cents": -5}),
        (Freight, {"cents": -1, "paid_by": COMPANY}),
        (split, {"cents": 5, "weights": {1: 0}}),
        (split, {"cents": -5, "weights": {1: 1}}),
    ],
)
def test_less_than_nothing_is_a_bug(make: Any, facts: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        make(**facts)


# Whatever comes back

CENTS = st.integers(0, 5_000_00)


class Given(NamedTuple):
    """Any return that may be settled."""

    lines: tuple[Line, ...]
    deductions: tuple[Deduction, ...]
    freights: tuple[Freight, ...]

    def settled(self) -> Settlement:
        return settle(self.lines, deductions=self.deductions, freights=self.freights)

    @property
    def advanced(self) -> dict[Payer, int]:
        return {p: sum(f.cents for f in self.freights if f.paid_by is p) for p in Payer}


@st.composite
def any_line(draw: st.DrawFn, key: int) -> Line:
    quantity, price = draw(st.integers(1, 20)), draw(CENTS)
    without = draw(st.booleans())
    received = draw(st.integers(0, quantity + 2))
    taken = draw(st.integers(0, quantity if without else min(quantity, received)))
    return Line(
        line=key,
        quantity=quantity,
        price_cents=price,
        received=received,
        taken_back=taken,
        payer=draw(st.sampled_from(Payer)),
        replaced=draw(st.integers(0, taken)),
        other_cents=draw(st.none() | CENTS),
        salvage_cents=draw(st.integers(0, price * min(taken, received) // quantity)),
        without_goods=without,
    )


@st.composite
def deductions_of(draw: st.DrawFn, one: Line) -> list[Deduction]:
    """Percents up to the whole, then cents up to what is left."""
    free, found = 100, []
    for kind in draw(st.lists(st.sampled_from(DeductionKind), max_size=3)):
        percent = draw(st.integers(0, free))
        free -= percent
        if percent:
            found.append(Deduction(one.line, kind, "seen", percent=percent))
    cents = draw(st.integers(0, one.taken_cents * free // 100))
    return [*found, Deduction(one.line, USED, "worn", cents=cents)] if cents else found


@st.composite
def any_return(draw: st.DrawFn) -> Given:
    keys = draw(st.lists(st.integers(1, 99), min_size=1, max_size=5, unique=True))
    lines = tuple(draw(any_line(key)) for key in keys)
    deductions = tuple(each for one in lines for each in draw(deductions_of(one)))
    inside = st.frozensets(st.sampled_from(keys))
    freight = st.builds(Freight, CENTS, st.sampled_from(Payer), inside)
    return Given(lines, deductions, tuple(draw(st.lists(freight, max_size=3))))


@given(any_return())
def test_no_path_refunds_more_than_was_paid(given: Given) -> None:
    done = given.settled()
    paid = sum(each.price_cents for each in given.lines)
    cheaper = max(0, -done.total.difference_cents)
    assert 0 <= done.refund_cents <= paid + given.advanced[CUSTOMER]
    assert done.refund_cents - done.total.freight_repaid_cents <= (
        done.total.refundable_cents + cheaper
    )
    # Not a cent for pieces that neither came nor may stay away.
    due = sum(
        each.worth(min(each.taken_back, each.quantity if each.without_goods else each.received))
        for each in given.lines
    )
    assert done.total.refundable_cents + done.total.replaced_cents <= due
    assert min(done.owed_cents, done.refund_cents) == 0


@given(any_return())
def test_what_was_paid_is_always_accounted_for(given: Given) -> None:
    done, total = given.settled(), given.settled().total
    assert total.paid_cents == sum(each.price_cents for each in given.lines)
    assert total.paid_cents + given.advanced[CUSTOMER] == (
        done.refund_cents
        + done.kept_cents
        + total.replaced_cents
        + total.with_customer_cents
        + total.freight_own_cents
    )
    assert done.kept_cents >= min(0, total.difference_cents)
    assert sum(given.advanced.values()) == (
        total.freight_charged_cents
        + total.freight_own_cents
        + total.freight_company_cents
        + total.freight_repaid_cents
    )


@given(any_return())
def test_stock_refund_and_loss_reconcile(given: Given) -> None:
    done, total = given.settled(), given.settled().total
    assert total.loss_cents == (
        done.refund_cents
        - done.owed_cents
        + total.difference_cents
        + total.replaced_cents
        + given.advanced[COMPANY]
        - total.salvage_cents
    )
    assert total.value_lost_cents >= 0


@given(any_return())
def test_lines_and_deductions_make_the_total(given: Given) -> None:
    done = given.settled()
    assert sum(done.lines.values(), Amounts()) == done.total
    assert set(done.lines) == {each.line for each in given.lines}
    assert sum(each.loss_cents for each in done.lines.values()) == done.total.loss_cents
    assert sum(cut.cents for cut in done.cuts) == done.total.deducted_cents
    for each in given.lines:
        assert 0 <= done.lines[each.line].deducted_cents <= each.taken_cents


@given(any_return(), st.randoms(use_true_random=False))
def test_the_order_of_entry_decides_nothing(given: Given, random: Any) -> None:
    def shuffled(rows: Sequence[Any]) -> list[Any]:
        return random.sample(rows, len(rows))

    again = settle(
        shuffled(given.lines),
        deductions=shuffled(given.deductions),
        freights=shuffled(given.freights),
    )
    assert again == given.settled()


@given(any_return())
def test_taking_back_less_never_refunds_more(given: Given) -> None:
    same = [replace(each, other_cents=None) for each in given.lines]
    none = [replace(each, taken_back=0, replaced=0, salvage_cents=0) for each in same]
    done = settle(none, freights=given.freights)
    assert done.refund_cents <= settle(same, freights=given.freights).refund_cents
    assert done.refund_cents <= given.advanced[CUSTOMER]


@given(any_return())
def test_a_free_return_costs_the_customer_nothing(given: Given) -> None:
    free = [replace(each, payer=COMPANY, other_cents=None) for each in given.lines]
    done = settle(free, freights=given.freights)
    assert done.refund_cents == done.total.refundable_cents + given.advanced[CUSTOMER]
    assert (done.owed_cents, done.kept_cents) == (0, 0)


WEIGHTS = st.dictionaries(st.integers(1, 50), st.integers(0, 10**9), min_size=1).filter(
    lambda weights: any(weights.values())
)


@given(st.integers(0, 10**12), WEIGHTS)
def test_a_split_never_loses_a_cent(cents: int, weights: dict[int, int]) -> None:
    shares = split(cents, weights)
    whole = sum(weights.values())
    assert sum(shares.values()) == cents
    for key, share in shares.items():
        # Nobody is further than a cent from the exact share.
        assert abs(share * whole - cents * weights[key]) < whole
        assert share == 0 or weights[key] > 0
    assert split(cents, dict(reversed(weights.items()))) == shares


# Pieces


@given(st.integers(0, 100), st.integers(0, 100), st.integers(0, 100), st.integers(1, 200))
def test_never_more_pieces_come_back_than_were_bought(
    bought: int, returned: int, under_way: int, asked: int
) -> None:
    left = returnable(bought=bought, returned=returned, under_way=under_way)
    assert 0 <= left <= bought
    assert (asked <= left) == (asked == 0 or asked <= bought - returned - under_way)

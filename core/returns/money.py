"""What a return comes to: pieces that may come back, deductions, freight, refund, loss.

Integer cents throughout; no function here rounds a cent away or makes one.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Self

from core.kernel.errors import InvalidInput, Problem
from core.kernel.shares import split
from core.returns import DeductionKind, Payer


@dataclass(frozen=True)
class Line:
    """One line of a return; `line` is its id.

    `quantity` is what was applied for and `price_cents` what was paid for all of it, `received`
    what came, `taken_back` what was accepted of it and `replaced` what of that was exchanged; the
    rest of it is refunded. `payer` bears the freight by the condition that holds; `salvage_cents`
    is what the pieces taken back are still worth (scrap: nothing).
    """

    line: int
    quantity: int
    price_cents: int
    received: int
    taken_back: int
    payer: Payer
    replaced: int = 0
    # The price of a piece of another model that is given in exchange.
    other_cents: int | None = None
    salvage_cents: int = 0
    # The rule "refund without goods" applies: nothing has to come.
    without_goods: bool = False

    def __post_init__(self) -> None:
        least = (self.price_cents, self.received, self.taken_back, self.replaced)
        if self.quantity < 1 or min(*least, self.salvage_cents, self.other_cents or 0) < 0:
            raise ValueError("a line of less than nothing")

    @property
    def taken_cents(self) -> int:
        """The price of the pieces taken back."""
        return self.worth(self.taken_back)

    def worth(self, pieces: int) -> int:
        """What was paid for so many pieces; an odd cent belongs to the last one."""
        return self.price_cents * pieces // self.quantity


@dataclass(frozen=True)
class Deduction:
    """A part of a line's price that is not paid back: cents, or a percent of what came back."""

    line: int
    kind: DeductionKind
    reason: str
    cents: int = 0
    percent: int = 0

    def __post_init__(self) -> None:
        is_one = bool(self.cents) != bool(self.percent)
        if not is_one or self.cents < 0 or not 0 <= self.percent <= 100:
            raise ValueError("a deduction is either cents or a percent")


@dataclass(frozen=True)
class Cut:
    """A deduction with the cents that it comes to."""

    deduction: Deduction
    cents: int


@dataclass(frozen=True)
class Freight:
    """What a parcel cost, who has paid the carrier, and the lines in it (empty: all)."""

    cents: int
    paid_by: Payer
    lines: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        if self.cents < 0:
            raise ValueError("freight of less than nothing")


@dataclass(frozen=True)
class Amounts:
    """Where the money of a line, or of a whole return, is; all in cents.

    Paid = refundable + replaced + with the customer.
    """

    paid_cents: int = 0
    refundable_cents: int = 0
    replaced_cents: int = 0
    # What another model costs more than the pieces that it replaces; less than nothing: less.
    difference_cents: int = 0
    # Not taken back: still to come, or staying with the customer.
    with_customer_cents: int = 0
    deducted_cents: int = 0
    # Borne by the customer: paid by the company first, or by the customer at once.
    freight_charged_cents: int = 0
    freight_own_cents: int = 0
    # Borne by the company: paid at once, or by the customer first.
    freight_company_cents: int = 0
    freight_repaid_cents: int = 0
    salvage_cents: int = 0

    def __add__(self, other: Self) -> Self:
        sums = {f.name: getattr(self, f.name) + getattr(other, f.name) for f in fields(self)}
        return type(self)(**sums)

    @property
    def balance_cents(self) -> int:
        """What the customer gets, less than nothing where the customer owes."""
        credit = self.refundable_cents + self.freight_repaid_cents - self.difference_cents
        return credit - self.deducted_cents - self.freight_charged_cents

    @property
    def value_lost_cents(self) -> int:
        """What the pieces taken back have lost against their price."""
        return self.refundable_cents + self.replaced_cents - self.salvage_cents

    @property
    def loss_cents(self) -> int:
        """What the company books to the cost of returns; negative where it kept more (C8)."""
        freight = self.freight_company_cents + self.freight_repaid_cents
        return self.value_lost_cents + freight - self.deducted_cents


# Where a share of freight goes: by who bears it and who has paid the carrier.
BORNE = {
    (Payer.COMPANY, Payer.COMPANY): "freight_company_cents",
    (Payer.COMPANY, Payer.CUSTOMER): "freight_repaid_cents",
    (Payer.CUSTOMER, Payer.COMPANY): "freight_charged_cents",
    (Payer.CUSTOMER, Payer.CUSTOMER): "freight_own_cents",
}


@dataclass(frozen=True)
class Settlement:
    """The money of a return, line by line and in total.

    Paid + freight paid by the customer = refund + kept + replaced + with the customer + own
    freight. Loss = refund - owed + difference + replaced + freight paid by the company - salvage.
    """

    lines: Mapping[int, Amounts]
    cuts: tuple[Cut, ...]
    total: Amounts

    @property
    def refund_cents(self) -> int:
        """What is paid out to the customer, freight that was advanced included."""
        return max(0, self.total.balance_cents)

    @property
    def owed_cents(self) -> int:
        """What the customer still owes, where deductions and freight exceed the refund."""
        return max(0, -self.total.balance_cents)

    @property
    def kept_cents(self) -> int:
        """Deductions, freight and difference that the company has kept back from the refund."""
        charged = self.total.deducted_cents + self.total.freight_charged_cents
        return charged + self.total.difference_cents - self.owed_cents


def settle(
    lines: Sequence[Line],
    *,
    deductions: Sequence[Deduction] = (),
    freights: Sequence[Freight] = (),
) -> Settlement:
    """What a return comes to; InvalidInput names every line that takes more than there is."""
    problems = [*_problems(lines, deductions), *_strays(lines, deductions, freights)]
    if problems:
        raise InvalidInput(*problems)
    in_order = sorted(lines, key=lambda each: each.line)
    cuts = tuple(cut for each in in_order for cut in _cuts(each, deductions))
    amounts = {each.line: _amounts(each) for each in lines}
    for cut in cuts:
        amounts[cut.deduction.line] += Amounts(deducted_cents=cut.cents)
    for freight in freights:
        for line, share in _freight(freight, lines).items():
            amounts[line] += share
    return Settlement(amounts, cuts, sum(amounts.values(), Amounts()))


def _percent(percents: Mapping[int, int], cents: int) -> dict[int, int]:
    # Key 0 is what is left to the customer, who gets the odd cent of a tie. All percents of a
    # line are split at once: 50 and 50 of 999 cents, each rounded up, would be 1000.
    shares = split(cents, {0: 100 - sum(percents.values()), **percents})
    return {key: share for key, share in shares.items() if key}


def _of(line: Line, deductions: Sequence[Deduction]) -> list[Deduction]:
    # In an order of their own: the odd cent must not depend on which was typed first.
    mine = (each for each in deductions if each.line == line.line)
    return sorted(mine, key=lambda each: (each.kind, each.reason, each.percent, each.cents))


def _cuts(line: Line, deductions: Sequence[Deduction]) -> Iterator[Cut]:
    mine = dict(enumerate(_of(line, deductions), 1))
    percents = {key: each.percent for key, each in mine.items() if each.percent}
    shares = _percent(percents, line.taken_cents)
    for key, each in mine.items():
        yield Cut(each, shares.get(key, each.cents))


def _amounts(line: Line) -> Amounts:
    refundable = line.worth(line.taken_back - line.replaced)
    replaced = line.taken_cents - refundable
    other = replaced if line.other_cents is None else line.replaced * line.other_cents
    return Amounts(
        paid_cents=line.price_cents,
        refundable_cents=refundable,
        replaced_cents=replaced,
        difference_cents=other - replaced,
        with_customer_cents=line.price_cents - line.taken_cents,
        salvage_cents=line.salvage_cents,
    )


def _freight(freight: Freight, lines: Sequence[Line]) -> dict[int, Amounts]:
    """A parcel's freight by the price of what was applied for, so that it can be told before."""
    inside = [each for each in lines if not freight.lines or each.line in freight.lines]
    weights = {each.line: each.price_cents for each in inside}
    pieces = {each.line: each.quantity for each in inside}
    shares = split(freight.cents, weights if any(weights.values()) else pieces)
    goes_to = {each.line: BORNE[each.payer, freight.paid_by] for each in inside}
    return {line: Amounts(**{goes_to[line]: share}) for line, share in shares.items()}


def _problems(lines: Sequence[Line], deductions: Sequence[Deduction]) -> Iterator[Problem]:
    for each in lines:
        here = {"line": each.line}
        if each.taken_back > each.quantity:
            yield Problem("taken_back", "more_than_applied", here | {"most": each.quantity})
        if each.taken_back > each.received and not each.without_goods:
            yield Problem("taken_back", "more_than_received", here | {"most": each.received})
        if each.replaced > each.taken_back:
            yield Problem("replaced", "more_than_taken_back", here | {"most": each.taken_back})
        worth = each.worth(min(each.taken_back, each.received))
        if each.salvage_cents > worth:
            yield Problem("salvage_cents", "more_than_paid", here | {"most": worth})
        if _exceeds(each, _of(each, deductions)):
            yield Problem("deductions", "more_than_paid", here | {"most": each.taken_cents})


def _exceeds(line: Line, deductions: Sequence[Deduction]) -> bool:
    percent = sum(each.percent for each in deductions)
    cents = sum(each.cents for each in deductions)
    return percent > 100 or percent * line.taken_cents + 100 * cents > 100 * line.taken_cents


def _strays(
    lines: Sequence[Line], deductions: Sequence[Deduction], freights: Sequence[Freight]
) -> Iterator[Problem]:
    known = {each.line for each in lines}
    if not known or len(known) < len(lines):
        yield Problem("lines", "line_twice" if known else "missing")
    if any(each.line not in known for each in deductions):
        yield Problem("deductions", "not_an_option")
    if any(each.lines - known for each in freights):
        yield Problem("freights", "not_an_option")

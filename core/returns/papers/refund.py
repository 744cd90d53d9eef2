"""What the refund note says: price, deductions and freight, and who settled and confirmed (C8)."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.kernel.errors import NotFound
from core.kernel.unit_of_work import UnitOfWork
from core.papers.placeholders import CaseFacts, made
from core.papers.speech import Speech
from core.requests import papers as case_papers
from core.returns.money import Amounts, Settlement
from core.returns.papers import application
from core.returns.papers.application import ReturnFile
from core.returns.papers.sending import comes
from core.returns.view import LineView, ParcelView, ReturnView


@dataclass(frozen=True)
class RefundLine:
    """The money of one line: amount - deducted + carriage = balance.

    `carriage` is the freight repaid less the freight charged; each also stands by itself.
    """

    number: str
    product: str
    specification: str
    serial: str
    batch: str
    received: str
    accepted: str
    replaced: str
    refunded: str
    price: str
    amount: str
    deducted: str
    freight_charged: str
    freight_repaid: str
    carriage: str
    balance: str


@dataclass(frozen=True)
class DeductionLine:
    """What is kept of a line's price, and why."""

    number: str
    product: str
    kind: str
    reason: str
    percent: str
    amount: str


@dataclass(frozen=True)
class FreightPaid:
    """What a parcel cost, and who has paid the carrier."""

    direction: str
    carrier: str
    tracking: str
    paid_by: str
    freight: str


@dataclass(frozen=True)
class RefundFacts(CaseFacts):
    """The refund note of a return; amounts with two decimals."""

    status: str
    amount: str
    deducted: str
    freight_charged: str
    freight_repaid: str
    refund: str
    owed: str
    owed_paid: str
    method: str
    reference: str
    without_goods: str
    approved_by: str
    settled_by: str
    settled: str
    confirmed_by: str
    confirmed: str

    lines: tuple[RefundLine, ...]
    deductions: tuple[DeductionLine, ...]
    parcels: tuple[FreightPaid, ...]


def note(uow: UnitOfWork, speech: Speech, *, case_id: int) -> RefundFacts:
    """What is paid back; NotFound before somebody has settled it."""
    file = application.read(uow, case_id)
    settlement = file.view.settlement
    if settlement is None or not is_settled(file.view):
        raise NotFound(subject="settlement", id=case_id)
    numbered = [pair for pair in enumerate(file.view.lines, 1) if comes(pair[1])]
    texts = {
        **case_papers.of_case(uow, file.request, speech),
        **_amounts(settlement.total, speech),
        **_payment(file, speech),
    }
    return made(
        RefundFacts,
        texts,
        lines=_lines(numbered, settlement, speech),
        deductions=_deductions(numbered, speech),
        parcels=tuple(_freight(each, speech) for each in _reckoned(file.view)),
    )


def is_settled(found: ReturnView) -> bool:
    """Whether the money of a return is reckoned, and was not sent back to be reckoned anew."""
    return found.settlement is not None and found.people["settled_by"] != ""


def _payment(file: ReturnFile, speech: Speech) -> dict[str, str]:
    found, settled = file.view, file.last("settled")
    return {
        "status": speech.code(found.status),
        # As they are stored: what finance confirmed is what was paid.
        "refund": speech.money(found.refund_cents),
        "owed": speech.money(found.owed_cents) if found.owed_cents else "",
        "owed_paid": speech.moment(found.paid_at),
        "method": speech.code(found.refund_method),
        "reference": found.refund_ref,
        "without_goods": speech.yes_no(found.without_goods),
        **{name: found.people[name] for name in ("approved_by", "settled_by", "confirmed_by")},
        "settled": speech.moment(settled.at if settled else None),
        "confirmed": speech.moment(found.refunded_at),
    }


def _amounts(amounts: Amounts, speech: Speech) -> dict[str, str]:
    return {
        # Less what another model in exchange costs more.
        "amount": speech.money(amounts.refundable_cents - amounts.difference_cents),
        "deducted": speech.money(amounts.deducted_cents),
        "freight_charged": speech.money(amounts.freight_charged_cents),
        "freight_repaid": speech.money(amounts.freight_repaid_cents),
    }


def _lines(
    numbered: Sequence[tuple[int, LineView]], settlement: Settlement, speech: Speech
) -> tuple[RefundLine, ...]:
    return tuple(
        _line(number, line, settlement.lines[line.id], speech) for number, line in numbered
    )


def _line(number: int, line: LineView, money: Amounts, speech: Speech) -> RefundLine:
    texts = {
        **application.names(line),
        **_amounts(money, speech),
        "number": str(number),
        **{name: str(getattr(line, name)) for name in ("received", "accepted", "replaced")},
        "refunded": str(line.accepted - line.replaced),
        "price": speech.money(line.unit_cents),
        "carriage": speech.money(money.freight_repaid_cents - money.freight_charged_cents),
        "balance": speech.money(money.balance_cents),
    }
    return made(RefundLine, texts)


def _deductions(
    numbered: Sequence[tuple[int, LineView]], speech: Speech
) -> tuple[DeductionLine, ...]:
    return tuple(
        made(
            DeductionLine,
            {
                "number": str(number),
                "product": line.product,
                "kind": speech.code(each.kind),
                "reason": each.reason,
                "percent": str(each.percent) if each.percent else "",
                "amount": speech.money(each.amount_cents),
            },
        )
        for number, line in numbered
        for each in line.deductions
    )


def _reckoned(found: ReturnView) -> list[ParcelView]:
    # What was sent after the refund is the company's cost and no part of it.
    paid = found.refunded_at
    return [
        each
        for each in found.parcels
        if each.freight_cents and not (paid and each.sent_at and each.sent_at > paid)
    ]


def _freight(each: ParcelView, speech: Speech) -> FreightPaid:
    texts = {
        "direction": speech.code(each.direction),
        "carrier": each.carrier,
        "tracking": each.tracking,
        "paid_by": speech.code(each.paid_by),
        "freight": speech.money(each.freight_cents),
    }
    return made(FreightPaid, texts)

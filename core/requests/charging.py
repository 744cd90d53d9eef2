"""Free or paid, and why: what the file bears (E5), and the exception within authority (E24)."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import selectinload

from core.contracts import cover
from core.customers import warranty
from core.kernel.errors import InvalidInput, Problem
from core.kernel.shares import said
from core.kernel.unit_of_work import UnitOfWork
from core.norms import authority
from core.norms.model import Norm
from core.norms.revisions import norm_for
from core.points import ledger
from core.process.rules import Done
from core.requests import reworks
from core.requests.inputs import SetCharge, WaiveCharge
from core.requests.kinds import REVIEWED
from core.stock import uses
from db.codes import Charge, ChargeReason, PriceKind, QuoteStatus, RequestKind
from db.tables import Asset, Contract, Quote, ServiceRequest

# The rule that a waiver departs from.
RULE = "E5"
# What may be waived, and why: as goodwill, or for a reason that the file does not bear yet.
WAIVERS = (ChargeReason.GOODWILL, ChargeReason.IN_WARRANTY, ChargeReason.REWORK)
FREE = frozenset({*WAIVERS, ChargeReason.NO_CHARGE_KIND, ChargeReason.BY_CONTRACT})


def decide_charge(
    norm: Norm,
    kind: RequestKind,
    warranty_until: date | None,
    today: date,
    *,
    is_rework: bool = False,
    contract: Contract | None = None,
) -> tuple[Charge, ChargeReason]:
    """Free or paid, and why (E5): free as rework (A20), in warranty, for kinds that never cost.

    What a contract gives counts where it is better for the customer.
    """
    if kind in norm.free_kinds:
        return Charge.FREE, ChargeReason.NO_CHARGE_KIND
    if is_rework:
        return Charge.FREE, ChargeReason.REWORK
    until = cover.later(warranty_until, cover.warranty_of(contract))
    if until is not None and today <= until:
        return Charge.FREE, ChargeReason.IN_WARRANTY
    if cover.is_all_free(contract):
        return Charge.FREE, ChargeReason.BY_CONTRACT
    if until is None:
        return Charge.PAID, ChargeReason.NO_WARRANTY_DATA
    return Charge.PAID, ChargeReason.OUT_OF_WARRANTY


def by_file(uow: UnitOfWork, request: ServiceRequest) -> tuple[Charge, ChargeReason]:
    """Free or paid by what is on file, as of the day of the contact."""
    norm = norm_for(uow, request)
    is_rework = reworks.of_case(uow, norm, request) is not None
    until, day = warranty.free_until(_asset(uow, request)), day_of(uow, request)
    contract = contract_of(uow, request)
    return decide_charge(norm, request.kind, until, day, is_rework=is_rework, contract=contract)


def contract_of(uow: UnitOfWork, request: ServiceRequest) -> Contract | None:
    """The contract that covers a case; None also where the work goes beyond it."""
    if request.contract_id is None or request.beyond_contract:
        return None
    return uow.session.get_one(Contract, request.contract_id)


def free_parts(uow: UnitOfWork, request: ServiceRequest) -> frozenset[PriceKind]:
    """What of a charged case costs nothing by its contract."""
    return cover.frees(contract_of(uow, request))


def judge_anew(uow: UnitOfWork, request: ServiceRequest) -> dict[str, Any]:
    """Free or paid by what is on file now; gives what history keeps of a change (E5, A20).

    What a person has decided stands.
    """
    if request.charge_by_person:
        return {}
    charge, reason = by_file(uow, request)
    if (request.charge, request.charge_reason) == (charge, reason):
        return {}
    return decide(request, charge, reason, by_person=False)


def decide(
    request: ServiceRequest, charge: Charge, reason: ChargeReason, *, by_person: bool = True
) -> dict[str, Any]:
    """Free or paid from now on; gives what history keeps of it.

    What a person has decided stands, whatever is found on file later.
    """
    data = {
        "charge": [request.charge.value, charge.value],
        "before": request.charge_reason.value,
        "reason": reason.value,
    }
    request.charge, request.charge_reason = charge, reason
    request.charge_by_person = by_person
    return data


def is_charged(request: ServiceRequest) -> bool:
    """Whether the customer pays: then the price is agreed before the work is done."""
    return request.charge is Charge.PAID and request.kind not in REVIEWED


def asked_for(uow: UnitOfWork, request: ServiceRequest) -> tuple[int, int]:
    """What the agreed quote of a charged case asks for: work and ways, and parts, in cents."""
    quote = _quote(uow, request)
    if quote is None or not agreed_cents(request, quote):
        return 0, 0
    parts = sum(line.cents for line in quote.lines if line.kind is PriceKind.PART)
    # A discount is taken off the parts only where it is more than the work.
    parts = min(parts, quote.cents)
    return quote.cents - parts, parts


def agreed_cents(request: ServiceRequest, quote: Quote | None) -> int:
    """What the customer owes for all of a case by what was agreed, in cents."""
    is_agreed = quote is not None and quote.status is QuoteStatus.AGREED
    return quote.cents if quote and is_agreed and is_charged(request) else 0


def owed(uow: UnitOfWork, request: ServiceRequest) -> int:
    """What is still to be paid for a case, in cents; less than nothing where too much was."""
    quote = _quote(uow, request)
    return agreed_cents(request, quote) - (quote.paid_cents if quote else 0)


def owed_of(uow: UnitOfWork, ids: Collection[int]) -> Mapping[int, int]:
    """What is still to be paid for each of some cases that owe anything, in cents."""
    open_cents = select(Quote.request_id, Quote.cents - Quote.paid_cents).join(Quote.request)
    rows = uow.session.execute(open_cents.where(owing(), Quote.request_id.in_(ids)))
    return dict(rows.all())


def owing() -> ColumnElement[bool]:
    """Whether the agreed price of a case is not paid; of a quote with its request."""
    is_open = (Quote.status == QuoteStatus.AGREED) & (Quote.paid_cents < Quote.cents)
    charged = (ServiceRequest.charge == Charge.PAID) & ServiceRequest.kind.not_in(REVIEWED)
    return is_open & charged


def listed_price(uow: UnitOfWork, request: ServiceRequest) -> int:
    """What was quoted for a case before any discount, in cents; 0 where nothing was."""
    quote = _quote(uow, request)
    return quote.cents + quote.discount_cents if quote else 0


def _quote(uow: UnitOfWork, request: ServiceRequest) -> Quote | None:
    of_case = select(Quote).where(Quote.request_id == request.id)
    return uow.session.scalar(of_case.options(selectinload(Quote.lines)))


def reasons() -> dict[ChargeReason, str]:
    """Why a case is free or paid by the rule."""
    return {reason: "" for reason in ChargeReason if reason is not ChargeReason.GOODWILL}


def waivers() -> dict[ChargeReason, str]:
    """Why a case is made free beyond the rule."""
    return dict.fromkeys(WAIVERS, "")


def set_charge(uow: UnitOfWork, request: ServiceRequest, command: SetCharge) -> Done:
    """Free or paid by the rule: the reason fits, and the file bears it."""
    is_free = command.charge is Charge.FREE
    if is_free != (command.charge_reason in FREE):
        raise InvalidInput(Problem("charge_reason", "contradicts_charge"))
    if not _bears(uow, request, command.charge_reason):
        if is_free:
            raise InvalidInput(Problem("charge_reason", "not_on_file"))
        if not command.note:
            raise InvalidInput(Problem("note", "why_against_file"))
    return Done(note=command.note, data=decide(request, command.charge, command.charge_reason))


def waive(uow: UnitOfWork, request: ServiceRequest, command: WaiveCharge) -> Done:
    """Free beyond the rule: the value given up is within the authority of the role (E24)."""
    cents = command.given_up_cents
    require_authority(uow, request, "given_up_cents", cents)
    if cents < (quoted := listed_price(uow, request)):
        details = {"least": said(quoted)}
        raise InvalidInput(Problem("given_up_cents", "less_than_quoted", details))
    data = decide(request, Charge.FREE, command.charge_reason)
    return Done(note=command.note, data=data | {"cents": cents, "departs_from": RULE})


def require_authority(uow: UnitOfWork, request: ServiceRequest, field: str, cents: int) -> None:
    """InvalidInput where the role may not give up so much for a customer (E24)."""
    norm = norm_for(uow, request)
    most = authority.limit_of(norm, "goodwill", uow.actor.role)
    if most is not None and cents <= _by_level(uow, norm, request):
        return
    if most is not None and cents > most:
        raise InvalidInput(Problem(field, "over_authority", {"most": said(most)}))


def _by_level(uow: UnitOfWork, norm: Norm, request: ServiceRequest) -> int:
    """What a member's level takes off the price by itself: nobody's goodwill is needed (D28)."""
    percent = ledger.discount_of(uow, norm, request.customer_id)
    return int(listed_price(uow, request) * percent / 100)


def _bears(uow: UnitOfWork, request: ServiceRequest, reason: ChargeReason) -> bool:
    """Whether the facts on file are those of the reason, as of the day of the contact."""
    asset, day = _asset(uow, request), day_of(uow, request)
    contract = contract_of(uow, request)
    until = cover.later(warranty.free_until(asset), cover.warranty_of(contract))
    match reason:
        case ChargeReason.IN_WARRANTY:
            in_time = until is not None and day <= until
            # A part that was built in may be warranted longer than the piece.
            return in_time or (asset is not None and uses.is_warranted(uow, asset.id, day))
        case ChargeReason.OUT_OF_WARRANTY:
            return until is not None and day > until
        case ChargeReason.NO_WARRANTY_DATA:
            return until is None
        case ChargeReason.BY_CONTRACT:
            return cover.is_all_free(contract)
        case ChargeReason.NO_CHARGE_KIND:
            return request.kind in norm_for(uow, request).free_kinds
        case ChargeReason.REWORK:
            return reworks.any_work(uow, norm_for(uow, request), reworks.piece_of(request))
    return True  # only somebody on site can say whose fault it is


def day_of(uow: UnitOfWork, request: ServiceRequest) -> date:
    """The local day of the contact, as of which a case is judged."""
    return request.received_at.astimezone(uow.actor.zone_info).date()


def _asset(uow: UnitOfWork, request: ServiceRequest) -> Asset | None:
    return uow.session.get(Asset, request.asset_id) if request.asset_id else None

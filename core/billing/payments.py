"""Money that customers pay, from the hand that takes it to finance (E13)."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from sqlalchemy import Select, func, select
from sqlalchemy.orm import contains_eager

from core.billing.inputs import GiveMoneyBack, TakeMoney, UndoPayment
from core.billing.sight import COUNT, TAKE
from core.kernel.errors import InvalidInput, Problem
from core.kernel.numbers import next_value
from core.kernel.period import midnight
from core.kernel.shares import said
from core.kernel.unit_of_work import Actor, UnitOfWork
from core.process import workflow
from core.process.permissions import may, require, visible_requests
from core.process.rules import Done, Process, Relation, Rule
from core.requests import actions as requests
from core.requests import charging
from db.codes import PayMeans, PaymentStatus
from db.tables import Payment, Person, Quote, ServiceRequest

HELD, HANDED_IN, COUNTED, UNDONE = PaymentStatus
WITH_WHO_TOOK_IT = frozenset({HELD})
OWN = Relation("own_payment", lambda actor, row: row.taken_by_id == actor.id)
RULES = (
    Rule("taken", None, frozenset(), HELD, TAKE, "E13"),
    Rule("undone", UndoPayment, WITH_WHO_TOOK_IT, UNDONE, TAKE, "E13", who=(OWN,)),
    Rule("handed_in", None, WITH_WHO_TOOK_IT, HANDED_IN, TAKE, "E13"),
    # What has come to the company's own account is there: nobody hands it in.
    Rule("booked", None, WITH_WHO_TOOK_IT, COUNTED, COUNT, "E13"),
    Rule("counted", None, frozenset({HANDED_IN}), COUNTED, COUNT, "E13"),
    Rule("sent_back", None, frozenset({HANDED_IN}), HELD, COUNT, "E13"),
)


def select_visible(actor: Actor) -> Select[Payment]:
    """The payments of the cases that the actor may see, and what the actor took."""
    return (
        select(Payment)
        .join(Payment.request)
        .where(visible_requests(actor) | (Payment.taken_by_id == actor.id))
        .options(contains_eager(Payment.request))
    )


def held(uow: UnitOfWork, person_id: int | None) -> Mapping[PayMeans, int]:
    """What a person has taken and not handed in, in cents."""
    rows = uow.session.execute(
        select(Payment.means, func.sum(Payment.cents))
        .where(Payment.taken_by_id == person_id, Payment.status == HELD)
        .group_by(Payment.means)
    )
    found = {means: int(cents) for means, cents in rows}
    return {means: found.get(means, 0) for means in PayMeans}


def take(uow: UnitOfWork, command: TakeMoney) -> int:
    """Write down that a customer has paid, at most what is owed; gives the payment's id."""
    request = _locked(uow, command.case_id)
    open_cents = charging.owed(uow, request)
    if command.paid_cents > open_cents:
        code = "more_than_owed" if open_cents > 0 else "nothing_owed"
        details = {"most": said(open_cents)}
        raise InvalidInput(Problem("paid_cents", code, details))
    return _enter(uow, request, command.means, command.paid_cents, reference=command.reference)


def give_back(uow: UnitOfWork, command: GiveMoneyBack) -> int:
    """Give back what was paid beyond what is owed, out of what the actor holds."""
    request = _locked(uow, command.case_id)
    over = -charging.owed(uow, request)
    cents = command.paid_cents
    if cents > over:
        details = {"most": said(max(over, 0))}
        raise InvalidInput(Problem("paid_cents", "more_than_overpaid", details))
    if not _is_of_company(uow, command.means):
        _require_held(uow, uow.actor.id, command.means, cents)
    return _enter(uow, request, command.means, -cents, note=command.note)


def bounds(uow: UnitOfWork, day: date) -> tuple[datetime, datetime]:
    """When a local day of the company begins, and the next one."""
    zone = uow.actor.zone_info
    return midnight(day, zone), midnight(day + timedelta(1), zone)


def lock_person(uow: UnitOfWork, person_id: int | None) -> None:
    """What a person holds changes for one at a time."""
    if person_id is not None:
        uow.session.get_one(Person, person_id, with_for_update=True)


def _locked(uow: UnitOfWork, case_id: int) -> ServiceRequest:
    require(uow, TAKE)
    request: ServiceRequest = workflow.fetch(uow, requests.PROCESS, case_id, lock=True)
    lock_person(uow, uow.actor.id)
    return request


def _is_of_company(uow: UnitOfWork, means: PayMeans) -> bool:
    return means is not PayMeans.CASH and may(uow.actor, COUNT)


def _require_held(uow: UnitOfWork, person_id: int | None, means: PayMeans, cents: int) -> None:
    here = held(uow, person_id)[means]
    if cents > here:
        details = {"most": said(max(here, 0))}
        raise InvalidInput(Problem("form", "not_in_hand", details))


def _enter(
    uow: UnitOfWork, request: ServiceRequest, means: PayMeans, cents: int, **facts: str
) -> int:
    day = f"RC{uow.today:%y%m%d}"
    row = Payment(
        number=f"{day}-{next_value(uow.session, day):04d}",
        request=request,
        means=means,
        cents=cents,
        taken_by_id=uow.actor.id,
        taken_at=uow.now,
        **facts,
    )
    data = {"number": row.number, "means": means.value, "cents": cents}
    workflow.begin(uow, PROCESS, row, Done(facts.get("note", ""), data))
    _quote(uow, row).paid_cents += cents
    if _is_of_company(uow, means):
        workflow.advance(uow, PROCESS, row, "booked", Done(data=data))
    return row.id


def _quote(uow: UnitOfWork, row: Payment) -> Quote:
    """The quote that is paid; its case is locked, so that the sum changes for one at a time."""
    return uow.session.scalars(select(Quote).where(Quote.request_id == row.request_id)).one()


def _undo(uow: UnitOfWork, row: Payment, command: UndoPayment) -> Done:
    uow.session.get_one(ServiceRequest, row.request_id, with_for_update=True)
    lock_person(uow, row.taken_by_id)
    quote = _quote(uow, row)
    if row.cents > 0:
        _require_held(uow, row.taken_by_id, row.means, row.cents)
        if row.cents > quote.paid_cents:
            raise InvalidInput(Problem("form", "given_back_before"))
    quote.paid_cents -= row.cents
    return Done(command.note, {"number": row.number, "cents": row.cents})


PROCESS = Process(
    subject="payment",
    rules=RULES,
    effects={UndoPayment: _undo},
    select=select_visible,
    table=Payment,
    case_id=lambda row: row.request_id,
)

"""What the rule book plans: who is to be called when, by day of purchase or as key customer."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from dateutil.relativedelta import relativedelta
from sqlalchemy import ColumnElement, CompoundSelect, Select, exists, select, union

from core.care import calls
from core.care.rules import DUE, KEY
from core.customers.warranty import OWNED
from core.kernel.unit_of_work import UnitOfWork
from core.norms.parts import CarePlan
from core.norms.revisions import in_force, norm_of
from core.process import workflow
from core.process.rules import Done, Happening
from db.codes import CareWhom, PurchaseStatus
from db.tables import Asset, CareCall, Customer, KeyCustomer, Purchase

# A day that nobody saw, because the tool rested, is caught up on. With the days ahead it is less
# than the shortest month: so of one plan a customer has one call at most in such a window.
BACK = timedelta(days=13)
# How long after a purchase a plan without an end goes on.
LONGEST_MONTHS = 240
# So many calls of a plan are planned in one sweep: the next one is a minute later.
CALLS = 200


def lacking(uow: UnitOfWork) -> Sequence[int]:
    """The plans of the rule book, by their place, of which somebody lacks a call."""
    revision = in_force(uow)
    found = enumerate(norm_of(revision).care)
    return [n for n, plan in found if _candidates(uow, plan, revision.in_force_on, most=1)]


def fill(uow: UnitOfWork, place: int) -> None:
    """Plan the calls of a plan that are due within its days ahead.

    The revision is held: a second sweep waits here, and then sees what the first has planned.
    """
    revision = in_force(uow)
    uow.session.refresh(revision, with_for_update=True)
    plan = norm_of(revision).care[place]
    due = _days(uow, plan, revision.in_force_on)
    for customer_id, counted_from in _candidates(uow, plan, revision.in_force_on, most=CALLS):
        day = due[counted_from]
        row = CareCall(
            customer_id=customer_id,
            plan=plan.name,
            title=plan.text[uow.actor.language][:300],
            clause=plan.clause,
            whom=plan.whom,
            means=plan.means,
            counted_from=counted_from,
            due_on=day,
            next_on=day - timedelta(days=plan.days_ahead),
            scores={},
        )
        data = {"due_on": day.isoformat(), "customer_id": customer_id}
        workflow.begin(uow, calls.PROCESS, row, Done(note=plan.text[uow.actor.language], data=data))


def not_owed(uow: UnitOfWork) -> Sequence[int]:
    """The calls that are due though the customer was erased, or has nothing more of ours."""
    theirs = CareCall.customer_id
    has = exists().where(Asset.customer_id == theirs, Asset.status.in_(OWNED))
    bought = exists().where(Purchase.customer_id == theirs, _sold())
    is_gone = (CareCall.whom == CareWhom.BUYER) & ~has & ~bought
    query = select(CareCall.id).join(CareCall.customer).where(CareCall.status == DUE)
    query = query.where(Customer.erased_at.is_not(None) | is_gone)
    return uow.session.scalars(query.order_by(CareCall.id).limit(CALLS)).all()


def drop(uow: UnitOfWork, call_id: int) -> None:
    """Drop a call that is not owed any more."""
    calls.drop(uow, uow.session.get_one(CareCall, call_id, with_for_update=True), "")


def key_no_more(uow: UnitOfWork, ended: Happening) -> None:
    """Nobody is visited as a key customer who is none."""
    of_theirs = CareCall.customer_id == ended.record.customer_id
    due = select(CareCall).where(of_theirs, CareCall.status == DUE, CareCall.whom == CareWhom.KEY)
    for call in uow.session.scalars(due.order_by(CareCall.id).with_for_update()):
        calls.drop(uow, call, ended.done.note)


def _days(uow: UnitOfWork, plan: CarePlan, in_force_on: date) -> Mapping[date, date]:
    """For each day that a call is counted from the day on which it is due, in the window."""
    first = max(in_force_on, uow.today - BACK)
    last = uow.today + timedelta(days=plan.days_ahead)
    return dict(_due(plan, first, last))


def _due(plan: CarePlan, first: date, last: date) -> Iterator[tuple[date, date]]:
    most = plan.times or LONGEST_MONTHS // plan.every_months
    for times in range(1, most + 1):
        ago = relativedelta(months=plan.every_months * times)
        # Of the days that end in one short month each has its call on the last of it.
        day, end = first - ago - timedelta(days=3), last - ago + timedelta(days=3)
        while day <= end:
            due: date = day + ago
            if first <= due <= last:
                yield day, due
            day += timedelta(days=1)


def _candidates(
    uow: UnitOfWork, plan: CarePlan, in_force_on: date, *, most: int
) -> Sequence[tuple[int, date]]:
    """Who is to be called in the window and is not on the list: the customer, counted from when."""
    days = _days(uow, plan, in_force_on)
    if not days:
        return ()
    source = (_keys if plan.whom is CareWhom.KEY else _buyers)(list(days)).subquery()
    customer_id, counted_from = source.c
    first = max(in_force_on, uow.today - BACK)
    asked = (CareCall.status == DUE) | (CareCall.due_on >= first)
    known = exists().where(CareCall.customer_id == customer_id, CareCall.plan == plan.name, asked)
    query = (
        select(customer_id, counted_from)
        .join(Customer, Customer.id == customer_id)
        .where(Customer.erased_at.is_(None), Customer.joined_into_id.is_(None), ~known)
        .where(*(() if plan.whom is CareWhom.KEY else _is_latest(customer_id, counted_from)))
        .distinct()
        .order_by(counted_from, customer_id)
        .limit(most)
    )
    return [(id, day) for id, day in uow.session.execute(query)]


def _keys(days: list[date]) -> Select[int, date]:
    named = select(KeyCustomer.customer_id, KeyCustomer.since)
    return named.where(KeyCustomer.status == KEY, KeyCustomer.since.in_(days))


def _buyers(days: list[date]) -> CompoundSelect[Any]:
    """Who bought on these days: by invoice, or a piece whose day of purchase is known."""
    pieces = select(Asset.customer_id, Asset.purchased_on).where(*_owned())
    sales = select(Purchase.customer_id, Purchase.purchased_on).where(_sold())
    return union(
        pieces.where(Asset.purchased_on.in_(days)), sales.where(Purchase.purchased_on.in_(days))
    )


def _is_latest(customer_id: Any, counted_from: Any) -> tuple[Any, ...]:
    """Nothing was bought later: the plan counts from the latest purchase."""
    piece = exists().where(
        Asset.customer_id == customer_id, Asset.purchased_on > counted_from, *_owned()
    )
    sale = exists().where(
        Purchase.customer_id == customer_id, Purchase.purchased_on > counted_from, _sold()
    )
    return ~piece, ~sale


def _owned() -> tuple[Any, ...]:
    return Asset.status.in_(OWNED), Asset.joined_into_id.is_(None)


def _sold() -> ColumnElement[bool]:
    return Purchase.status == PurchaseStatus.ON_FILE

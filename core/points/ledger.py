"""The ledger of points: booked by facts and by people, never below nothing (D28)."""

from typing import Annotated, Any

from pydantic import Field
from sqlalchemy import Select, func, select
from sqlalchemy.orm import contains_eager

from core.customers import again
from core.customers.again import OWN
from core.customers.customers import require_own
from core.kernel.errors import InvalidInput, Problem
from core.kernel.inputs import Action, Input, RequiredText
from core.kernel.unit_of_work import Actor, UnitOfWork
from core.norms.model import Norm
from core.norms.parts import MemberLevel, PointRule
from core.norms.revisions import in_force, norm_of
from core.process import workflow
from core.process.permissions import require
from core.process.rules import Done, Happening, Process, Rule
from db.codes import EntryStatus
from db.tables import Customer, PointEntry, Purchase, ServiceRequest

BOOK = "point:book"
BOOKED, COUNTERED = EntryStatus
MOST = 1_000_000


class BookPoints(Input):
    """Points that no fact brings: given, or spent (less than nothing), and what for."""

    points: Annotated[int, Field(ge=-MOST, le=MOST)]
    reason: RequiredText


class CounterEntry(Action):
    """An entry was wrong: a counter entry takes it back."""

    note: RequiredText


def _is_no_counter(entry: Any) -> bool:
    return entry.counters_id is None


HERE = frozenset({BOOKED})
RULES = (
    Rule("booked", None, frozenset(), BOOKED, BOOK, "D28"),
    Rule("countered", CounterEntry, HERE, COUNTERED, BOOK, "D28", _is_no_counter, OWN),
    Rule("countered", None, HERE, COUNTERED, BOOK, "D28", _is_no_counter),
)


def entries(actor: Actor) -> Select[PointEntry]:
    """The entries of customers of the actor's station (C15)."""
    query = select(PointEntry).join(PointEntry.customer).where(again.own(actor))
    return query.options(contains_eager(PointEntry.customer))


def balance(uow: UnitOfWork, customer_id: int) -> int:
    """How many points a customer has."""
    total = select(func.sum(PointEntry.points)).where(PointEntry.customer_id == customer_id)
    return uow.session.scalar(total) or 0


def level_of(norm: Norm, points: int) -> MemberLevel | None:
    """The highest level that so many points reach; None below the first."""
    reached = [level for level in norm.member_levels if level.from_points <= points]
    return max(reached, key=lambda level: level.from_points, default=None)


def discount_of(uow: UnitOfWork, norm: Norm, customer_id: int) -> float:
    """The percentage that a customer's level takes off without anybody's goodwill."""
    if not norm.member_levels:
        return 0
    level = level_of(norm, balance(uow, customer_id))
    return level.discount_percent if level else 0


def by_hand(uow: UnitOfWork, command: BookPoints, *, customer_id: int) -> int:
    """Book points for a customer, or take some; gives the id of the entry."""
    require(uow, BOOK)
    customer = again.known(uow, customer_id)
    require_own(uow, customer)
    if command.points == 0:
        raise InvalidInput(Problem("points", "nothing_booked"))
    _hold(uow, customer.id)
    if command.points + (has := balance(uow, customer.id)) < 0:
        raise InvalidInput(Problem("points", "not_so_many_points", {"points": has}))
    return _book(uow, customer.id, command.points, command.reason).id


def by_fact(uow: UnitOfWork, happening: Happening) -> None:
    """A fact brings the points that the rule book in force gives for it, once."""
    norm = norm_of(in_force(uow))
    for rule in norm.points:
        if rule.fact == happening.fact and (points := _points(rule, happening.record)):
            _bring(uow, happening, rule, points)


def take_back(uow: UnitOfWork, withdrawn: Happening) -> None:
    """A purchase that was a mistake brings no points: they are countered, as far as they last."""
    of_it = (PointEntry.subject == "purchase") & (PointEntry.subject_id == withdrawn.record.id)
    found = uow.session.scalars(select(PointEntry).where(of_it, PointEntry.status == BOOKED))
    for entry in found.all():
        counter(uow, entry, withdrawn.done.note)
        workflow.advance(uow, PROCESS, entry, "countered", Done(note=withdrawn.done.note))


def counter(uow: UnitOfWork, entry: PointEntry, reason: str) -> PointEntry:
    """The entry that takes another one back; what has been spent already is not owed."""
    _hold(uow, entry.customer_id)
    points = min(entry.points, balance(uow, entry.customer_id))
    if not points:
        raise InvalidInput(Problem("note", "points_are_spent"))
    return _book(uow, entry.customer_id, -points, reason, counters_id=entry.id)


def _points(rule: PointRule, record: Any) -> int:
    if rule.per_cents is None:
        return rule.points
    bought = isinstance(record, Purchase)
    paid = sum(line.total_cents for line in record.lines) if bought else 0
    return int(paid // rule.per_cents) * rule.points


def _bring(uow: UnitOfWork, happening: Happening, rule: PointRule, points: int) -> None:
    subject, id = happening.fact.partition(".")[0], happening.record.id
    source = {"rule": rule.name, "subject": subject, "subject_id": id}
    customer_id = _customer(uow, happening)
    known = select(PointEntry.id).filter_by(**source)
    if customer_id and not uow.session.scalar(known):
        _book(uow, customer_id, points, rule.text[uow.actor.language], **source)


def _customer(uow: UnitOfWork, happening: Happening) -> int | None:
    if happening.case_id is not None:
        return uow.session.get_one(ServiceRequest, happening.case_id).customer_id
    found: int | None = getattr(happening.record, "customer_id", None)
    return found


def _hold(uow: UnitOfWork, customer_id: int) -> None:
    """Two who spend the same points: the second waits here."""
    uow.session.get_one(Customer, customer_id, with_for_update=True)


def _book(uow: UnitOfWork, customer_id: int, points: int, reason: str, **facts: Any) -> PointEntry:
    row = PointEntry(customer_id=customer_id, points=points, reason=reason, at=uow.now, **facts)
    row.actor_id = uow.actor.id
    data = {"points": points, "customer_id": customer_id}
    workflow.begin(uow, PROCESS, row, Done(note=reason, data=data))
    return row


def _counter(uow: UnitOfWork, entry: PointEntry, command: CounterEntry) -> Done:
    counter(uow, entry, command.note)
    return Done(note=command.note)


PROCESS = Process(
    subject="points",
    rules=RULES,
    effects={CounterEntry: _counter},
    select=entries,
    table=PointEntry,
    case_id=lambda entry: None,
)

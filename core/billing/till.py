"""The till: what each person holds, what was taken on a day, what was handed in and counted."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager, joinedload

from core.billing import hand_ins, payments, sight
from core.kernel.unit_of_work import UnitOfWork
from core.process import fairness, workflow
from core.process.fairness import Barred
from core.process.rules import Rule
from db.codes import HandInStatus, PayMeans, PaymentStatus
from db.tables import HandIn, Payment, Person

MOST = 200
COUNTED = HandInStatus.COUNTED


@dataclass(frozen=True)
class Held:
    """What one person has taken and not handed in, and since when."""

    id: int
    person: str
    sums: Mapping[PayMeans, int]
    since: datetime
    is_late: bool

    @property
    def cents(self) -> int:
        """All of it."""
        return sum(self.sums.values())


@dataclass(frozen=True)
class DayRow:
    """What became of what a person has taken on a day, in cents; `difference` of what was counted.

    Taken is what is held, handed in and counted together.
    """

    id: int
    person: str
    taken: int
    held: int
    handed_in: int
    counted: int
    difference: int


@dataclass(frozen=True)
class HandInView:
    """Money that was handed in, and what was found."""

    id: int
    version: int
    status: HandInStatus
    person: str
    handed_at: datetime
    note: str
    sums: Mapping[PayMeans, tuple[int, int | None]]
    counted_by: str
    counted_at: datetime | None
    difference_reason: str
    numbers: tuple[str, ...]
    actions: tuple[Rule, ...]

    @property
    def cents(self) -> int:
        """All that was handed in."""
        return sum(cents for cents, _counted in self.sums.values())

    @property
    def difference(self) -> int | None:
        """What was counted beyond it; None while nobody has counted."""
        if self.status is not COUNTED:
            return None
        return hand_ins.difference_of(self.sums)


def held(uow: UnitOfWork) -> tuple[Held, ...]:
    """What each person holds, the longest kept first: the own, or everybody's."""
    sight.require_money(uow)
    rows = uow.session.execute(
        select(
            Person.id,
            Person.name,
            Payment.means,
            func.sum(Payment.cents),
            func.min(Payment.taken_at),
        )
        .join(Person, Person.id == Payment.taken_by_id)
        .where(Payment.status == PaymentStatus.HELD, sight.payments(uow.actor))
        .group_by(Person.id, Person.name, Payment.means)
    )
    people: dict[int, dict[str, Any]] = {}
    for id, name, means, cents, since in rows:
        known = people.setdefault(id, {"person": name, "sums": {}, "since": since})
        known["sums"][means] = int(cents)
        known["since"] = min(known["since"], since)
    today = payments.bounds(uow, uow.today)[0]
    found = (Held(id, **row, is_late=row["since"] < today) for id, row in people.items())
    return tuple(sorted(found, key=lambda row: (row.since, row.person)))


def of_day(uow: UnitOfWork, *, day: date) -> tuple[DayRow, ...]:
    """What became of the money of a day, person by person."""
    sight.require_money(uow)
    first, last = payments.bounds(uow, day)
    on_day = (Payment.taken_at >= first) & (Payment.taken_at < last)
    rows = uow.session.execute(
        select(Person.id, Person.name, Payment.status, func.sum(Payment.cents))
        .join(Person, Person.id == Payment.taken_by_id)
        .where(on_day, Payment.status != PaymentStatus.UNDONE, sight.payments(uow.actor))
        .group_by(Person.id, Person.name, Payment.status)
    )
    people: dict[int, dict[str, Any]] = {}
    for id, name, status, cents in rows:
        people.setdefault(id, {"person": name})[status.value] = int(cents)
    found = _differences(uow, day)
    for id, (name, _cents) in found.items():
        people.setdefault(id, {"person": name})
    return tuple(_day_row(id, known, found) for id, known in sorted(people.items()))


def listed(uow: UnitOfWork, *, day: date | None = None) -> tuple[HandInView, ...]:
    """What was handed in: all that waits to be counted, or that of a day; the newest first."""
    sight.require_money(uow)
    which = HandIn.handed_on == day if day else HandIn.status == HandInStatus.HANDED_IN
    rows = uow.session.scalars(
        hand_ins.select_visible(uow.actor)
        .where(which)
        .options(contains_eager(HandIn.person), joinedload(HandIn.counted_by))
        .order_by(HandIn.id.desc())
        .limit(MOST)
    ).all()
    numbers = _numbers(uow, [row.id for row in rows])
    return tuple(_view(uow, row, numbers.get(row.id, ())) for row in rows)


def barred(uow: UnitOfWork, *, id: int) -> tuple[Barred, ...]:
    """What the actor may not do because it is the own money, and who may."""
    sight.require_money(uow)
    return fairness.barred(uow, hand_ins.PROCESS, workflow.fetch(uow, hand_ins.PROCESS, id))


def _differences(uow: UnitOfWork, day: date) -> dict[int, tuple[str, int]]:
    """What was counted beyond what was handed in on a day, person by person."""
    rows = uow.session.scalars(
        hand_ins.select_visible(uow.actor).where(
            HandIn.handed_on == day, HandIn.status == HandInStatus.COUNTED
        )
    )
    found: dict[int, tuple[str, int]] = {}
    for row in rows:
        more = hand_ins.difference_of(hand_ins.of_means(row))
        name, before = found.get(row.person_id, (row.person.name, 0))
        found[row.person_id] = (name, before + more)
    return found


def _day_row(id: int, known: dict[str, Any], found: Mapping[int, tuple[str, int]]) -> DayRow:
    held, handed_in, counted = (
        known.get(status.value, 0)
        for status in (PaymentStatus.HELD, PaymentStatus.HANDED_IN, PaymentStatus.COUNTED)
    )
    return DayRow(
        id=id,
        person=known["person"],
        taken=held + handed_in + counted,
        held=held,
        handed_in=handed_in,
        counted=counted,
        difference=found.get(id, ("", 0))[1],
    )


def _numbers(uow: UnitOfWork, ids: list[int]) -> dict[int | None, tuple[str, ...]]:
    found: dict[int | None, tuple[str, ...]] = {}
    rows = uow.session.execute(
        select(Payment.hand_in_id, Payment.number)
        .where(Payment.hand_in_id.in_(ids))
        .order_by(Payment.id)
    )
    for id, number in rows:
        found[id] = (*found.get(id, ()), number)
    return found


def _view(uow: UnitOfWork, row: HandIn, numbers: tuple[str, ...]) -> HandInView:
    return HandInView(
        id=row.id,
        version=row.version,
        status=row.status,
        person=row.person.name,
        handed_at=row.handed_at,
        note=row.note,
        sums=hand_ins.of_means(row),
        counted_by=row.counted_by.name if row.counted_by else "",
        counted_at=row.counted_at,
        difference_reason=row.difference_reason,
        numbers=numbers,
        actions=hand_ins.PROCESS.allowed(uow.actor, row),
    )

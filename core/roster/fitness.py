"""Who may do which work on which day, and why not: certificates, absences, shifts (A17, E6)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import ColumnElement, func, select

from core.kernel.unit_of_work import UnitOfWork
from core.norms.parts import SiteWork
from core.process.permissions import require
from core.roster import hours, sight
from core.roster.hours import DayTime
from db.tables import Person, Qualification


class Why(StrEnum):
    """What stands against sending somebody."""

    MISSING = "missing"
    EXPIRED = "expired"
    ABSENT = "absent"
    OFF_SHIFT = "off_shift"
    TOO_FAR = "too_far"


# Somebody who has no shift on the day may be called in: the board says so, and sends.
REFUSED = frozenset({Why.MISSING, Why.EXPIRED, Why.ABSENT, Why.TOO_FAR})


@dataclass(frozen=True)
class Hindrance:
    """One reason: which qualification it is about, and until when it was, or is, so.

    Of a drive it has the minutes, and how many are allowed.
    """

    why: Why
    kind: str = ""
    until: date | None = None
    minutes: int = 0
    most: int = 0


def may_do(
    uow: UnitOfWork, *, person_id: int, work: SiteWork | None, day: date
) -> tuple[Hindrance, ...]:
    """Why a person should not be sent for a work on a local day; empty when nothing is against."""
    require(uow, sight.READ)
    return hindrances(uow, people=[person_id], work=work, day=day).get(person_id, ())


def hindrances(
    uow: UnitOfWork, *, people: Sequence[int], work: SiteWork | None, day: date
) -> dict[int, tuple[Hindrance, ...]]:
    """As `may_do`, for many people at once; the caller asks who may."""
    needs = work.needs if work else ()
    held = _held(uow, people, needs)
    days = hours.days_of(uow, people=people, day=day)
    return {
        person: (
            *(bad for kind in needs for bad in _lacks(kind, held.get((person, kind)), day)),
            *_not_there(uow, days[person]),
        )
        for person in people
        if person in days
    }


def refusals(
    uow: UnitOfWork, *, people: Sequence[int], work: SiteWork | None, day: date
) -> dict[int, tuple[Hindrance, ...]]:
    """Of the hindrances of each of some people those that forbid to send them."""
    found = hindrances(uow, people=people, work=work, day=day)
    return {id: tuple(bad for bad in found.get(id, ()) if bad.why in REFUSED) for id in people}


def holds(kind: str, first: date, last: date) -> ColumnElement[bool]:
    """A condition on people: who holds a qualification on one of some local days."""
    mine = select(Qualification.id).where(
        Qualification.person_id == Person.id,
        Qualification.kind == kind,
        func.coalesce(Qualification.valid_from, first) <= last,
        func.coalesce(Qualification.valid_until, last) >= first,
    )
    return mine.exists()


def _held(
    uow: UnitOfWork, people: Sequence[int], kinds: Sequence[str]
) -> dict[tuple[int, str], list[Qualification]]:
    found: dict[tuple[int, str], list[Qualification]] = {}
    if not kinds:
        return found
    mine = Qualification.person_id.in_(people) & Qualification.kind.in_(kinds)
    for row in uow.session.scalars(select(Qualification).where(mine)):
        found.setdefault((row.person_id, row.kind), []).append(row)
    return found


def _lacks(kind: str, rows: Sequence[Qualification] | None, day: date) -> Iterator[Hindrance]:
    begun = [row for row in rows or () if row.valid_from is None or row.valid_from <= day]
    if any(row.valid_until is None or row.valid_until >= day for row in begun):
        return
    ended = [row.valid_until for row in begun if row.valid_until]
    yield Hindrance(Why.EXPIRED, kind, max(ended)) if ended else Hindrance(Why.MISSING, kind)


def _not_there(uow: UnitOfWork, day: DayTime) -> Iterator[Hindrance]:
    if day.is_away and day.away_until:
        yield Hindrance(Why.ABSENT, until=day.away_until.astimezone(uow.actor.zone_info).date())
    if not day.shift:
        yield Hindrance(Why.OFF_SHIFT)

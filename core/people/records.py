"""The record of sign-ins: who came in, who did not, what was refused, and who changed what.

A name that nobody has is not kept: people type passwords there.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session, aliased

from core.kernel.paging import leaf, pages_of
from core.kernel.unit_of_work import UnitOfWork
from core.process.permissions import require
from db.codes import AccessKind
from db.tables import AccessEvent, Person

READ, EDIT = "access:read", "access:edit"
KEPT = timedelta(days=400)
PAGE = 50
# The same again within this time is counted in one line: whoever guesses fills no table.
SAME = timedelta(minutes=10)
COUNTED = frozenset(
    {AccessKind.FAILED, AccessKind.HELD_BACK, AccessKind.CODE_FAILED, AccessKind.NOT_ALLOWED}
)
# An attack is told of once a day for each address and each name.
ATTACK = timedelta(days=1)


@dataclass(frozen=True)
class Place:
    """Where somebody is: an address, and the browser as it names itself."""

    address: str = ""
    agent: str = ""


@dataclass(frozen=True)
class Event:
    """One line of the record."""

    id: int
    at: datetime
    kind: AccessKind
    person: str
    by: str
    address: str
    agent: str
    about: str
    times: int


@dataclass(frozen=True)
class Record:
    """One page of the record, the newest first."""

    rows: tuple[Event, ...]
    total: int

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return pages_of(self.total, PAGE)


def note(
    session: Session,
    kind: AccessKind,
    now: datetime,
    *,
    person_id: int | None = None,
    by_id: int | None = None,
    place: Place | None = None,
    about: str = "",
) -> None:
    """Write down one line, or count it in the last one."""
    place = place or Place()
    facts = {"kind": kind, "person_id": person_id, "address": place.address[:64]}
    facts["about"] = about[:64]
    span = ATTACK if kind is AccessKind.ATTACKED else SAME if kind in COUNTED else None
    if span is not None and _is_counted(session, facts, now, span):
        return
    by_id = None if by_id == person_id else by_id
    session.add(AccessEvent(**facts, by_id=by_id, agent=place.agent[:300], at=now))
    session.flush()


def changed(uow: UnitOfWork, kind: AccessKind, person_id: int | None, about: str = "") -> None:
    """Write down what the actor did to somebody's way in."""
    note(uow.session, kind, uow.now, person_id=person_id, by_id=uow.actor.id, about=about)


def read(
    uow: UnitOfWork, *, kind: AccessKind | None = None, person_id: int | None = None, page: int = 1
) -> Record:
    """The record, of one kind or one person where that is asked."""
    require(uow, READ)
    which: list[ColumnElement[bool]] = []
    if kind:
        which.append(AccessEvent.kind == kind)
    if person_id:
        which.append(AccessEvent.person_id == person_id)
    by = aliased(Person)
    columns: tuple[Any, ...] = (AccessEvent, Person.name, by.name)
    query = (
        select(*columns)
        .outerjoin(Person, Person.id == AccessEvent.person_id)
        .outerjoin(by, by.id == AccessEvent.by_id)
        .where(*which)
        .order_by(AccessEvent.id.desc())
    )
    found, _ = leaf(uow, query, page=page, size=PAGE)
    total = uow.session.scalar(select(func.count(AccessEvent.id)).where(*which)) or 0
    return Record(tuple(_event(*row) for row in found), total)


def _is_counted(
    session: Session, facts: Mapping[str, object], now: datetime, span: timedelta
) -> bool:
    same = [getattr(AccessEvent, name).is_not_distinct_from(each) for name, each in facts.items()]
    last = session.scalar(
        select(AccessEvent.id)
        .where(*same, AccessEvent.at > now - span, AccessEvent.at <= now)
        .order_by(AccessEvent.id.desc())
        .limit(1)
    )
    if last is None:
        return False
    more = update(AccessEvent).where(AccessEvent.id == last)
    session.execute(more.values(times=AccessEvent.times + 1))
    return True


def _event(row: AccessEvent, person: str | None, by: str | None) -> Event:
    return Event(
        *(row.id, row.at, row.kind, person or "", by or ""),
        *(row.address, row.agent, row.about, row.times),
    )

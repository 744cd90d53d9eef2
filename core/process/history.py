"""The one history: a row per change, each carrying the hash of the one before it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from core.kernel import chain, recorded
from core.kernel.paging import leaf, pages_of
from core.kernel.unit_of_work import Actor, UnitOfWork
from core.process import masked
from core.process.permissions import (
    require,
    require_case,
    sees_all_stations,
    visible_penalties,
    visible_requests,
)
from db.tables import History, Penalty, Person, ServiceRequest

# Events that are drawn at once.
PAGE = 50
# What counts the cases of all stations, and the facts that name another case.
OF_ALL_STATIONS = ("repeat_fault",)
# What was there before the history could be played forward, or before a migration.
SET_UP, ADOPTED = "set_up", "adopted"
TIES = ("number", "into", "origin_id")

# A clock that was wrong by more is corrected: the case goes by the right one from then on.
MOST_BACK = timedelta(days=2)
# The fact that a person was erased, and its data: by which digests the blanked rows are right.
ERASED, VOUCHED, VOUCHED_SEALS = "erased", "vouched", "vouched_seals"
# Of what a customer did, or what followed from it: by which link, and from which address.
LINK = "link"
CAME_FROM = "came_from"
# And which files went with the person.
ERASED_FILES = "files"


@dataclass(frozen=True)
class Event:
    """One line of a timeline. Codes, not words; `actor` is empty when no person acted.

    Then it was the tool itself, or, where the data name a link, the customer by it.
    """

    subject: str
    action: str
    old: str | None
    new: str | None
    actor: str
    at: datetime
    note: str
    data: dict[str, Any]


@dataclass(frozen=True)
class Story:
    """One page of a timeline, the newest first."""

    events: tuple[Event, ...]
    total: int

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return pages_of(self.total, PAGE)


@dataclass(frozen=True)
class Break:
    """A history row that does not match its own hash or the row before it."""

    subject: str
    subject_id: int
    sequence: int


def catch_up(uow: UnitOfWork, case_id: int) -> None:
    """A case's own time never runs backwards: its next fact is not before its last one.

    Where the clock was set back by at most two days, time stands still for the case until the
    clock is there again. One look into an index for each case of a unit of work.
    """
    if case_id in uow.caught_up:
        return
    uow.caught_up.add(case_id)
    last = uow.session.scalar(
        select(func.max(History.at)).where(
            History.case_id == case_id, History.at <= uow.clock + MOST_BACK
        )
    )
    uow.now = max(uow.now, last or uow.now)


def record(
    uow: UnitOfWork,
    *,
    subject: str,
    subject_id: int,
    action: str,
    case_id: int | None = None,
    old: str | None = None,
    new: str | None = None,
    note: str = "",
    data: dict[str, Any] | None = None,
) -> None:
    """Write down one change; `action` is the fact in the past tense."""
    if case_id is not None:
        catch_up(uow, case_id)
    uow.session.flush()
    row = chain.add(
        uow.session,
        subject=subject,
        subject_id=subject_id,
        at=uow.now,
        case_id=case_id,
        action=action,
        old=old,
        new=new,
        actor_id=uow.actor.id,
        note=note,
        data=(data or {}) | _whence(uow.actor),
    )
    recorded.tell(uow.session, row.id, row.hash)


def _whence(actor: Actor) -> dict[str, Any]:
    known = {LINK: actor.link_id, CAME_FROM: actor.came_from}
    return {name: value for name, value in known.items() if value}


def timeline(uow: UnitOfWork, *, case_id: int) -> tuple[Event, ...]:
    """What happened to a case that the actor may see, and to its jobs and calls, oldest first.

    Penalties are left out where the actor may not see them, and what other stations' cases tell.
    """
    query = _of_case(uow, case_id).order_by(History.at, History.id)
    return _events(uow, uow.session.execute(query).all())


def newest_first(uow: UnitOfWork, *, case_id: int, page: int = 1) -> Story:
    """As `timeline`, one page of it, the newest first."""
    query = _of_case(uow, case_id)
    total = uow.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    query = query.order_by(History.at.desc(), History.id.desc())
    rows, _number = leaf(uow, query, page=page, size=PAGE)
    return Story(_events(uow, rows), total)


def _of_case(uow: UnitOfWork, case_id: int) -> Select[History, str]:
    require_case(uow, case_id)
    penalties = select(Penalty.id).where(visible_penalties(uow.actor))
    open_to_actor = (History.subject != "penalty") | History.subject_id.in_(penalties)
    if not sees_all_stations(uow.actor):
        open_to_actor &= History.subject.not_in(OF_ALL_STATIONS)
    return (
        select(History, Person.name)
        .outerjoin(Person, Person.id == History.actor_id)
        .where(History.case_id == case_id, open_to_actor)
    )


def _events(uow: UnitOfWork, rows: Sequence[Any]) -> tuple[Event, ...]:
    hidden = _hidden(uow, [row for row, _ in rows])
    return tuple(
        Event(h.subject, h.action, h.old, h.new, name or "", h.at, *_told(uow, h, hidden))
        for h, name in rows
    )


def verify(uow: UnitOfWork) -> tuple[Break, ...]:
    """Every history row that was altered, or whose predecessor is gone; empty when all is well.

    What was blanked when a person was erased keeps its hash, and with it the chain; what it says
    now is vouched for by the fact of the erasing, which is a row of the chain itself.
    """
    require(uow, "history:verify")
    breaks: list[Break] = []
    vouched = vouched_for(uow.session, VOUCHED)
    before: History | None = None
    query = select(History).order_by(History.subject, History.subject_id, History.sequence)
    for row in uow.session.scalars(query.execution_options(yield_per=1000)):
        follows = before is not None and (before.subject, before.subject_id) == (
            row.subject,
            row.subject_id,
        )
        expected = (before.sequence + 1, before.hash) if follows and before else (1, "")
        said = chain.digest(row)
        is_told = said == row.hash or said in vouched.get(row.id, ())
        if (row.sequence, row.previous_hash) != expected or not is_told:
            breaks.append(Break(row.subject, row.subject_id, row.sequence))
        before = row
    return tuple(breaks)


def vouched_for(session: Session, kind: str) -> dict[int, set[str]]:
    """By which digests, or seals, rows are right though they were blanked; by their ids."""
    found: dict[int, set[str]] = {}
    for data in _of_erasings(session):
        for id, said in data.get(kind, {}).items():
            found.setdefault(int(id), set()).add(said)
    return found


def erased_files(session: Session) -> set[str]:
    """The files that went with persons who were erased, by their digests."""
    return {each for data in _of_erasings(session) for each in data.get(ERASED_FILES, ())}


def _of_erasings(session: Session) -> list[dict[str, Any]]:
    is_erasing = (History.subject == "customer") & (History.action == ERASED)
    rows = session.scalars(select(History).where(is_erasing))
    return [row.data for row in rows if row.hash == chain.digest(row)]


def _tied(row: History) -> set[int | str]:
    """The other cases that a row names: by number in its note or data, by id in its data."""
    named: set[int | str] = {row.data.get("number", "")}
    if row.action in ("registered", "cancelled"):  # led to by a case, merged into one
        named.add(row.note.partition(" ")[0])
    pair = row.data.get("origin_id") or []
    return (named | {row.data.get("into"), *pair}) - {None, ""}


def _hidden(uow: UnitOfWork, rows: Sequence[History]) -> set[int | str]:
    """Of the cases that these rows name, those that the actor may not see."""
    named = set().union(*map(_tied, rows)) if not sees_all_stations(uow.actor) else set()
    if not named:
        return set()
    numbers = [each for each in named if isinstance(each, str)]
    ids = [each for each in named if isinstance(each, int)]
    which = ServiceRequest.number.in_(numbers) | ServiceRequest.id.in_(ids)
    columns = (ServiceRequest.id, ServiceRequest.number, visible_requests(uow.actor))
    found = uow.session.execute(select(*columns).where(which))
    return {key for id, number, visible in found if not visible for key in (id, number)}


def _told(uow: UnitOfWork, row: History, hidden: set[int | str]) -> tuple[str, dict[str, Any]]:
    data = masked.data(uow.actor, row.data)
    if not _tied(row) & hidden:
        return row.note, data
    is_about = row.note.partition(" ")[0] in hidden
    kept = {name: each for name, each in data.items() if name not in TIES}
    return "" if is_about else row.note, kept


def newest(events: Sequence[Event], *actions: str) -> Event | None:
    """The newest event of these kinds."""
    return next((event for event in reversed(events) if event.action in actions), None)

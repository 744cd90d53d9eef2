"""Notices: what people are told in the tool, each in the own inbox."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select, update

from core.kernel import once
from core.kernel.errors import NotFound
from core.kernel.unit_of_work import UnitOfWork
from core.process.permissions import require, visible_requests
from core.process.rules import After, Done, Happening, after, first_line
from db.codes import NoticeKind
from db.tables import Notice, ServiceRequest

PAGE = 50
READ = "notice:read"


@dataclass(frozen=True)
class Told:
    """Who is told of a fact, and by which kind of notice; what it says besides the fact."""

    kind: NoticeKind
    people: Iterable[int | None]
    data: dict[str, Any] = field(default_factory=dict)


Teller = Callable[[UnitOfWork, Any, Done], Iterable[Told]]


def taken(person_id: int | None, *, number: str) -> Told:
    """What was somebody's is so no longer; its number is said, because it may be out of sight."""
    return Told(NoticeKind.WITHDRAWN, [person_id], {"number": number})


@dataclass(frozen=True)
class NoticeView:
    """One notice. `number` is empty when there is no case, or the person may not see it now.

    What was taken from a person is named even so: the notice itself says its number.
    """

    id: int
    kind: NoticeKind
    case_id: int | None
    number: str
    data: dict[str, Any]
    at: datetime
    read: bool


@dataclass(frozen=True)
class Inbox:
    """One page of the actor's notices, the newest first."""

    rows: tuple[NoticeView, ...]
    total: int
    unread: int

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // PAGE))


def put(
    uow: UnitOfWork,
    *,
    people: Iterable[int | None],
    kind: NoticeKind,
    source: str,
    data: dict[str, Any],
    case_id: int | None = None,
    is_finding: bool = False,
) -> None:
    """Put a notice into people's inboxes; what has the same source is put there once.

    Nobody is told what the own hands have just done, unless it is a finding of long work.
    """
    facts = {"kind": kind, "source": source, "data": data, "case_id": case_id, "at": uow.clock}
    known = set() if is_finding else {uow.actor.id}
    for person_id in sorted({id for id in people if id} - known):
        once.add(uow.session, Notice, person_id=person_id, **facts)


def tells(who: Teller, *facts: str) -> After:
    """A row for the card of a room: who is sent or handed a record by a fact, or loses it."""

    def do(uow: UnitOfWork, happening: Happening) -> None:
        record, fact = happening.record, happening.fact
        for each in who(uow, record, happening.done):
            put(
                uow,
                people=each.people,
                kind=each.kind,
                source=f"{fact}:{record.id}:{record.version}:{each.kind.value}",
                case_id=happening.case_id,
                data={"fact": fact, **each.data},
            )

    return after(*facts, do=do, says=first_line(who))


def inbox(uow: UnitOfWork, *, page: int = 1) -> Inbox:
    """The actor's own notices; two queries."""
    require(uow, READ)
    total, open_ones = uow.session.execute(
        select(func.count(), func.count().filter(Notice.read_at.is_(None))).where(_own(uow))
    ).one()
    number = min(max(1, page), max(1, -(-total // PAGE)))
    rows = uow.session.execute(
        _with_number(uow)
        .where(_own(uow))
        .order_by(Notice.at.desc(), Notice.id.desc())
        .limit(PAGE)
        .offset((number - 1) * PAGE)
    )
    return Inbox(tuple(_view(row, name) for row, name in rows), total, open_ones)


def newest_unread(uow: UnitOfWork, *, most: int = 5) -> Inbox:
    """The newest of what the actor has not read, and how many there are; one indexed query."""
    require(uow, READ)
    newest = (
        select(Notice.id, func.count().over().label("total"))
        .where(_own(uow), Notice.read_at.is_(None))
        .order_by(Notice.at.desc(), Notice.id.desc())
        .limit(most)
        .subquery()
    )
    found = uow.session.execute(
        _with_number(uow)
        .add_columns(newest.c.total)
        .join(newest, newest.c.id == Notice.id)
        .order_by(Notice.at.desc(), Notice.id.desc())
    ).all()
    total = found[0].total if found else 0
    return Inbox(tuple(_view(row, name) for row, name, _total in found), total, total)


def mark_read(uow: UnitOfWork, *, id: int) -> None:
    """One of the actor's notices was read; NotFound when it is somebody else's."""
    require(uow, READ)
    notice = uow.session.scalar(select(Notice).where(Notice.id == id, _own(uow)))
    if notice is None:
        raise NotFound(subject="notice", id=id)
    notice.read_at = notice.read_at or uow.now


def mark_all_read(uow: UnitOfWork, *, up_to: int) -> None:
    """The actor has read all notices up to the newest one that was shown."""
    require(uow, READ)
    unread = update(Notice).where(_own(uow), Notice.read_at.is_(None), Notice.id <= up_to)
    uow.session.execute(unread.values(read_at=uow.now))


def _with_number(uow: UnitOfWork) -> Select[Notice, str]:
    # A notice outlives its receiver's sight: the case is named as long as it may be opened.
    is_seen = (ServiceRequest.id == Notice.case_id) & visible_requests(uow.actor)
    named = select(Notice, ServiceRequest.number).select_from(Notice)
    return named.outerjoin(ServiceRequest, is_seen)


def _own(uow: UnitOfWork) -> Any:
    return Notice.person_id == uow.actor.id


def _view(row: Notice, number: str | None) -> NoticeView:
    return NoticeView(
        id=row.id,
        kind=row.kind,
        case_id=row.case_id if number else None,
        number=number or row.data.get("number", ""),
        data=row.data,
        at=row.at,
        read=row.read_at is not None,
    )

"""Notices: what people are told in the tool, each in the own inbox."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, literal, select, update

from core.kernel import once
from core.kernel.errors import NotFound
from core.kernel.paging import leaf, pages_of
from core.kernel.unit_of_work import UnitOfWork
from core.process.permissions import require, visible_requests
from core.process.rules import After, Done, Happening, after, first_line
from db.codes import NoticeKind, Receiver
from db.tables import Customer, Notice, ServiceRequest

PAGE = 50
READ = "notice:read"
# Notices that ask somebody for a step.
ASKING = (NoticeKind.YOUR_TURN, NoticeKind.ASSIGNED, NoticeKind.APPROVAL)

_UNREAD = Notice.read_at.is_(None)
# Where a manager or a leader is called for help, the work is somebody else's: they read how much of
# it there is in one line, and the cases one by one where they ask for them. What is urgent they
# read at once.
_CALLED = (
    _UNREAD
    & (Notice.kind == NoticeKind.ESCALATION)
    & Notice.data["receiver"].as_string().in_((Receiver.MANAGER.value, Receiver.LEADER.value))
    & Notice.data["urgent"].as_string().is_(None)
)
_DIGEST = 0  # a line that no case and no notice has
# One line for all that was told about a case; what belongs to no case is a line of its own.
_BY_CASE = func.coalesce(Notice.case_id, -Notice.id)
_LINE = case((_CALLED, literal(_DIGEST)), else_=_BY_CASE)


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


class Group(StrEnum):
    """What a line of the inbox is for: a step is asked for, a limit is past, or to be known."""

    TURN = "turn"
    LATE = "late"
    KNOWN = "known"
    READ = "read"


@dataclass(frozen=True)
class NoticeView:
    """One line of the inbox: what matters most of all that was told about a case.

    `number` is empty when there is no case, or the person may not see it now. What was taken from
    a person is named even so: the notice itself says its number. `more` are the other notices of
    the case that were not read. A digest stands for all late cases that a manager is called to.
    """

    id: int
    kind: NoticeKind
    case_id: int | None
    number: str
    data: dict[str, Any]
    at: datetime
    group: Group
    customer: str = ""
    more: int = 0
    is_digest: bool = False

    @property
    def read(self) -> bool:
        """Whether nothing of it is left to be read."""
        return self.group is Group.READ


@dataclass(frozen=True)
class Inbox:
    """One page of the actor's inbox, a line a case: what is asked for first, then what is late."""

    rows: tuple[NoticeView, ...]
    total: int
    unread: int
    # The id up to which all that is shown may be marked.
    newest: int = 0

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return pages_of(self.total, PAGE)


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
    told = {id for id in people if id}
    if kind is NoticeKind.WITHDRAWN:
        # What was taken from somebody asks nothing of them any more.
        about = (Notice.case_id == case_id) & Notice.person_id.in_(told)
        mark(uow, about, Notice.kind.in_(ASKING))
    for person_id in sorted(told - known):
        once.add(uow.session, Notice, person_id=person_id, **facts)


def asked(uow: UnitOfWork, *, case_id: int) -> tuple[int, ...]:
    """Who is asked for a step of a case and has not taken it yet."""
    open_ones = (Notice.case_id == case_id) & _UNREAD & Notice.kind.in_(ASKING)
    people = select(Notice.person_id).where(open_ones).distinct().order_by(Notice.person_id)
    return tuple(uow.session.scalars(people))


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


_RANK = case(
    (_UNREAD & Notice.kind.in_(ASKING), 3),
    (_UNREAD & (Notice.kind == NoticeKind.ESCALATION), 2),
    (_UNREAD, 1),
    else_=0,
)
_GROUPS = {3: Group.TURN, 2: Group.LATE, 1: Group.KNOWN, 0: Group.READ}


def inbox(uow: UnitOfWork, *, page: int = 1) -> Inbox:
    """The actor's own inbox; two queries."""
    require(uow, READ)
    lines = func.count(_LINE.distinct())
    total, open_ones, newest = uow.session.execute(
        select(lines, lines.filter(_UNREAD), func.max(Notice.id)).where(_own(uow))
    ).one()
    number = min(max(1, page), pages_of(total, PAGE))
    rows = uow.session.execute(_lines(uow).limit(PAGE).offset((number - 1) * PAGE))
    return Inbox(tuple(_view(*row) for row in rows), total, open_ones, newest or 0)


def digest(uow: UnitOfWork, *, page: int = 1) -> Inbox:
    """What the digest of a manager stands for, a line a case, the newest first; one query."""
    require(uow, READ)
    query = _lines(uow, _CALLED, line=_BY_CASE).add_columns(func.count().over())
    found, _ = leaf(uow, query, page=page, size=PAGE)
    total, newest = (found[0][-1], max(row[0].id for row in found)) if found else (0, 0)
    return Inbox(tuple(_view(*row[:-1]) for row in found), total, total, newest)


def newest_unread(uow: UnitOfWork, *, most: int = 5) -> Inbox:
    """The first lines of what the actor has not read, and how many there are; one query."""
    require(uow, READ)
    found = uow.session.execute(
        _lines(uow, _UNREAD).add_columns(func.count().over()).limit(most)
    ).all()
    total = found[0][-1] if found else 0
    return Inbox(tuple(_view(*row[:-1]) for row in found), total, total)


def mark_read(uow: UnitOfWork, *, id: int) -> None:
    """A line of the actor's inbox was read, with all that was told about its case before.

    NotFound when it is somebody else's.
    """
    require(uow, READ)
    notice = uow.session.scalar(select(Notice).where(Notice.id == id, _own(uow)))
    if notice is None:
        raise NotFound(subject="notice", id=id)
    notice.read_at = notice.read_at or uow.now
    if notice.case_id is not None:
        before = (Notice.case_id == notice.case_id) & (Notice.at <= notice.at)
        mark(uow, _own(uow), before)


def mark_all_read(uow: UnitOfWork, *, up_to: int) -> None:
    """The actor has read all notices up to the newest one that was shown."""
    require(uow, READ)
    mark(uow, _own(uow), Notice.id <= up_to)


def mark_digest_read(uow: UnitOfWork, *, up_to: int) -> None:
    """The actor has read the digest up to the newest notice that was shown."""
    require(uow, READ)
    mark(uow, _own(uow), _CALLED, Notice.id <= up_to)


def mark(uow: UnitOfWork, *which: ColumnElement[bool]) -> None:
    """Such notices are over: they count as read, those that are not."""
    uow.session.execute(update(Notice).where(_UNREAD, *which).values(read_at=uow.now))


def _lines(
    uow: UnitOfWork, *which: ColumnElement[bool], line: ColumnElement[int] = _LINE
) -> Select[Any]:
    """A line a case of one's own notices, what is asked for first."""
    order = (_RANK.desc(), Notice.at.desc(), Notice.id.desc())
    ranked = (
        select(
            Notice.id,
            _RANK.label("rank"),
            line.label("line"),
            func.row_number().over(partition_by=line, order_by=order).label("place"),
            func.count().filter(_UNREAD).over(partition_by=line).label("unread"),
        )
        .where(_own(uow), *which)
        .subquery()
    )
    # A notice outlives its receiver's sight: the case is named as long as it may be opened.
    seen = (ServiceRequest.id == Notice.case_id) & visible_requests(uow.actor)
    about = (ServiceRequest.number, Customer.name)
    return (
        select(Notice, ranked.c.rank, ranked.c.line, ranked.c.unread, *about)
        .join(ranked, ranked.c.id == Notice.id)
        .outerjoin(ServiceRequest, seen)
        .outerjoin(Customer, Customer.id == ServiceRequest.customer_id)
        .where(ranked.c.place == 1)
        .order_by(ranked.c.rank.desc(), Notice.at.desc(), Notice.id.desc())
    )


def _own(uow: UnitOfWork) -> ColumnElement[bool]:
    return Notice.person_id == uow.actor.id


def _view(
    row: Notice, rank: int, line: int, unread: int, number: str | None, customer: str | None
) -> NoticeView:
    is_digest = line == _DIGEST
    if is_digest:
        number = customer = None
    return NoticeView(
        id=row.id,
        kind=row.kind,
        case_id=row.case_id if number else None,
        number=number or row.data.get("number", ""),
        data=row.data,
        at=row.at,
        group=_GROUPS[rank],
        customer=customer or "",
        more=max(0, unread - 1),
        is_digest=is_digest,
    )

"""Meetings and decisions: the list, one of them, what is mine, and what has moved since."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload

from core.kernel.errors import InvalidInput, NotFound, Problem
from core.kernel.unit_of_work import UnitOfWork
from core.kpi.figures import DEFINITIONS, FigureName, Side
from core.kpi.frozen import Frozen, FrozenFigure, freeze
from core.meetings import meetings, sight, view
from core.meetings.rules import DO, READ, TO_DO
from core.meetings.view import DecisionView, MeetingRow, MeetingView
from core.process import workflow
from core.process.permissions import require
from core.requests import lists
from db.tables import Decision, Meeting, MeetingCases, ServiceRequest

MOST = 200
_WITH_NAMES = (joinedload(Meeting.station), joinedload(Meeting.started_by))


@dataclass(frozen=True)
class Moved:
    """How the cases of a figure differ now from those that were kept."""

    came: int = 0
    gone: int = 0
    # Counted then and now, and of those that make the figure only once.
    turned: int = 0

    def __bool__(self) -> bool:
        return bool(self.came or self.gone or self.turned)


def listed(uow: UnitOfWork) -> tuple[MeetingRow, ...]:
    """The meetings that the actor may read, the newest first."""
    require(uow, READ)
    rows = uow.session.scalars(
        sight.meetings(uow.actor)
        .options(*_WITH_NAMES)
        .order_by(Meeting.started_at.desc(), Meeting.id.desc())
        .limit(MOST)
    ).all()
    waiting = _waiting(uow, [row.id for row in rows])
    return tuple(view.of_meeting(row, waiting.get(row.id, 0)) for row in rows)


def usual(uow: UnitOfWork) -> tuple[FigureName, ...]:
    """The figures of the meeting before, in their order; for the first one all that have data."""
    require(uow, READ)
    newest = sight.meetings(uow.actor).order_by(Meeting.started_at.desc(), Meeting.id.desc())
    row = uow.session.scalar(newest.limit(1))
    shown = Frozen.model_validate(row.frozen).figures if row else ()
    counted = (name for name, about in DEFINITIONS.items() if not about.missing)
    return tuple(each.name for each in shown) or tuple(counted)


def show(uow: UnitOfWork, *, id: int) -> MeetingView:
    """One meeting; NotFound where the actor does not see its station."""
    require(uow, READ)
    meeting: Meeting = workflow.fetch(uow, meetings.PROCESS, id, options=_WITH_NAMES)
    rows = _decisions(uow, Decision.meeting_id == meeting.id, _taken_over(meeting))
    return MeetingView(
        row=view.of_meeting(meeting, sum(row.status is TO_DO for row in rows)),
        version=meeting.version,
        frozen=Frozen.model_validate(meeting.frozen),
        decisions=tuple(view.of_decision(uow, row) for row in rows),
        actions=meetings.PROCESS.allowed(uow.actor, meeting),
    )


def mine(uow: UnitOfWork) -> tuple[DecisionView, ...]:
    """What was decided that the actor does, and is not settled; due first."""
    require(uow, DO)
    rows = _decisions(uow, (Decision.owner_id == uow.actor.id) & (Decision.status == TO_DO))
    return tuple(view.of_decision(uow, row) for row in rows)


def cases(
    uow: UnitOfWork, *, id: int, figure: FigureName, side: Side, page: int = 1
) -> lists.Cases:
    """The cases behind one side of a frozen figure, as far as the actor may see them."""
    require(uow, READ)
    workflow.fetch(uow, meetings.PROCESS, id)
    kept = _kept(uow, id, figure)
    if side not in DEFINITIONS[figure].sides:
        raise InvalidInput(Problem("side", "not_an_option"))
    if side is Side.REST:
        ids = set(kept[Side.DENOMINATOR].ids) - set(kept[Side.NUMERATOR].ids)
    else:
        ids = set(kept[side].ids)
    return lists.by_ids(
        uow, ids=select(ServiceRequest.id).where(ServiceRequest.id.in_(ids)), page=page
    )


def is_cut(uow: UnitOfWork, *, id: int, figure: FigureName) -> bool:
    """Whether more cases were counted than are kept one by one."""
    require(uow, READ)
    workflow.fetch(uow, meetings.PROCESS, id)
    return any(len(row.ids) < row.total for row in _kept(uow, id, figure).values())


def now(uow: UnitOfWork, *, id: int) -> tuple[FrozenFigure, ...]:
    """What the same figures are now."""
    require(uow, READ)
    return freeze(uow, asked=meetings.asked(workflow.fetch(uow, meetings.PROCESS, id))).figures


def moved(uow: UnitOfWork, *, id: int, figure: FigureName) -> Moved:
    """How many cases of a figure count otherwise now than when the meeting began."""
    require(uow, READ)
    about = meetings.asked(workflow.fetch(uow, meetings.PROCESS, id))
    kept = _kept(uow, id, figure)
    then = {side: frozenset(row.ids) for side, row in kept.items()}
    today = {side: meetings.ids_now(uow, figure, side, about) for side in kept}
    first = next(side for side in DEFINITIONS[figure].sides if side in kept)
    if any(len(row.ids) < row.total for row in kept.values()):  # then only how many is known
        more = len(today[first]) - kept[first].total
        return Moved(came=max(0, more), gone=max(0, -more))
    both = then[first] & today[first]
    turned = then[Side.NUMERATOR] ^ today[Side.NUMERATOR] if Side.NUMERATOR in kept else frozenset()
    return Moved(
        came=len(today[first] - then[first]),
        gone=len(then[first] - today[first]),
        turned=len(turned & both),
    )


def _taken_over(meeting: Meeting) -> ColumnElement[bool]:
    """Of earlier meetings of the same scope: what was open when this one began."""
    return (
        (Decision.meeting_id < meeting.id)
        & Meeting.station_id.is_not_distinct_from(meeting.station_id)
        & Meeting.kind.is_not_distinct_from(meeting.kind)
        & (Decision.settled_at.is_(None) | (Decision.settled_at >= meeting.started_at))
    )


def _decisions(uow: UnitOfWork, *which: ColumnElement[bool]) -> Sequence[Decision]:
    where = which[0] if len(which) == 1 else which[0] | which[1]
    return uow.session.scalars(
        sight.decisions(uow.actor)
        .where(where)
        .options(joinedload(Decision.owner))
        .order_by(Decision.status != TO_DO, Decision.due_on, Decision.id)
        .limit(MOST)
    ).all()


def _waiting(uow: UnitOfWork, ids: Sequence[int]) -> dict[int, int]:
    """How many decisions of each meeting are open."""
    rows = uow.session.execute(
        select(Decision.meeting_id, func.count())
        .where(Decision.meeting_id.in_(ids), Decision.status == TO_DO)
        .group_by(Decision.meeting_id)
    )
    return dict(rows.all())


def _kept(uow: UnitOfWork, id: int, figure: FigureName) -> dict[Side, MeetingCases]:
    """What was kept of a figure; NotFound where the meeting is not about it."""
    rows = uow.session.scalars(
        select(MeetingCases).where(
            MeetingCases.meeting_id == id, MeetingCases.figure == figure.value
        )
    )
    kept = {Side(row.side): row for row in rows}
    if not kept:
        raise NotFound(subject="meeting", id=id)
    return kept

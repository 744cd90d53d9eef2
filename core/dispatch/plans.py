"""Days planned by the engine: what it proposes beside what stands, and taking it whole (E6)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from core.dispatch import figures, moves
from core.dispatch.asked import MINUTE, Asked, ask, is_fixed
from core.dispatch.board import Card
from core.dispatch.figures import Figures
from core.dispatch.moves import Place
from core.jobs.slots import wall_clock
from core.kernel.errors import InvalidInput, Problem, Refused, Stale
from core.kernel.inputs import parse
from core.kernel.unit_of_work import UnitOfWork
from core.planning.problem import Plan, Reason, Visit
from core.process.permissions import require

__all__ = ["Asked", "accept", "ask", "told"]


class Promise(StrEnum):
    """Who was told the time that a card has; the weightier first."""

    AGREED = "agreed"
    CONFIRMED = "confirmed"
    PLANNED = "planned"


@dataclass(frozen=True)
class Change:
    """A card at its proposed time; without one it is taken off the board."""

    card: Card
    technician_id: int
    technician: str
    start: datetime | None
    end: datetime | None

    @property
    def promise(self) -> Promise | None:
        """Who was told otherwise; None where nobody was."""
        if not self.card.start:
            return None
        if self.card.agreed_from:
            return Promise.AGREED
        return Promise.CONFIRMED if self.card.confirmed else Promise.PLANNED


@dataclass(frozen=True)
class Proposal:
    """What would change, first what somebody was told; what stays out and why; the figures."""

    since: date
    until: date
    changes: tuple[Change, ...]
    left_out: tuple[tuple[Card, Reason], ...]
    before: Figures
    after: Figures

    @property
    def told(self) -> tuple[Change, ...]:
        """The changes of which somebody was told otherwise."""
        return tuple(change for change in self.changes if change.promise)


def told(asked: Asked, plan: Plan) -> Proposal:
    """What a plan of the engine would change on the board."""
    cards = asked.cards
    out = [(cards[int(each.task)], each.reason) for each in plan.left_out]
    out += [(card, Reason.NOT_READY) for card in asked.unready]
    return Proposal(
        asked.since,
        asked.since + timedelta(days=asked.days - 1),
        tuple(sorted(_changes(asked, plan), key=_turn)),
        tuple(out),
        figures.of_visits(asked.question, _as_it_stands(asked)),
        figures.of_visits(asked.question, plan.visits),
    )


def _changes(asked: Asked, plan: Plan) -> Iterator[Change]:
    for visit in plan.visits:
        card, person = asked.cards[int(visit.task)], int(visit.technician)
        start, end = (asked.midnight + at * MINUTE for at in (visit.start, visit.end))
        if (card.technician_id, card.start) != (person, start):
            yield Change(card, person, asked.names[person], start, end)
    for each in plan.left_out:
        card = asked.cards[int(each.task)]
        # What is agreed is not dropped in silence: people find somebody, or call.
        if card.technician_id and card.is_planned and not is_fixed(card):
            yield Change(card, card.technician_id, card.technician, None, None)


def _turn(change: Change) -> tuple[int, bool, datetime, int]:
    order = [*Promise, None].index(change.promise)
    at = change.start or change.card.start
    assert at is not None  # it is planned, or was
    return order, change.start is None, at, change.card.case_id


def _as_it_stands(asked: Asked) -> Iterator[Visit]:
    for task in asked.question.tasks:
        card = asked.cards[int(task.id)]
        if card.start and card.technician_id:
            start = int((card.start - asked.midnight) / MINUTE)
            yield Visit(task.id, card.technician_id, start, start + task.minutes, 0)


def accept(uow: UnitOfWork, proposal: Proposal) -> int:
    """Carry out a proposal whole, against the versions it was made of; gives how many changed.

    InvalidInput names the case that stands in the way, and nothing has changed then.
    """
    require(uow, "job:dispatch")
    versions: dict[int, int] = {}
    # First every moved job leaves its place: one may be going where another one still is.
    for change in proposal.changes:
        if change.card.is_planned:
            off = replace(
                change, technician_id=change.card.technician_id or 0, start=None, end=None
            )
            versions[change.card.case_id] = _carry_out(uow, off, versions)
    for change in proposal.changes:
        if change.start:
            _carry_out(uow, change, versions)
    return len(proposal.changes)


def _carry_out(uow: UnitOfWork, change: Change, versions: Mapping[int, int]) -> int:
    card = change.card
    facts = {
        "technician_id": change.technician_id,
        "planned_from": change.start,
        "planned_to": change.end,
    }
    try:
        record = moves.place(
            uow,
            parse(Place, facts),
            case_id=card.case_id,
            job_id=card.job_id,
            seen_version=versions.get(card.case_id, card.version),
        )
    except Stale:
        raise InvalidInput(Problem("plan", "plan_stale", {"number": card.number})) from None
    except Refused as refused:
        times = wall_clock(uow, change.start, change.end) if change.start and change.end else {}
        told = {"number": card.number, "technician": change.technician} | times
        raise InvalidInput(Problem("plan", "plan_refused", told)) from refused
    uow.session.flush()
    version: int = record.version
    return version

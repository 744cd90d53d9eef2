"""A member as a customer's page shows it: points, level, what it gives, the ledger."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import joinedload

from core.customers import readings
from core.kernel.unit_of_work import UnitOfWork
from core.norms.revisions import in_force, norm_of
from core.points.ledger import PROCESS, balance, entries, level_of
from core.process.permissions import require
from core.process.rules import Rule
from db.codes import EntryStatus
from db.tables import PointEntry

SHOWN = 100


@dataclass(frozen=True)
class EntryView:
    """One entry of the ledger."""

    id: int
    version: int
    status: EntryStatus
    points: int
    reason: str
    at: datetime
    actor: str
    actions: tuple[Rule, ...]


@dataclass(frozen=True)
class Member:
    """A customer's points, the level that they reach, and the next one."""

    points: int
    level: str
    clause: str
    discount_percent: float
    # The next level and how many points are missing.
    next_level: str
    missing: int
    entries: tuple[EntryView, ...]


def of_customer(uow: UnitOfWork, *, customer_id: int) -> Member | None:
    """The member; None where the book has no points and none were booked, or nobody may read."""
    require(uow, "search:use")
    if not readings.is_open(uow, customer_id):
        return None
    of_theirs = entries(uow.actor).where(PointEntry.customer_id == customer_id)
    rows = uow.session.scalars(
        of_theirs.options(joinedload(PointEntry.actor)).order_by(PointEntry.id.desc()).limit(SHOWN)
    ).all()
    norm, speaks = norm_of(in_force(uow)), uow.actor.language
    if not (rows or norm.points or norm.member_levels):
        return None
    points = balance(uow, customer_id)
    level = level_of(norm, points)
    above = [each for each in norm.member_levels if each.from_points > points]
    following = min(above, key=lambda each: each.from_points, default=None)
    return Member(
        points=points,
        level=level.text[speaks] if level else "",
        clause=level.clause if level else "",
        discount_percent=level.discount_percent if level else 0,
        next_level=following.text[speaks] if following else "",
        missing=following.from_points - points if following else 0,
        entries=tuple(_view(uow, row) for row in rows),
    )


def _view(uow: UnitOfWork, row: PointEntry) -> EntryView:
    same = ("id", "version", "status", "points", "reason", "at")
    return EntryView(
        **{name: getattr(row, name) for name in same},
        actor=row.actor.name if row.actor else "",
        actions=PROCESS.allowed(uow.actor, row),
    )

"""Checks of the history that were asked for on the screens: the last one and what it found."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import select

from core.kernel.unit_of_work import UnitOfWork
from core.process import heads
from core.process.heads import Head
from core.process.permissions import require
from core.process.proof import Finding
from db.codes import Flaw
from db.tables import HistoryCheck, Person

READ = "history:verify"
MOST_KEPT = 100


@dataclass(frozen=True)
class Check:
    """A check: when, by whom, how many bad places, and the first ones."""

    at: datetime
    by: str
    places: int
    first: tuple[Finding, ...]


def last(uow: UnitOfWork) -> Check | None:
    """The newest check; None before the first one."""
    require(uow, READ)
    row = uow.session.execute(
        select(HistoryCheck, Person.name)
        .outerjoin(Person, Person.id == HistoryCheck.person_id)
        .order_by(HistoryCheck.id.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    check, name = row
    first = tuple(Finding(**said | {"flaw": Flaw(said["flaw"])}) for said in check.said)
    return Check(check.at, name or "", check.places, first)


def note(uow: UnitOfWork, found: Sequence[Finding]) -> None:
    """Keep what a check found."""
    require(uow, READ)
    said = [asdict(each) | {"flaw": each.flaw.value} for each in found[:MOST_KEPT]]
    row = HistoryCheck(at=uow.now, person_id=uow.actor.id, places=len(found), said=said)
    uow.session.add(row)


def newest_head(uow: UnitOfWork) -> Head | None:
    """The newest signed head; None before the first one."""
    require(uow, READ)
    kept = heads.kept(uow.session)
    return kept[-1] if kept else None


def take_head(uow: UnitOfWork) -> int:
    """Sign what all of the history is now."""
    require(uow, READ)
    return heads.take(uow).number


def heads_file(uow: UnitOfWork) -> bytes:
    """All heads, to be kept elsewhere."""
    require(uow, READ)
    return heads.content()

"""Whether the clock of the machine can be right: a step is noticed, and told to who looks after it.

What ticks beside the clock tells a step. A clock that goes far ahead would have every limit
escalated and every old thing forgotten: the work of every minute rests until somebody says that
the clock is right, or it goes back.
"""

import logging
import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from core.kernel.unit_of_work import UnitOfWork, transaction
from core.process import history
from core.process.permissions import require
from db.tables import History

log = logging.getLogger("aftercare")

EDIT = "access:edit"
CONFIRMED = "clock_confirmed"
# Less is no step: clocks are put right by seconds all the time.
STEP = timedelta(minutes=5)
# So far ahead the work of every minute rests; after so long without a fact a start is doubted.
FAR, SILENCE = timedelta(days=1), timedelta(days=30)
# Of these newest facts one may be later than now where the clock went back.
LATELY = 500


@dataclass(frozen=True)
class Doubt:
    """What speaks against the clock: by how much it is ahead (or behind), since when."""

    by: timedelta
    at: datetime
    rests: bool


class Watch:
    """What one process notices of its clock."""

    def __init__(self) -> None:
        """Nothing is noticed yet."""
        self.doubt: Doubt | None = None
        self._last: tuple[datetime, float] | None = None

    def may_work(self, engine: Engine, *, now: datetime, ticks: float | None = None) -> bool:
        """Look at the clock once a minute; whether the work of the minute may be done by it."""
        ticks = _ticks() if ticks is None else ticks
        before, self._last = self._last, (now, ticks)
        with transaction(engine, write=False) as session:
            if self.doubt and _confirmed_at(session, self.doubt.at):
                self.doubt = None
            step = _since_last_fact(session, now) if before is None else _step(before, now, ticks)
        if step:
            # At the start nobody can tell a wrong clock from a long holiday: it is asked only.
            self._note(step, now, may_rest=before is not None)
        return not (self.doubt and self.doubt.rests)

    def _note(self, step: timedelta, now: datetime, *, may_rest: bool) -> None:
        by = step + (self.doubt.by if self.doubt else timedelta())
        self.doubt = Doubt(by, now, rests=may_rest and by > FAR) if abs(by) > STEP else None
        if self.doubt:
            log.warning("the clock stepped by %s; the sweep rests: %s", step, self.doubt.rests)


WATCH = Watch()


def doubt(uow: UnitOfWork, *, watch: Watch = WATCH) -> Doubt | None:
    """What speaks against the clock; nothing once somebody said that it is right."""
    require(uow, EDIT)
    found = watch.doubt
    if found and not _confirmed_at(uow.session, found.at):
        return found
    rows = select(History.at, History.action).order_by(History.id.desc()).limit(LATELY)
    newest = None
    for at, action in uow.session.execute(rows):
        if action == CONFIRMED:
            break
        newest = max(at, newest or at)
    late = newest and newest - uow.clock
    return Doubt(-late, uow.clock, rests=False) if late and late > STEP else None


def confirm(uow: UnitOfWork) -> None:
    """Whoever looks after the machine says that its clock is right."""
    require(uow, EDIT)
    history.record(uow, subject="company", subject_id=1, action=CONFIRMED)


def _step(before: tuple[datetime, float], now: datetime, ticks: float) -> timedelta:
    step = now - before[0] - timedelta(seconds=ticks - before[1])
    return step if abs(step) > STEP else timedelta()


def _since_last_fact(session: Session, now: datetime) -> timedelta:
    """Nothing may have happened for long, or the clock is ahead: a person has to say which."""
    last = session.scalar(select(History.at).order_by(History.id.desc()).limit(1))
    return now - last if last and now - last > SILENCE else timedelta()


def _confirmed_at(session: Session, since: datetime) -> bool:
    said = select(History.id).where(
        History.subject == "company", History.subject_id == 1, History.action == CONFIRMED
    )
    return session.scalar(said.where(History.at >= since).limit(1)) is not None


def _ticks() -> float:
    # A machine that slept has a right clock: what ticks must have gone on meanwhile.
    clock = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if clock is None else time.clock_gettime(clock)

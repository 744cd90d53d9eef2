"""Keeping the roll-up: the minute's work, all anew, and a comparison with the cases."""

import time
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from itertools import chain

from dateutil.relativedelta import relativedelta
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from core.kernel import touched
from core.kernel.unit_of_work import Actor, UnitOfWork, unit_of_work
from core.kpi import rollup, sums
from core.kpi.counted import Key
from core.kpi.rollup import BATCH, Change
from core.norms.revisions import in_force, norm_of
from core.process.room import House
from db.tables import (
    Customer,
    FigureDay,
    FigureFact,
    FigureMark,
    FigureMonth,
    FigureState,
    ServiceRequest,
)

# To count brings no fact about: nothing follows from it.
HOUSE = House(())
# Transactions of one minute: the rest waits for the next one.
AT_ONCE = 40
# Between them whoever waits to write comes first: on SQLite a writer asks every tenth of a second.
BREATH = 0.2
# Differences that are named one by one.
SHOWN = 50
Say = Callable[[str], None]


def keep(
    engine: Engine,
    tool: Actor,
    *,
    now: datetime | None = None,
    most: int = AT_ONCE,
    wait: bool = False,
) -> None:
    """Count what changed, in so many transactions at most; nothing while somebody else counts.

    Unless this is to wait for them.
    """
    for _ in range(most):
        with unit_of_work(engine, tool, HOUSE, write=True, now=now) as uow:
            taken = rollup.step(uow, BATCH, wait=wait)
        if taken < BATCH:
            return
        time.sleep(BREATH)


def rebuild(engine: Engine, tool: Actor, say: Say, *, now: datetime | None = None) -> None:
    """Count every case anew, then add up every day anew, while people work.

    Readers see the old or the new of each case. The marks stay until their case is counted: what
    is stopped half way is finished by the next run, or by the minute's work.
    """
    with unit_of_work(engine, tool, HOUSE, write=True, now=now) as uow:
        touched.mark_all(uow.session.connection())
        left = uow.session.scalar(select(func.count()).select_from(FigureMark)) or 0
    taken = BATCH
    while taken:
        say(f"{left} cases and customers are to be counted.")
        with unit_of_work(engine, tool, HOUSE, write=True, now=now) as uow:
            taken = rollup.step(uow, BATCH, wait=True)
        left = max(0, left - taken)
        time.sleep(BREATH)
    with unit_of_work(engine, tool, HOUSE, write=False, now=now) as uow:
        months = list(_months(uow.session))
    for first, last in months:
        with unit_of_work(engine, tool, HOUSE, write=True, now=now) as uow:
            uow.session.scalars(select(FigureState).with_for_update()).one()
            sums.mend(uow.session, first, last)
        say(f"{first:%Y-%m} is added up.")
        time.sleep(BREATH)


def check(engine: Engine, tool: Actor, say: Say, *, now: datetime | None = None) -> int:
    """Compare facts with cases, days with facts, months with days; how many differ.

    What is known to wait for its count is left out.
    """
    wrong = 0
    with unit_of_work(engine, tool, HOUSE, write=False, now=now) as uow:
        for line in chain(_wrong_facts(uow), _wrong_days(uow)):
            wrong += 1
            if wrong <= SHOWN:
                say(line)
    return wrong


def _wrong_facts(uow: UnitOfWork) -> Iterator[str]:
    for change in _changes(uow):
        yield from (f"counted, and not so: {fact}" for fact in sorted(change.gone))
        yield from (f"not counted: {fact}" for fact in sorted(change.come))


def _wrong_days(uow: UnitOfWork) -> Iterator[str]:
    for first, last in _months(uow.session):
        for missing in (sums.missing, sums.missing_of_months):
            for *key, cases, hits, total in sorted(uow.session.execute(missing(first, last))):
                yield f"missing: {cases} cases, {hits} hits, {total} in {Key(*key)}"


def _changes(uow: UnitOfWork) -> Iterator[Change]:
    session = uow.session
    state = session.scalars(select(FigureState)).one()
    by = rollup.measure(uow, norm_of(in_force(uow)))
    if not rollup.is_current(state, by):
        return  # all of them wait
    queries = (*rollup.unwritten(state, by), select(FigureMark.request_id))
    waiting = {id for query in queries for id in session.scalars(query)}
    cases = [id for id in session.scalars(select(ServiceRequest.id)) if id not in waiting]
    yield from (rollup.change(session, by, some, ()) for some in rollup.slices(cases, BATCH))
    waiting = {*session.scalars(select(FigureMark.customer_id))}
    customers = [id for id in session.scalars(select(Customer.id)) if id not in waiting]
    yield from (rollup.change(session, by, (), some) for some in rollup.slices(customers, BATCH))


def _months(session: Session) -> Iterator[tuple[date, date]]:
    """The first and last day of every month with facts or sums."""
    columns = (FigureFact.day, FigureDay.day, FigureMonth.day)
    ends = [session.scalar(select(end(day))) for day in columns for end in (func.min, func.max)]
    days = [day for day in ends if day is not None]
    month = min(days).replace(day=1) if days else date.max
    while days and month <= max(days):
        following = month + relativedelta(months=1)
        yield month, following - timedelta(days=1)
        month = following

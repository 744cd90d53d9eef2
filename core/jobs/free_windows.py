"""Windows in which whoever is sent has time: what a customer may choose from (A1, S4)."""

from collections.abc import Iterator
from datetime import timedelta

from core.jobs import slots
from core.jobs.slots import BEGINS, ENDS
from core.kernel.unit_of_work import UnitOfWork
from core.roster import hours
from core.roster.hours import Interval
from db.tables import Job

# So many days ahead, so long each, not sooner than that, and no more than anybody reads.
DAYS, LENGTH, SHORTEST = 7, timedelta(hours=2), timedelta(hours=1)
NOTICE, MOST = timedelta(hours=4), 12


def of_job(uow: UnitOfWork, job: Job) -> tuple[Interval, ...]:
    """The next free windows of a job's technician, in UTC; the caller asks who may see the job."""
    days = [uow.today + timedelta(days=n) for n in range(DAYS)]
    worked = hours.over(uow, people=[job.technician_id], days=days)
    span = Interval(uow.clock, hours.whole(days[-1], uow.actor.zone_info).end)
    others = slots.taken([job.technician_id], span, BEGINS, ENDS).where(Job.id != job.id)
    busy = [Interval(start, end) for start, end in uow.session.execute(others)]
    shifts = (shift for day in days for shift in worked[day][job.technician_id].working)
    free = (
        window
        for shift in shifts
        for window in _cut(shift)
        if window.start >= uow.clock + NOTICE and not _meets(window, busy)
    )
    return tuple(window for window, _n in zip(free, range(MOST), strict=False))


def _cut(shift: Interval) -> Iterator[Interval]:
    start = shift.start
    while shift.end - start >= SHORTEST:
        end = min(start + LENGTH, shift.end)
        yield Interval(start, end)
        start = end


def _meets(window: Interval, busy: list[Interval]) -> bool:
    return any(each.start < window.end and window.start < each.end for each in busy)

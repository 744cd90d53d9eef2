"""Which facts lie in each source, and by what they are told."""

from collections.abc import Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from core.kpi import facts, goods, work
from core.kpi.facts import Facts, Moment
from core.kpi.figures import Source
from db.codes import Measure as Limits


@dataclass(frozen=True)
class Measure:
    """By what facts are told.

    As of when, in which zone, from which score a customer is content, within how many days the
    same fault is a repeat.
    """

    as_of: Moment
    zone: ZoneInfo
    unhappy_below: float
    repeat_days: int


OF_CASES: dict[Source, Callable[[Measure], Facts]] = {
    Source.SURVEYS: lambda by: facts.surveys(by.unhappy_below),
    Source.ANSWERS: lambda _: facts.answers(),
    Source.RESOLUTION: lambda by: facts.limits(Limits.RESOLUTION, by.as_of),
    Source.RESPONSE: lambda by: facts.limits(Limits.RESPONSE, by.as_of),
    Source.APPOINTMENT: lambda by: facts.limits(Limits.APPOINTMENT, by.as_of),
    Source.FOLLOW_UP: lambda by: facts.limits(Limits.FOLLOW_UP, by.as_of),
    Source.RESOLVED: lambda _: facts.resolved(),
    Source.RESOLUTION_TIME: lambda _: facts.resolved(),
    Source.RECEIVED: lambda _: facts.received(),
    Source.COMPLAINTS_DUE: lambda by: facts.complaints_due(by.as_of),
    Source.COMPLAINTS_ANSWERED: lambda _: facts.complaints_answered(),
    Source.FIRST_TIME: lambda by: work.first_time(by.repeat_days),
    Source.REPEATS: lambda by: work.repeats(by.repeat_days),
    Source.ARRIVALS: lambda by: work.arrivals(by.as_of),
    Source.JOBS: lambda by: work.jobs(by.repeat_days),
    Source.RETURNED: lambda _: goods.returned(),
    Source.RETURN_LOSS: lambda _: goods.losses(),
}
OF_CUSTOMERS = frozenset({Source.CUSTOMERS, Source.SOLD})
# They judge how this company works, and an old case out of a file was not worked on here.
JUDGING = frozenset(
    {
        *(Source.RESOLUTION, Source.RESOLUTION_TIME, Source.RESPONSE, Source.APPOINTMENT),
        *(Source.FIRST_TIME, Source.ARRIVALS, Source.FOLLOW_UP, Source.JOBS),
        *(Source.COMPLAINTS_DUE, Source.COMPLAINTS_ANSWERED),
    }
)

"""The first time that is free: a technician's work time without what is planned and the roads."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from core.roster.hours import Interval

QUARTER = timedelta(minutes=15)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def first(
    working: Iterable[Interval], taken: Sequence[Interval], within: Interval, length: timedelta
) -> Interval | None:
    """The first slot of a length between breaks and what is taken, on a quarter of an hour."""
    for span in working:
        start = _quarter(max(span.start, within.start))
        for gone in sorted(taken, key=lambda each: each.start):
            if start + length <= gone.start:
                break
            start = max(start, _quarter(gone.end))
        if start + length <= min(span.end, within.end):
            return Interval(start, start + length)
    return None


def _quarter(at: datetime) -> datetime:
    return at + (_EPOCH - at) % QUARTER

"""Public holidays and the weekends that are worked for them 调休, as the state announces them."""

from datetime import date, timedelta
from functools import lru_cache
from itertools import count, product

import holidays

# The first year of which the package knows the announcement.
FIRST = 2001


@lru_cache(maxsize=512)
def of_year(country: str | None, year: int) -> tuple[frozenset[date], frozenset[date]]:
    """The public days off and the make-up working days 调休 that touch a year."""
    if country is None:
        return frozenset(), frozenset()
    public = holidays.country_holidays(country, years=year)
    listed = frozenset(public)
    days_off = set(listed)
    # The package leaves out a plain weekend inside a break (Sunday 4 October 2026): a
    # shop that opens at weekends would otherwise work in the middle of National Day.
    for on, days in product(listed, (1, 2)):
        gap = {on + timedelta(days=number) for number in range(1, days + 1)}
        if on + timedelta(days=days + 1) in listed and all(day.weekday() > 4 for day in gap):
            days_off |= gap
    return frozenset(days_off), frozenset(public.weekend_workdays)


@lru_cache
def known_until(country: str) -> int:
    """The last year whose days off have been announced; later ones follow the law alone.

    Each year is announced in the autumn before it, and each announcement moves some weekends.
    """
    return next(year - 1 for year in count(FIRST) if not _is_announced(country, year))


def _is_announced(country: str, year: int) -> bool:
    # In China no year is without a weekend that is worked; the package lists those of other
    # years beside, where they touch this one.
    return any(day.year == year for day in of_year(country, year)[1])

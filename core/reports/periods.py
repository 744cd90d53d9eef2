"""The periods of reports: weeks from Monday, months, quarters, in the company's own days."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from core.kernel.period import midnight
from core.kpi.asked import Asked
from core.kpi.spans import DAY, Days
from db.codes import ReportEvery

LENGTHS = {
    ReportEvery.WEEK: relativedelta(weeks=1),
    ReportEvery.MONTH: relativedelta(months=1),
    ReportEvery.QUARTER: relativedelta(months=3),
}


def begin(day: date, every: ReportEvery) -> date:
    """The first day of the week, month or quarter that a day is in."""
    if every is ReportEvery.WEEK:
        return day - timedelta(days=day.weekday())
    first = day.replace(day=1)
    return (
        first if every is ReportEvery.MONTH else first.replace(month=(day.month - 1) // 3 * 3 + 1)
    )


def newest(today: date, every: ReportEvery, day: int) -> Days:
    """The last period whose report is due by today: on so many days after its end."""
    start = begin(today, every)
    if today < start + timedelta(days=day - 1):
        start = begin(start - DAY, every)
    return Days(begin(start - DAY, every), start - DAY)


def coming(today: date, every: ReportEvery, day: int) -> date:
    """The next day after today on which a report is made."""
    start, wait = begin(today, every), timedelta(days=day - 1)
    return start + wait if start + wait > today else start + LENGTHS[every] + wait


def is_months(days: Days) -> bool:
    """Whether a period is of whole months."""
    return days.first.day == 1 and (days.last + DAY).day == 1


def asked(days: Days, station_id: int | None) -> Asked:
    """What a report of a period asks of the figures."""
    return Asked(days.first, days.last, station_id, whole_months=is_months(days))


def back(days: Days, times: int) -> Days:
    """The period of the same length so many times before."""
    if not is_months(days):
        distance = (days.last - days.first + DAY) * times
        return Days(days.first - distance, days.last - distance)
    end = days.last + DAY
    length = (end.year - days.first.year) * 12 + end.month - days.first.month
    step = relativedelta(months=length * times)
    return Days(days.first - step, end - step - DAY)


def instants(days: Days, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The local midnights that a period begins with and ends before."""
    return midnight(days.first, zone), midnight(days.last + DAY, zone)

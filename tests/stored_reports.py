"""One row of everything that reports are stored in, and what the database refuses about it."""

from datetime import date, timedelta
from typing import Any

from db.codes import ReportContent, ReportEvery
from db.tables import Report
from tests.company_cast import NOW

DAY = date(2026, 1, 1)


def report(**facts: Any) -> Report:
    usual = {"name": "weekly", "content": ReportContent.FIGURES, "every": ReportEvery.WEEK}
    about = {"since": DAY, "until": DAY, "made_at": NOW, "data": {}}
    return Report(**usual | about | facts)


def fill(s: Any) -> None:
    """Rows of the table, with every reference filled, on the stage of the constraint tests."""
    s.report = s.add(report())
    s.add(report(station_id=1, made_by_id=s.technician))


SPOILERS: dict[str, Any] = {
    "ck_reports_in_order": lambda s: s.change(s.report, until=DAY - timedelta(days=1)),
    "ck_reports_by_rule": lambda s: s.change(s.report, every=None),
    "uq_reports_company": lambda s: s.add(report()),
    "uq_reports_station": lambda s: s.add(report(station_id=1)),
}

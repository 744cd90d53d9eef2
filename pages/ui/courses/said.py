"""Courses, and who takes part in them, in words."""

from datetime import datetime

from core.courses.view import SeatView
from pages.ui.kit import words
from pages.ui.kit.words import _

ICON = ":material/group:"


def taken(n: int, seats: int) -> str:
    """How many of the seats are taken."""
    return _("{n} of {seats}", n=n, seats=seats)


def span(starts_at: datetime, ends_at: datetime) -> str:
    """From when to when."""
    return f"{words.moment(starts_at, year=True)} – {words.moment(ends_at, year=True)}"


def exam(row: SeatView) -> str:
    """What was reached, and whether that is enough; empty without an exam."""
    if row.score is None:
        return ""
    tries = [str(each) for each in (row.score, row.second_score) if each is not None]
    reached = " → ".join(tries)
    if row.passed is None:
        return reached
    passed = _("{score}, passed", score=reached)
    return passed if row.passed else _("{score}, not passed", score=reached)


def certificate(row: SeatView) -> str:
    """The certificate with its days; empty without one."""
    if not row.certificate_no:
        return ""
    last = words.day(row.certificate_until)
    until = _("until {day}", day=last) if last else _("without an end")
    is_over = _("expired") if row.is_over else ""
    return " · ".join(part for part in (row.certificate_no, until, is_over) if part)

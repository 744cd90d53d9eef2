"""Maintenance: plans, their rounds, and how the days of the rounds are reckoned."""

from enum import StrEnum


class MaintenanceStatus(StrEnum):
    """Whether a plan makes cases."""

    ACTIVE = "active"
    PAUSED = "paused"
    ENDED = "ended"


class RoundStatus(StrEnum):
    """What became of a round of maintenance."""

    PLANNED = "planned"
    MADE = "made"
    DONE = "done"
    SKIPPED = "skipped"


class IntervalUnit(StrEnum):
    """What the time between two rounds is counted in."""

    WEEKS = "weeks"
    MONTHS = "months"


class CountedFrom(StrEnum):
    """The day that the rounds of a piece are counted from."""

    PURCHASE = "purchase"
    INSTALLATION = "installation"
    FIRST_DAY = "first_day"


class NextRound(StrEnum):
    """Whether the next round is counted from the due day, or from when the last one was done."""

    FIXED = "fixed"
    FLOATING = "floating"

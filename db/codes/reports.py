"""Reports that are made on a schedule."""

from enum import StrEnum


class ReportContent(StrEnum):
    """What a report tells: figures, what customers say (C12), quality by department (E21)."""

    FIGURES = "figures"
    FEEDBACK = "feedback"
    QUALITY = "quality"


class ReportEvery(StrEnum):
    """How often a report is made, and of how long a time."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"

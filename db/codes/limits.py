"""Time limits."""

from enum import StrEnum


class LimitUnit(StrEnum):
    """In what a time limit is counted (norms 1)."""

    WORKING_MINUTES = "working_minutes"
    WORKING_DAYS = "working_days"
    CLOCK_MINUTES = "clock_minutes"
    MOMENT = "moment"


class Measure(StrEnum):
    """What a time limit measures, so that figures can be drawn from it."""

    RESPONSE = "response"
    APPOINTMENT = "appointment"
    RESOLUTION = "resolution"
    FOLLOW_UP = "follow_up"
    # A step inside a case that its own figures do not judge by.
    STEP = "step"

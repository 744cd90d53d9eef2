"""Alarms of repeat faults."""

from enum import StrEnum


class AlarmStatus(StrEnum):
    """Whether somebody has dealt with an alarm (S8)."""

    OPEN = "open"
    SETTLED = "settled"

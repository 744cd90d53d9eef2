"""Meetings about figures, and what is decided there."""

from enum import StrEnum


class MeetingStatus(StrEnum):
    """Whether decisions are still taken in a meeting."""

    OPEN = "open"
    CLOSED = "closed"


class DecisionStatus(StrEnum):
    """What became of a decision."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"

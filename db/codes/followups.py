"""Follow-up calls."""

from enum import StrEnum


class FollowUpStatus(StrEnum):
    """Where a follow-up call stands (E3)."""

    DUE = "due"
    ANSWERED = "answered"
    UNREACHABLE = "unreachable"
    DROPPED = "dropped"

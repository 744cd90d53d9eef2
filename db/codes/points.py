"""Points of members."""

from enum import StrEnum


class EntryStatus(StrEnum):
    """Whether points that were booked still count."""

    BOOKED = "booked"
    COUNTERED = "countered"

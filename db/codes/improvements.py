"""Improvement measures."""

from enum import StrEnum


class ImprovementKind(StrEnum):
    """Whether a measure mends what went wrong or keeps it from coming back (C7)."""

    CORRECTIVE = "corrective"
    PREVENTIVE = "preventive"


class ImprovementStatus(StrEnum):
    """Where a measure of improvement stands (E14)."""

    PLANNED = "planned"
    DONE = "done"
    EFFECTIVE = "effective"
    INEFFECTIVE = "ineffective"

"""Quality feedback."""

from enum import StrEnum


class QualityStatus(StrEnum):
    """Where quality feedback stands (C7)."""

    RECORDED = "recorded"
    ASSESSED = "assessed"
    SAMPLED = "sampled"
    TESTED = "tested"
    ANALYSED = "analysed"
    SOLVED = "solved"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class Severity(StrEnum):
    """How grave a quality problem is (C7)."""

    MINOR = "minor"
    MAJOR = "major"
    CRITICAL = "critical"

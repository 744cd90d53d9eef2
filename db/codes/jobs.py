"""Jobs, visits and reports."""

from enum import StrEnum


class JobStatus(StrEnum):
    """Where a job stands."""

    ASSIGNED = "assigned"
    AGREED = "agreed"
    ON_SITE = "on_site"
    UNFINISHED = "unfinished"
    DONE = "done"
    CANCELLED = "cancelled"


class VisitOutcome(StrEnum):
    """How a visit ended."""

    DONE = "done"
    UNFINISHED = "unfinished"
    NO_ACCESS = "no_access"
    MOVED = "moved"
    CANCELLED = "cancelled"


class SymptomFound(StrEnum):
    """What came of checking the symptom again on site (E7)."""

    AS_TOLD = "as_told"
    OTHER = "other"
    NOT_SEEN = "not_seen"


class PhotoMoment(StrEnum):
    """Whether a photo shows the piece before the work or after it."""

    BEFORE = "before"
    AFTER = "after"


class SheetStatus(StrEnum):
    """What became of a report that came when it could not be taken any more."""

    KEPT = "kept"
    TAKEN_OVER = "taken_over"
    SET_ASIDE = "set_aside"


class JobResult(StrEnum):
    """What a job came to (E9)."""

    FIXED = "fixed"
    INSTALLED = "installed"
    ADVISED = "advised"
    NO_FAULT_FOUND = "no_fault_found"
    NOT_REPAIRABLE = "not_repairable"

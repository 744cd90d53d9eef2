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


class JobResult(StrEnum):
    """What a job came to (E9)."""

    FIXED = "fixed"
    INSTALLED = "installed"
    ADVISED = "advised"
    NO_FAULT_FOUND = "no_fault_found"
    NOT_REPAIRABLE = "not_repairable"

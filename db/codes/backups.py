"""What came of a copy of the company's data, and what stood in the way."""

from enum import StrEnum


class BackupOutcome(StrEnum):
    """How a copy ended: made and checked, or what kept it from being made."""

    MADE = "made"
    FAILED = "failed"
    CUT_OFF = "cut_off"


class BackupProblem(StrEnum):
    """Why no copy was made, or none brought back."""

    NOT_ABSOLUTE = "not_absolute"
    INSIDE_FILES = "inside_files"
    IS_THERE = "is_there"
    NO_COMPANY = "no_company"
    DAMAGED = "damaged"
    PROGRAM_MISSING = "program_missing"
    PROGRAM_FAILED = "program_failed"
    DISK = "disk"
    DATABASE = "database"
    NO_BACKUP = "no_backup"
    UNREADABLE = "unreadable"
    OTHER_KIND = "other_kind"
    NOT_EMPTY = "not_empty"
    NEWER = "newer"

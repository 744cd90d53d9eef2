"""What the machine or the database may have against a transaction, told apart for people."""

import errno
from enum import StrEnum

from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionLeft


class Hindrance(StrEnum):
    """Why nothing can be saved, or read, at the moment."""

    DISK = "disk"
    AWAY = "away"
    BUSY = "busy"
    READ_ONLY = "read_only"


# How the names of SQLite's errors, and the codes of PostgreSQL's, begin.
SQLITE = {
    "SQLITE_FULL": Hindrance.DISK,
    "SQLITE_IOERR": Hindrance.DISK,
    "SQLITE_BUSY": Hindrance.BUSY,
    "SQLITE_READONLY": Hindrance.READ_ONLY,
    "SQLITE_CANTOPEN": Hindrance.AWAY,
}
POSTGRESQL = {
    "53100": Hindrance.DISK,
    "58030": Hindrance.DISK,
    "25006": Hindrance.READ_ONLY,
    "53": Hindrance.BUSY,
    "55P03": Hindrance.BUSY,
    "57P": Hindrance.AWAY,
    "08": Hindrance.AWAY,
}
FULL = (errno.ENOSPC, errno.EDQUOT)


def of(error: BaseException) -> Hindrance | None:
    """What is in the way; None for an error of ours."""
    if isinstance(error, OSError):
        return Hindrance.DISK if error.errno in FULL else None
    if isinstance(error, NoConnectionLeft):
        return Hindrance.BUSY
    if not isinstance(error, DBAPIError):
        return None
    state = getattr(error.orig, "sqlstate", None)
    name = getattr(error.orig, "sqlite_errorname", "")
    if found := _known(POSTGRESQL, state or "") or _known(SQLITE, name):
        return found
    # A server that is not there, or went away, has no code of its own.
    is_silent = isinstance(error, OperationalError) and state is None and not name
    return Hindrance.AWAY if is_silent and hasattr(error.orig, "sqlstate") else None


def _known(table: dict[str, Hindrance], said: str) -> Hindrance | None:
    return next((each for start, each in table.items() if said.startswith(start)), None)

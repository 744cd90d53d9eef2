"""What keeps a copy from being made, or from being brought back."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError

from db.codes import BackupProblem


class BackupRefused(Exception):
    """No copy was made, or none was brought back: why, and where or as the system says it."""

    def __init__(self, problem: BackupProblem, said: object = "") -> None:
        super().__init__(problem, str(said))
        self.problem = problem
        self.said = str(said)


@contextmanager
def in_words() -> Iterator[None]:
    """What the disk or the database refuses is refused with what it said."""
    try:
        yield
    except OSError as error:
        raise BackupRefused(BackupProblem.DISK, error) from error
    except DBAPIError as error:
        raise BackupRefused(BackupProblem.DATABASE, error.orig) from error

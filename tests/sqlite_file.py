"""A database file that is put back as it was filled."""

import shutil
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Engine

from db import migrate
from db.session import make_engine


class SqliteFile:
    """A database file that is put back as it was filled."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.filled = path.with_suffix(".filled")
        self.engine = make_engine(f"sqlite:///{path}")

    def fill(self, fill: Callable[[Engine], None]) -> None:
        """Make the tables and what is in them, and keep a copy."""
        migrate.upgrade(self.engine)
        fill(self.engine)
        with self.engine.connect() as connection:  # everything into the file that is copied
            connection.connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self.engine.dispose()
        shutil.copyfile(self.path, self.filled)

    def put_back(self) -> None:
        """Let it be as it was filled."""
        # A new file, not new contents: whoever still has the old one open keeps that.
        for end in ("", "-wal", "-shm"):
            Path(f"{self.path}{end}").unlink(missing_ok=True)
        shutil.copyfile(self.filled, self.path)

"""A backup is brought back, into a place where nothing is."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from sqlalchemy.engine import make_url

from core.backups import copies
from core.backups.contents import Contents, check, files_of, kept_file, read
from core.backups.errors import BackupRefused
from core.kernel import database, sealing
from core.kernel.database import Standing
from core.kernel.unit_of_work import transaction
from core.process import heads
from db import files, migrate
from db.codes import BackupProblem
from db.session import database_url, make_engine

EMPTY = frozenset({Standing.NO_FILE, Standing.NO_TABLES})


class Key(StrEnum):
    """Whether the key that a backup was sealed with lies where this tool looks for it."""

    SAME = "same"
    OTHER = "other"
    MISSING = "missing"


@dataclass(frozen=True)
class Restored:
    """What came back, where the heads of what came later are now, and how the key stands."""

    contents: Contents
    heads_aside: Path | None
    key: Key


def restore(place: Path, *, now: datetime) -> Restored:
    """Make the database of DATABASE_URL and its files from a backup; gives what it holds.

    Refused where a database is already, and where the backup is not as its list says, or of a newer
    version of the tool: nothing is written then. The database comes last; tables of an older
    version are brought up to date. Heads of what came after the copy are set aside.
    """
    contents = read(place)
    faults = check(place)
    if faults:
        raise BackupRefused(BackupProblem.DAMAGED, ", ".join(map(str, faults[:5])))
    if not migrate.knows(contents.tables):
        raise BackupRefused(BackupProblem.NEWER, contents.tables)
    standing, _why = database.standing()
    if standing not in EMPTY:
        raise BackupRefused(BackupProblem.NOT_EMPTY, database.place())
    for digest in files_of(place, contents):
        files.keep(kept_file(place.parent, digest).read_bytes())
    copies.bring_back(place / contents.database, make_url(database_url()))
    engine = make_engine()
    try:
        migrate.upgrade(engine)
        with transaction(engine, write=False) as session:
            aside = heads.set_aside(session, at=now)
    finally:
        engine.dispose()
    return Restored(contents, aside, _key(contents))


def _key(contents: Contents) -> Key:
    found = sealing.fingerprint()
    if not found:
        return Key.MISSING
    return Key.SAME if found == contents.key or not contents.key else Key.OTHER

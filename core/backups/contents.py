"""What a backup holds, as its list says, and whether that is so."""

import hashlib
from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from core.backups import copies
from core.backups.errors import BackupRefused
from db import files
from db.codes import BackupProblem

CONTENTS = "backup.json"
PIECE = 1 << 20


class Contents(BaseModel):
    """The list of a backup; counts are those of the moment that was copied."""

    model_config = ConfigDict(frozen=True)

    company: str
    made_at: datetime
    database: str
    # SHA-256 of the database's file.
    digest: str
    # The newest migration that the database has.
    tables: str
    cases: int
    history: int
    # Rows of the history that were not as they were written, already then.
    altered: int
    # Which key the history was sealed with; the key itself is in no backup.
    key: str = ""
    # SHA-256 of each file that a row names.
    files: tuple[str, ...]
    # Files that a row names and that were missing or damaged already then.
    lost: tuple[str, ...] = ()
    # Files that went with persons who were erased on request: of them nothing is kept.
    erased: tuple[str, ...] = ()


def read(place: Path) -> Contents:
    """The list of a backup; BackupRefused where there is none that can be read."""
    try:
        return Contents.model_validate_json((place / CONTENTS).read_text("utf-8"))
    except FileNotFoundError as error:
        raise BackupRefused(BackupProblem.NO_BACKUP, place) from error
    except (ValidationError, UnicodeDecodeError) as error:
        raise BackupRefused(BackupProblem.UNREADABLE, place / CONTENTS) from error


def check(place: Path) -> tuple[Path, ...]:
    """What is missing or not as the list says: the database, and each file by its content."""
    contents = read(place)
    database = place / contents.database
    named = {kept_file(place.parent, digest): digest for digest in files_of(place, contents)}
    wrong = [
        file
        for file, digest in {database: contents.digest, **named}.items()
        if not file.is_file() or digest_of(file) != digest
    ]
    return tuple(wrong) if wrong or copies.is_sound(database) else (database,)


def files_of(place: Path, contents: Contents) -> tuple[str, ...]:
    """The files that a backup should hold: those of its list, less what was erased since."""
    later = (read(each.parent) for each in place.parent.glob(f"*/{CONTENTS}"))
    gone = {d for each in later if each.company == contents.company for d in each.erased}
    return tuple(
        each
        for each in contents.files
        if each not in gone or kept_file(place.parent, each).is_file()
    )


def kept_file(folder: Path, digest: str) -> Path:
    """Where the backups of a folder keep a file."""
    return files.within(folder / "files", digest)


def digest_of(file: Path) -> str:
    """The SHA-256 of a file, read in pieces."""
    sum = hashlib.sha256()
    with file.open("rb") as source:
        while piece := source.read(PIECE):
            sum.update(piece)
    return sum.hexdigest()

"""`python -m core backup DIR` and `python -m core restore DIR/NAME`."""

import sys
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine

from core.backups import making, moving, restoring
from core.backups.contents import read
from core.backups.errors import BackupRefused
from core.backups.restoring import Key
from core.kernel import database, sealing
from core.process import heads
from db.codes import BackupProblem

KEYS = {
    Key.MISSING: "There is no key of the history here: its seals cannot be checked.",
    Key.OTHER: "The key of the history here is another one than that of this copy.",
}
SAID = {
    BackupProblem.NOT_ABSOLUTE: "Give the whole path of a folder",
    BackupProblem.INSIDE_FILES: "Backups cannot lie among the files that they copy",
    BackupProblem.IS_THERE: "There is a backup of this second already",
    BackupProblem.NO_COMPANY: "The database holds no company",
    BackupProblem.DAMAGED: "The copy is not as it was written",
    BackupProblem.PROGRAM_MISSING: "A program of PostgreSQL is needed and not installed",
    BackupProblem.PROGRAM_FAILED: "PostgreSQL refused",
    BackupProblem.DISK: "The disk refused",
    BackupProblem.DATABASE: "The database refused",
    BackupProblem.NO_BACKUP: "There is no backup",
    BackupProblem.UNREADABLE: "The list of the backup cannot be read",
    BackupProblem.OTHER_KIND: "The copy is of the other kind of database",
    BackupProblem.NOT_EMPTY: "There is a database already, and it stays as it is",
    BackupProblem.NEWER: "The backup is of a newer version of the tool; install that first",
}


def backup(engine: Engine, folder: Path, now: datetime) -> int:
    """Copy everything while people work; 0 when it is made and checked."""
    try:
        place = making.make(engine, folder.absolute(), now=now)
    except BackupRefused as refused:
        return _not_done(refused)
    contents = read(place)
    print(f"{place}: {contents.cases} cases, {contents.history} rows of history, ", end="")
    print(f"{len(contents.files)} files; read back and as it was written.")
    if contents.altered:
        print(f"{contents.altered} rows of the history were altered before: run verify.")
    print(f"The key {sealing.key_file()} is not in it: keep a copy of that apart, once.")
    for each in contents.lost:
        print(f"A file was missing or damaged already: {each}")
    if contents.erased:
        print(f"{len(contents.erased)} files went with persons who were erased on request.")
    return 1 if contents.altered or contents.lost else 0


def move(source: Engine, to: str, folder: Path | None) -> int:
    """Take the company over to another database; 0 when every row is there and the same."""
    try:
        moved = moving.move(source, to, folder=folder.absolute() if folder else None)
    except BackupRefused as refused:
        return _not_done(refused)
    print(f"{moved.rows} rows of {moved.tables} tables are in {database.place(to)}; ", end="")
    print("each was read back beside its original and is the same.")
    if folder:
        print(f"{moved.files - len(moved.lost)} files are in {folder}.")
    for each in moved.lost:
        print(f"A file was missing or damaged already: {each}")
    return 1 if moved.lost else 0


def restore(place: Path, now: datetime) -> int:
    """Bring a backup back where nothing is; 0 when it is there."""
    try:
        back = restoring.restore(place.absolute(), now=now)
    except BackupRefused as refused:
        return _not_done(refused)
    contents = back.contents
    print(f"{contents.company}, as of {contents.made_at:%Y-%m-%d %H:%M} UTC: ", end="")
    print(f"{contents.cases} cases and {len(contents.files)} files are back. Now run verify.")
    if back.heads_aside:
        print(f"Signed heads of what came after this copy are kept in {back.heads_aside}; ", end="")
        print(f"{heads.file()} holds those that fit it.")
    if back.key is not Key.SAME:
        print(f"{KEYS[back.key]} Bring the key to {sealing.key_file()} before anybody works.")
    return 0


def _not_done(refused: BackupRefused) -> int:
    print(
        f"Nothing was done. {SAID[refused.problem]}: {refused.said}".rstrip(": "), file=sys.stderr
    )
    return 1

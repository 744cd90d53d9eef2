"""A backup: the database, the files that its rows name, and a list that both are checked by."""

import shutil
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from core.backups import copies
from core.backups.contents import CONTENTS, Contents, digest_of, kept_file, read
from core.backups.errors import BackupRefused, in_words
from core.house import HOUSE
from core.kernel import sealing
from core.kernel.unit_of_work import UnitOfWork, system_actor
from core.process import history, proof
from db import files
from db.codes import BackupProblem
from db.tables import Company, History, ServiceRequest

DRAFT = ".making-"
# A draft that is older, in seconds, was left by a process that was killed.
LEFT = 24 * 3600
PRIVATE = 0o700
# Every column that names a file beside the database.
NAMED = tuple(proof.naming())


def make(engine: Engine, folder: Path, *, now: datetime) -> Path:
    """Copy everything into a new folder below this one while people work, and check it there.

    It gets its name when it is whole: a backup that was killed is none.
    """
    with in_words():
        return _make(engine, folder, now)


def _make(engine: Engine, folder: Path, now: datetime) -> Path:
    _may_hold(folder)
    folder.mkdir(PRIVATE, parents=True, exist_ok=True)
    place = folder / f"{now:%Y%m%dT%H%M%SZ}"
    if place.exists():
        raise BackupRefused(BackupProblem.IS_THERE, place)
    draft = folder / f"{DRAFT}{place.name}"
    _sweep_up(folder, now)
    draft.mkdir(PRIVATE)
    try:
        contents = _fill(engine, draft, folder, now)
        files.write(draft / CONTENTS, contents.model_dump_json(indent=1).encode())
        draft.rename(place)
        _drop_erased(folder, contents)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return place


def drop_old(folder: Path, company: str, keep: int) -> tuple[Path, ...]:
    """Keep the newest backups of this company, and the files that they name; gives what went."""
    made = [(place, read(place)) for place in kept(folder)]
    own = [place for place, contents in made if contents.company == company]
    gone = tuple(own[:-keep])
    for place in gone:
        shutil.rmtree(place)
    if gone:
        named = {each for place, contents in made if place not in gone for each in contents.files}
        for file in (folder / "files").glob("*/*"):
            if file.name not in named and not file.name.startswith("."):
                file.unlink()
    return gone


def _drop_erased(folder: Path, contents: Contents) -> None:
    """What went with an erased person goes from the backups too, but for another company's."""
    made = (read(place) for place in kept(folder))
    others = {d for each in made if each.company != contents.company for d in each.files}
    for digest in set(contents.erased) - others:
        kept_file(folder, digest).unlink(missing_ok=True)


def kept(folder: Path) -> list[Path]:
    """The backups in a folder, the oldest first."""
    return sorted(
        each.parent for each in folder.glob(f"*/{CONTENTS}") if each.parent.name[0] != "."
    )


def size(place: Path) -> int:
    """The bytes of a backup's own folder; the files are shared with the others beside it."""
    return sum(each.stat().st_size for each in place.iterdir())


def _may_hold(folder: Path) -> None:
    if not folder.is_absolute():
        raise BackupRefused(BackupProblem.NOT_ABSOLUTE, folder)
    source = files.folder().resolve()
    if folder.resolve() == source or source in folder.resolve().parents:
        raise BackupRefused(BackupProblem.INSIDE_FILES, folder)


def _sweep_up(folder: Path, now: datetime) -> None:
    for each in folder.glob(f"{DRAFT}*"):
        if now.timestamp() - each.stat().st_mtime > LEFT:
            shutil.rmtree(each, ignore_errors=True)


def _fill(engine: Engine, draft: Path, folder: Path, now: datetime) -> Contents:
    database = draft / copies.NAMES[copies.kind(engine)]
    with copies.copied(engine, database) as session:
        database.chmod(0o600)
        contents = _contents(session, database, now)
    lost = tuple(each for each in contents.files if not store(kept_file(folder, each), each))
    there = tuple(each for each in contents.files if each not in lost)
    if not copies.is_sound(database):
        raise BackupRefused(BackupProblem.DAMAGED, database)
    return contents.model_copy(update={"files": there, "lost": lost})


def _contents(session: Session, database: Path, now: datetime) -> Contents:
    company = session.get(Company, 1)
    if company is None:
        raise BackupRefused(BackupProblem.NO_COMPANY)
    kept, erased = named(session)
    uow = UnitOfWork(session, system_actor(company.time_zone, company.name), now, HOUSE)
    return Contents(
        company=company.name,
        made_at=now,
        database=database.name,
        digest=digest_of(database),
        tables=copies.schema(session.connection()),
        cases=_count(session, ServiceRequest.id),
        history=_count(session, History.id),
        altered=len(history.verify(uow)),
        key=sealing.fingerprint(),
        files=tuple(sorted(kept)),
        erased=tuple(sorted(erased)),
    )


def _count(session: Session, column: object) -> int:
    return session.scalar(select(func.count(column))) or 0  # type: ignore[arg-type]


def named(session: Session) -> tuple[set[str], set[str]]:
    """The files that rows name, by their digests, and those that were erased on request."""
    found = {each for column in NAMED for each in session.scalars(select(column)) if each}
    # What somebody attached again since is there again.
    erased = {each for each in history.erased_files(session) if files.size(each) is None}
    return found - erased, erased


def store(target: Path, digest: str) -> bool:
    """Bring a file to a place, unless it is there; False where it is lost or damaged."""
    if target.is_file() and digest_of(target) == digest:
        return True
    content = files.load(digest)
    if content is None or files.sha256(content) != digest:
        return False
    files.write(target, content)
    return True

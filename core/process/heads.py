"""Heads: what all of the history was at a moment, chained and signed with the key.

They are lines of a file, best where the owner of the database cannot write. Who cuts the newest
rows off, or writes all of it anew, meets a head that says what was there.
"""

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from core.kernel import sealing
from core.kernel.unit_of_work import UnitOfWork
from db import files
from db.tables import Company, History, RecordChange

EVERY = timedelta(days=1)
PART = 5000
NOTHING = "0" * 64


@dataclass(frozen=True)
class Head:
    """The history up to a row: how many rows and changes there were, and the digest of all."""

    number: int
    at: str
    # When the company was set up: several companies may share one file, as the demo company does.
    company: str
    history_id: int
    change_id: int
    rows: int
    changes: int
    digest: str
    previous: str
    signature: str

    @property
    def is_signed(self) -> bool:
        """Whether the signature is of this key and these facts."""
        return self.signature == _signature(self)


def file() -> Path:
    """Where heads are written: AFTERCARE_HEADS, else beside the key."""
    named = os.environ.get("AFTERCARE_HEADS")
    return Path(named) if named else sealing.key_file().with_suffix(".heads")


def kept(session: Session) -> tuple[Head, ...]:
    """All heads that were written of a company, the oldest first."""
    try:
        lines = file().read_text("utf-8").splitlines()
    except FileNotFoundError:
        return ()
    own, found = _company(session), (Head(**json.loads(line)) for line in lines)
    return tuple(head for head in found if head.company == own)


def content() -> bytes:
    """The file of heads as it is."""
    return file().read_bytes() if file().is_file() else b""


def is_due(uow: UnitOfWork) -> bool:
    """Whether the newest head is a day old."""
    heads = kept(uow.session)
    return not heads or datetime.fromisoformat(heads[-1].at) <= uow.clock - EVERY


def take(uow: UnitOfWork) -> Head:
    """Write a head over all of the history up to now.

    Who writes meanwhile waits, so that every row up to the last one is there or never comes.
    """
    session = uow.session
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("LOCK TABLE history, record_changes IN SHARE ROW EXCLUSIVE MODE"))
    heads = kept(session)
    before = heads[-1] if heads else _start()
    ids = [session.scalar(select(func.max(noun.id))) or 0 for noun in (History, RecordChange)]
    digest, counted = _digest(session, before, *ids)
    head = Head(
        number=before.number + 1,
        at=uow.clock.isoformat(),
        company=_company(session),
        history_id=ids[0],
        change_id=ids[1],
        rows=before.rows + counted[0],
        changes=before.changes + counted[1],
        digest=digest,
        previous=before.signature,
        signature="",
    )
    head = Head(**(vars(head) | {"signature": _signature(head)}))
    _append(head)
    return head


def set_aside(session: Session, *, at: datetime) -> Path | None:
    """After an older copy came back: the heads of what came later go into a file beside.

    The whole file is kept there as it was; gives its place, None where no head speaks of later.
    """
    if not file().is_file():
        return None
    ids = [session.scalar(select(func.max(noun.id))) or 0 for noun in (History, RecordChange)]
    own, before = _company(session), file().read_bytes()
    lines = before.decode("utf-8").splitlines(keepends=True)
    fits = [line for line in lines if _fits(Head(**json.loads(line)), own, ids)]
    if len(fits) == len(lines):
        return None
    aside = file().with_name(f"{file().name}.{at:%Y%m%dT%H%M%SZ}")
    files.write(aside, before)
    files.write(file(), "".join(fits).encode())
    return aside


def _fits(head: Head, company: str, ids: list[int]) -> bool:
    is_later = head.history_id > ids[0] or head.change_id > ids[1]
    return head.company != company or not is_later


def wrong(session: Session) -> Iterator[int]:
    """The numbers of the heads that the history does not fit; the first bad one ends it."""
    before = _start()
    for head in kept(session):
        digest, counted = _digest(session, before, head.history_id, head.change_id)
        sums = before.rows + counted[0], before.changes + counted[1]
        follows = (head.number, head.previous) == (before.number + 1, before.signature)
        same = (head.digest, head.rows, head.changes) == (digest, *sums)
        if not (follows and same and head.is_signed):
            yield head.number
            return
        before = head


def _company(session: Session) -> str:
    return session.scalars(select(Company.set_up_at)).one().isoformat()


def _start() -> Head:
    return Head(0, "", "", 0, 0, 0, 0, NOTHING, "", "")


def _digest(session: Session, before: Head, *ids: int) -> tuple[str, tuple[int, int]]:
    """The digest of the head before and of all rows since, up to these ids; how many they are."""
    sum = hashlib.sha256(before.digest.encode())
    kinds = (
        (History.id, History.hash, before.history_id),
        (RecordChange.id, RecordChange.seal, before.change_id),
    )
    counts = []
    for (id, said, low), high in zip(kinds, ids, strict=True):
        query = select(id, said).where(id > low, id <= high).order_by(id)
        count = 0
        for each in session.execute(query.execution_options(yield_per=PART)):
            sum.update(sealing.canonical(list(each)))
            count += 1
        counts.append(count)
    return sum.hexdigest(), (counts[0], counts[1])


def _signature(head: Head) -> str:
    facts: dict[str, Any] = vars(head) | {"signature": ""}
    return sealing.seal(facts)


def _append(head: Head) -> None:
    place = file()
    place.parent.mkdir(0o700, parents=True, exist_ok=True)
    line = json.dumps(vars(head), ensure_ascii=False) + "\n"
    handle = os.open(place, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(handle, line.encode())
        os.fsync(handle)
    finally:
        os.close(handle)

"""The chain of the history: a row for each change, with the hash of the one before it."""

import hashlib
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.kernel import sealing
from db.tables import History


def add(session: Session, *, subject: str, subject_id: int, at: datetime, **facts: Any) -> History:
    """Add a row to the chain of a subject."""
    last = session.scalar(
        select(History)
        .where(History.subject == subject, History.subject_id == subject_id)
        .order_by(History.sequence.desc())
        .limit(1)
    )
    row = History(
        subject=subject,
        subject_id=subject_id,
        sequence=last.sequence + 1 if last else 1,
        at=at,
        previous_hash=last.hash if last else "",
        **facts,
    )
    row.hash = digest(row)
    session.add(row)
    session.flush()
    return row


def digest(row: History) -> str:
    """The SHA-256 of a row's facts and of the hash before it."""
    facts = [
        row.previous_hash,
        row.subject,
        row.subject_id,
        row.sequence,
        row.case_id,
        row.action,
        row.old,
        row.new,
        row.actor_id,
        round(row.at.timestamp() * 1_000_000),
        row.note,
        row.data,
    ]
    return digest_of(facts)


def digest_of(said: Any) -> str:
    """The SHA-256 of plain data in its canonical form."""
    return hashlib.sha256(sealing.canonical(said)).hexdigest()

"""Sign-ins: who holds a browser's cookie, how long, and what ends it."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

import bcrypt
from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session, joinedload

from core.errors import NotFound
from core.inputs import clean_line
from core.unit_of_work import Actor
from db.codes import Language
from db.tables import Company, Person, SignIn

DAYS = 7
TRIES = 5
LOCK = timedelta(minutes=10)
# Checked for unknown names, so that a wrong name takes as long as a wrong password.
NOBODY = bcrypt.hashpw(secrets.token_bytes(16), bcrypt.gensalt(4)).decode()


@dataclass(frozen=True)
class Credentials:
    """What the sign-in form checks a password against."""

    name: str
    password_hash: str


def credentials(session: Session, username: str, now: datetime) -> Credentials | None:
    """What to check a password against; None for unknown, disabled and locked people."""
    person = session.scalar(_named(username).where(Person.active))
    if person is None or (person.locked_until and person.locked_until > now):
        return None
    return Credentials(person.name, person.password_hash)


def is_locked(session: Session, username: str, now: datetime) -> bool:
    """Whether too many wrong passwords have locked the name for a while."""
    person = session.scalar(_named(username))
    return person is not None and person.locked_until is not None and person.locked_until > now


def note_failure(session: Session, username: str, now: datetime) -> None:
    """Count a wrong password; the fifth in a row locks the name for ten minutes."""
    # Locked, so that guesses sent all at once are counted one by one.
    person = session.scalar(_named(username).with_for_update())
    if person is None:
        return
    person.failed_sign_ins += 1
    if person.failed_sign_ins >= TRIES:
        person.failed_sign_ins = 0
        person.locked_until = now + LOCK


def open_for(session: Session, username: str, now: datetime) -> str:
    """Open a sign-in for a person whose password was right; its secret goes into the cookie."""
    person = session.scalar(_named(username).where(Person.active))
    if person is None:
        raise NotFound(subject="person")
    person.failed_sign_ins = 0
    person.locked_until = None
    secret = secrets.token_urlsafe(32)
    expires = now + timedelta(days=DAYS)
    session.add(
        SignIn(digest=_digest(secret), person_id=person.id, started_at=now, expires_at=expires)
    )
    return secret


def end(session: Session, secret: str, now: datetime) -> None:
    """End one sign-in: its cookie is worth nothing from now on."""
    session.execute(
        update(SignIn)
        .where(SignIn.digest == _digest(secret), SignIn.ended_at.is_(None))
        .values(ended_at=now)
    )


def end_all(session: Session, person_id: int, now: datetime) -> None:
    """End all sign-ins of a person."""
    session.execute(
        update(SignIn)
        .where(SignIn.person_id == person_id, SignIn.ended_at.is_(None))
        .values(ended_at=now)
    )


def holder(
    session: Session, secret: str, now: datetime, *, guess: Language | None = None
) -> Actor | None:
    """Who holds this sign-in, as the database says now; one query.

    The language is the person's own, else the browser's guess, else the company's.
    """
    row = session.execute(
        select(Person, Company)
        .join(SignIn, SignIn.person_id == Person.id)
        .join(Company, Company.id == 1)
        .options(joinedload(Person.station))
        .where(
            SignIn.digest == _digest(secret),
            SignIn.ended_at.is_(None),
            SignIn.expires_at > now,
            Person.active,
        )
    ).one_or_none()
    return actor_of(*row, guess=guess) if row else None


def actor_of(person: Person, company: Company, *, guess: Language | None = None) -> Actor:
    """A person as the one who acts."""
    return Actor(
        id=person.id,
        name=person.name,
        role=person.role,
        station_id=person.station_id,
        station=person.station.name if person.station else "",
        language=person.language or guess or company.language,
        zone=company.time_zone,
        company=company.name,
        department=person.department,
        is_head=person.is_head,
    )


def _named(username: str) -> Select[Person]:
    # PostgreSQL chokes on control characters, which the sign-in form may bring.
    return select(Person).where(Person.username == clean_line(username))


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()

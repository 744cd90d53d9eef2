"""Sign-ins: who holds a browser's cookie, how long, and what ends it."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

import bcrypt
from sqlalchemy import Select, delete, select, update
from sqlalchemy.orm import Session, joinedload

from core.kernel.errors import NotFound
from core.kernel.unit_of_work import Actor, UnitOfWork, actor_of
from core.people import attempts
from core.people.attempts import Reserved, clean_name
from db.codes import Language
from db.tables import Company, Person, SignIn

DAYS = 7
# How long a browser is known as somebody's after the sign-in has ended.
KNOWN = timedelta(days=180)
# Nobody's password, checked where there is none to check: it takes as long, and fails.
NOBODY = "$2b$12$YW8OYecP/jnyDuRl7MfEOeLHlb3h.IfC0370U6yxb24MSR1QIY9Iq"
# What bcrypt reads of a password.
MOST_BYTES = 72


@dataclass(frozen=True)
class Attempt:
    """A try that was written down: what its password is checked against, and how it stands."""

    reserved: Reserved
    name: str
    password_hash: str

    def story(self) -> str:
        """For the log, without names: what came of it, and what is counted."""
        standing, browser = self.reserved.standing, self.reserved.visitor.known
        came = "failed" if self.reserved.id else f"refused until {standing.until:%H:%M} UTC"
        counts = f"{standing.wrong} wrong tries before, {standing.from_address} from there"
        return f"{came}; {counts}; the browser is {'known' if browser else 'unknown'}"


def attempt(
    session: Session, username: str, now: datetime, *, address: str = "", browser: str = ""
) -> Attempt:
    """Write a try down; unknown, disabled and refused ones are checked against nobody's password.

    `browser` is the secret of the sign-in that the browser had last, worth nothing any more or not.
    """
    person = session.scalar(_named(username).where(Person.active))
    who = attempts.visitor(session, username, address, _known(session, person, browser))
    reserved = attempts.reserve(session, who, now)
    if person is None or reserved.id is None:
        return Attempt(reserved, "", NOBODY)
    return Attempt(reserved, person.name, person.password_hash)


def is_right(tried: Attempt, password: str) -> bool:
    """Whether the password is the one; it takes a quarter of a second, whatever the answer."""
    given = password.strip().encode()
    same = bcrypt.checkpw(given[:MOST_BYTES], tried.password_hash.encode())
    return same and len(given) <= MOST_BYTES and tried.password_hash != NOBODY


def open_for(
    session: Session, username: str, now: datetime, *, tried: Attempt | None = None
) -> str:
    """Open a sign-in for a person whose password was right; its secret goes into the cookie.

    NotFound when the person is gone or got another password meanwhile, or has to wait.
    """
    person = session.scalar(_named(username).where(Person.active))
    own = tried.reserved if tried else None
    who = own.visitor if own else attempts.visitor(session, username)
    waits = attempts.standing(session, who, now, besides=own.id if own else None).until > now
    if person is None or waits or (tried and tried.password_hash != person.password_hash):
        raise NotFound(subject="person")
    attempts.clear(session, who)
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


def forget_old(uow: UnitOfWork) -> None:
    """Drop the sign-ins whose browsers are known no more."""
    uow.session.execute(delete(SignIn).where(SignIn.started_at < uow.now - KNOWN))


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


def _named(username: str) -> Select[Person]:
    return select(Person).where(Person.username == clean_name(username))


def _known(session: Session, person: Person | None, browser: str) -> str:
    if person is None or not browser:
        return ""
    theirs = select(SignIn.digest).where(
        SignIn.digest == _digest(browser), SignIn.person_id == person.id
    )
    return session.scalar(theirs) or ""


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()

"""Sign-ins: who holds a browser's cookie, how long, and what ends it."""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial
from typing import Any

import bcrypt
from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session, joinedload

from core.kernel.errors import NotFound
from core.kernel.unit_of_work import Actor, UnitOfWork, actor_of
from core.people import attempts, records, unwritten
from core.people.attempts import Reserved, Visitor, clean_name
from core.people.records import Place
from db.codes import AccessKind, Language
from db.tables import Company, Person, SecondStep, SignIn

DAYS = 7
# How long a browser is known as somebody's after the sign-in has ended.
KNOWN = timedelta(days=180)
# A sign-in that began later than that from now is of a clock that was wrong.
MOST_AHEAD = timedelta(days=1)
# Of one's own list.
SHOWN = 50
# Nobody's password, checked where there is none to check: it takes as long, and fails.
NOBODY = "$2b$12$YW8OYecP/jnyDuRl7MfEOeLHlb3h.IfC0370U6yxb24MSR1QIY9Iq"
# What bcrypt reads of a password.
MOST_BYTES = 72
# When the holders of sign-ins last did something, until the minute's sweep writes it down: a page
# that is only read need not wait for the database to be written.
_SEEN: dict[str, datetime] = {}


Reserve = Callable[[Session, Visitor, datetime], Reserved]


class Lacking(StrEnum):
    """What a sign-in whose password was right still lacks."""

    CODE = "code"
    PASSWORD = "password"
    CODES = "codes"


@dataclass(frozen=True)
class Held:
    """Who holds a sign-in, and what it still lacks before anything opens to it."""

    actor: Actor
    lacking: Lacking | None


@dataclass(frozen=True)
class SignInView:
    """One's own sign-in somewhere: when it was opened and last used, and where."""

    started_at: datetime
    seen_at: datetime
    address: str
    agent: str
    is_this: bool


@dataclass(frozen=True)
class Attempt:
    """A try that was written down: what its password is checked against, and how it stands."""

    reserved: Reserved
    name: str
    password_hash: str
    person_id: int | None = None

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
    return _attempt(session, username, now, address, browser, attempts.reserve)


def attempt_unwritten(
    session: Session, username: str, now: datetime, *, address: str = "", browser: str = ""
) -> Attempt:
    """As `attempt`, while nothing can be written."""
    return _attempt(session, username, now, address, browser, unwritten.reserve)


def _attempt(
    session: Session, username: str, now: datetime, address: str, browser: str, reserve: Reserve
) -> Attempt:
    person = session.scalar(_named(username).where(Person.active))
    who = attempts.visitor(session, username, address, _known(session, person, browser))
    reserved = reserve(session, who, now)
    id = person.id if person else None
    if person is None or reserved.id is None:
        return Attempt(reserved, "", NOBODY, id)
    return Attempt(reserved, person.name, person.password_hash, id)


def attempt_again(session: Session, secret: str, now: datetime, address: str = "") -> Attempt:
    """As `attempt`, by whoever is signed in already and is asked for the password once more."""
    row = open_row(session, secret)
    person = session.get(Person, row.person_id) if row else None
    name = person.username if person else ""
    return attempt(session, name, now, address=address, browser=secret)


def is_right(tried: Attempt, password: str) -> bool:
    """Whether the password is the one; it takes a quarter of a second, whatever the answer."""
    given = password.strip().encode()
    same = bcrypt.checkpw(given[:MOST_BYTES], tried.password_hash.encode())
    return same and len(given) <= MOST_BYTES and tried.password_hash != NOBODY


def note_wrong(session: Session, tried: Attempt, now: datetime, place: Place) -> None:
    """Write down a try that let nobody in, and an attack where it is more than one person's."""
    kind = AccessKind.FAILED if tried.reserved.id else AccessKind.HELD_BACK
    records.note(session, kind, now, person_id=tried.person_id, place=place)
    if tried.reserved.standing.is_attack:
        records.note(session, AccessKind.ATTACKED, now, place=place)


def open_for(
    session: Session,
    username: str,
    now: datetime,
    *,
    tried: Attempt | None = None,
    place: Place | None = None,
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
    return begin(session, person, now, place or Place())


def begin(
    session: Session, person: Person, now: datetime, place: Place, *, outside: bool = False
) -> str:
    """Open a sign-in for whoever has shown who they are; its secret."""
    secret = secrets.token_urlsafe(32)
    opened = unwritten.Opened(person.id, person.password_hash, now, place)
    row = _row(_digest(secret), opened)
    row.outside = outside
    session.add(row)
    records.note(session, AccessKind.SIGNED_IN, now, person_id=person.id, place=place)
    return secret


def open_unwritten(
    session: Session, username: str, now: datetime, *, tried: Attempt, place: Place
) -> str:
    """As `open_for`, while nothing can be written."""
    person = session.scalar(_named(username).where(Person.active))
    if person is None or tried.password_hash != person.password_hash:
        raise NotFound(subject="person")
    secret = secrets.token_urlsafe(32)
    opened = unwritten.Opened(person.id, person.password_hash, now, place)
    unwritten.open_for(_digest(secret), opened, tried.reserved.visitor)
    return secret


def end_unwritten(secret: str, now: datetime) -> None:
    """As `end`, while nothing can be written."""
    unwritten.end(_digest(secret), now)


def write_down(uow: UnitOfWork) -> Callable[[], None]:
    """Write down what was opened and ended meanwhile; call what it gives once that is saved."""
    opened, ended = unwritten.taken()
    for digest, each in opened.items():
        uow.session.add(_row(digest, each))
        kind = AccessKind.SIGNED_IN
        records.note(uow.session, kind, each.at, person_id=each.person_id, place=each.place)
    for digest, at in ended.items():
        mine = update(SignIn).where(SignIn.digest == digest, SignIn.ended_at.is_(None))
        uow.session.execute(mine.values(ended_at=at))
    return partial(unwritten.written, opened, ended)


def _row(digest: str, opened: unwritten.Opened) -> SignIn:
    row = SignIn(digest=digest, person_id=opened.person_id, started_at=opened.at)
    row.expires_at = opened.at + timedelta(days=DAYS)
    row.seen_at = row.confirmed_at = opened.at
    row.address, row.agent = opened.place.address[:64], opened.place.agent[:300]
    return row


def confirm(session: Session, secret: str, now: datetime, tried: Attempt) -> None:
    """The password was given once more, and it was right; NotFound when the sign-in has ended."""
    row = open_row(session, secret)
    if row is None or row.person_id != tried.person_id:
        raise NotFound(subject="person")
    attempts.clear(session, tried.reserved.visitor)
    row.confirmed_at = now
    records.note(session, AccessKind.CONFIRMED, now, person_id=row.person_id)


def end(session: Session, secret: str, now: datetime) -> None:
    """End one sign-in: its cookie is worth nothing from now on."""
    row = open_row(session, secret)
    if row is not None:
        row.ended_at = now
        records.note(session, AccessKind.SIGNED_OUT, now, person_id=row.person_id)


def end_all(session: Session, person_id: int, now: datetime, *, keep: str = "") -> None:
    """End all sign-ins of a person, but for the one whose secret is kept."""
    session.execute(
        update(SignIn)
        .where(SignIn.person_id == person_id, SignIn.ended_at.is_(None))
        .where(SignIn.digest != _digest(keep))
        .values(ended_at=now)
    )


def end_elsewhere(uow: UnitOfWork, *, secret: str) -> None:
    """End all of the actor's sign-ins but this one."""
    end_all(uow.session, uow.actor.id or 0, uow.now, keep=secret)
    records.changed(uow, AccessKind.ENDED_ELSEWHERE, uow.actor.id)


def own(uow: UnitOfWork, *, secret: str) -> tuple[SignInView, ...]:
    """The actor's sign-ins that are open, the one used last first."""
    company = uow.session.get_one(Company, 1)
    rows = uow.session.scalars(
        select(SignIn)
        .where(SignIn.person_id == uow.actor.id, *_open(uow.now))
        .order_by(SignIn.seen_at.desc())
        .limit(SHOWN)
    )
    this = _digest(secret)
    return tuple(
        SignInView(row.started_at, row.seen_at, row.address, row.agent, row.digest == this)
        for row in rows
        if not _is_idle(row, company, uow.now)
    )


def open_row(session: Session, secret: str) -> SignIn | None:
    """The row of a sign-in that was not ended."""
    return session.scalar(
        select(SignIn).where(SignIn.digest == _digest(secret), SignIn.ended_at.is_(None))
    )


def mark_seen(secret: str, now: datetime) -> None:
    """The holder of a sign-in has just done something."""
    _SEEN[_digest(secret)] = now


def keep_seen(uow: UnitOfWork) -> None:
    """Write down who did something since the last minute."""
    while _SEEN:
        digest, at = _SEEN.popitem()
        used = update(SignIn).where(SignIn.digest == digest, SignIn.seen_at < at)
        uow.session.execute(used.values(seen_at=at))


def holder(
    session: Session, secret: str, now: datetime, *, guess: Language | None = None
) -> Actor | None:
    """Who holds this sign-in, if it lacks nothing; as the database says now, in one query."""
    found = held(session, secret, now, guess=guess)
    return found.actor if found and found.lacking is None else None


def held(
    session: Session, secret: str, now: datetime, *, guess: Language | None = None
) -> Held | None:
    """Who holds this sign-in, and what it lacks.

    The language is the person's own, else the browser's guess, else the company's.
    """
    digest = _digest(secret)
    if unwritten.is_ended(digest):
        return None
    query = (
        select(Person, Company, SignIn, SecondStep.confirmed_at)
        .join(SignIn, SignIn.person_id == Person.id)
        .join(Company, Company.id == 1)
        .outerjoin(SecondStep, SecondStep.person_id == Person.id)
        .options(joinedload(Person.station))
        .where(SignIn.digest == digest, *_open(now), Person.active)
    )
    row = session.execute(query).one_or_none() or _held_unwritten(session, digest, now)
    if row is None:
        return None
    person, company, sign_in, codes_since = row
    if _is_idle(sign_in, company, now):
        return None
    actor = actor_of(person, company, guess=guess)
    lacking = _lacking(person, company, sign_in, codes_since)
    return Held(replace(actor, confirmed_at=sign_in.confirmed_at), lacking)


def _held_unwritten(
    session: Session, digest: str, now: datetime
) -> tuple[Person, Company, SignIn, datetime | None] | None:
    opened = unwritten.find(digest, now)
    found = [joinedload(Person.station)]
    person = session.get(Person, opened.person_id, options=found) if opened else None
    if opened is None or person is None or not person.active:
        return None
    if person.password_hash != opened.password_hash:
        return None
    codes = session.get(SecondStep, person.id)
    since = codes.confirmed_at if codes else None
    return person, session.get_one(Company, 1), _row(digest, opened), since


def _lacking(
    person: Person, company: Company, sign_in: SignIn, codes_since: datetime | None
) -> Lacking | None:
    if codes_since and sign_in.code_at is None:
        return Lacking.CODE
    if person.password_is_given and not sign_in.outside:
        return Lacking.PASSWORD
    asked = person.role.value in company.code_roles
    return Lacking.CODES if asked and codes_since is None else None


def _open(now: datetime) -> tuple[Any, ...]:
    # One of a clock that was far ahead would hold until then.
    is_of_now = SignIn.started_at < now + MOST_AHEAD
    return SignIn.ended_at.is_(None), SignIn.expires_at > now, is_of_now


def _is_idle(row: SignIn, company: Company, now: datetime) -> bool:
    seen = max(row.seen_at, _SEEN.get(row.digest, row.seen_at))
    return now - seen > timedelta(hours=company.idle_hours)


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

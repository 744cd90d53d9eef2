"""Tries to sign in: how many wrong ones are free, and how long the next one has to wait.

A try is written down before its password is checked, so that many at once are not more than
allowed. Names count by a digest, also names that nobody has: people type passwords there.
"""

import hashlib
import hmac
import unicodedata
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from sqlalchemy import ColumnElement, delete, func, or_, select
from sqlalchemy.orm import Session

from core.kernel.inputs import clean_line
from core.kernel.unit_of_work import UnitOfWork
from core.people import records
from core.process.permissions import require
from db.codes import AccessKind
from db.tables import Company, Person, SignInAttempt

KEPT = timedelta(days=1)
# Free for a name at one address, or in a browser that knows the person.
TRIES = 5
# Free from one address for all names, and for one name from all addresses.
FROM_ADDRESS, FOR_NAME = 20, 100
FIRST_WAIT, LONGEST = timedelta(minutes=1), timedelta(hours=1)
# These waits meet others too, new browsers of the same office.
LONGEST_FOR_OTHERS = timedelta(minutes=15)
# Clocks of several machines differ; what is dated later than that was a clock gone wrong.
SKEW = timedelta(minutes=5)
_ACTIVE = select(Person).where(Person.active).order_by(Person.name)


@dataclass(frozen=True)
class Visitor:
    """Who stands at the sign-in form, as far as it is written down."""

    # A digest with the company's key.
    name: str
    # The address, or the network of an IPv6 address; empty for this machine itself.
    address: str
    # The digest of a sign-in that this person had in this browser; empty when it had none.
    known: str


@dataclass(frozen=True)
class Standing:
    """What is counted against a visitor, and until when a next try is refused."""

    wrong: int
    from_address: int
    for_name: int
    until: datetime

    @property
    def is_attack(self) -> bool:
        """Whether one more is more than anybody types wrong: many from there, or for the name."""
        return self.from_address + 1 >= FROM_ADDRESS or self.for_name + 1 >= FOR_NAME


@dataclass(frozen=True)
class Waiting:
    """A person, or an address, whose next try has to wait, and until when."""

    person_id: int | None
    name: str
    address: str
    wrong: int
    until: datetime


@dataclass(frozen=True)
class Reserved:
    """A try that was written down; without an id it is refused."""

    id: int | None
    visitor: Visitor
    standing: Standing


def clean_name(text: str) -> str:
    """A user name as it is stored and compared, however it was typed."""
    # Keyboards of the East type full-width letters; control characters choke PostgreSQL.
    return unicodedata.normalize("NFKC", str(clean_line(text)).lower()).strip().lower()


def visitor(session: Session, username: str, address: str = "", known: str = "") -> Visitor:
    """Who tries to sign in as whom, from which address, in a browser that is known or not."""
    return Visitor(_digest(session, username), network(address), known)


def reserve(session: Session, who: Visitor, now: datetime) -> Reserved:
    """Write a try down before its password is checked."""
    _one_by_one(session)
    before = standing(session, who, now)
    if who.known and before.wrong >= TRIES:
        # A known browser that was wrong too often is a stranger like any other.
        who = replace(who, known="")
        before = standing(session, who, now)
    if before.until > now:
        return Reserved(None, who, before)
    row = SignInAttempt(name=who.name, address=who.address, browser=who.known, at=now)
    session.add(row)
    session.flush()
    return Reserved(row.id, who, before)


def standing(
    session: Session, who: Visitor, now: datetime, *, besides: int | None = None
) -> Standing:
    """Whether the visitor may try; what others do does not meet a browser that is known."""
    row = SignInAttempt
    within = [row.at > now - KEPT, row.at <= now + SKEW, row.id != (besides or 0)]
    within.append(row.browser == who.known)
    if who.known:
        wrong, last = _counted(session, row.name == who.name, *within)
        return Standing(wrong, 0, 0, wait(wrong, last, TRIES, LONGEST, now))
    here = row.address == who.address
    wrong, last = _counted(session, row.name == who.name, here, *within)
    until = wait(wrong, last, TRIES, LONGEST, now)
    address, last = _counted(session, here, *within)
    until = max(until, wait(address, last, FROM_ADDRESS, LONGEST_FOR_OTHERS, now))
    everywhere, last = _counted(session, row.name == who.name, *within)
    until = max(until, wait(everywhere, last, FOR_NAME, LONGEST_FOR_OTHERS, now))
    return Standing(wrong, address, everywhere, until)


def clear(session: Session, who: Visitor) -> None:
    """Forget what the visitor typed wrong, now that the password was right."""
    row = SignInAttempt
    mine = [row.name == who.name, row.browser == who.known]
    if not who.known:
        mine.append(row.address == who.address)
    session.execute(delete(row).where(*mine))


def unlock(session: Session, username: str | None = None) -> int:
    """Forget the wrong tries for a name, or all there are; how many that were."""
    gone = delete(SignInAttempt)
    if username is not None:
        gone = gone.where(SignInAttempt.name == _digest(session, username))
    return len(session.scalars(gone.returning(SignInAttempt.id)).all())


def waiting(uow: UnitOfWork) -> tuple[Waiting, ...]:
    """The people and addresses whose next try has to wait, for whoever unlocks them."""
    require(uow, records.READ)
    row, since = SignInAttempt, SignInAttempt.at > uow.now - KEPT
    counted = func.count(row.id), func.max(row.at)
    names: dict[str, Waiting] = {}
    known = {
        _digest(uow.session, person.username): person for person in uow.session.scalars(_ACTIVE)
    }
    for name, wrong, last in uow.session.execute(
        select(row.name, *counted).where(since).group_by(row.name, row.address, row.browser)
    ):
        until = wait(wrong, last, TRIES, LONGEST, uow.now)
        if name in known and until > uow.now:
            before = names.get(name)
            wrong += before.wrong if before else 0
            until = max(until, before.until) if before else until
            names[name] = Waiting(known[name].id, known[name].name, "", wrong, until)
    addresses = (
        Waiting(None, "", address, wrong, until)
        for address, wrong, last in uow.session.execute(
            select(row.address, *counted).where(since, row.browser == "").group_by(row.address)
        )
        if (until := wait(wrong, last, FROM_ADDRESS, LONGEST_FOR_OTHERS, uow.now)) > uow.now
    )
    return (*names.values(), *addresses)


def let_in(uow: UnitOfWork, *, person_id: int | None = None, address: str = "") -> None:
    """The administrator lets a person, or an address, try again at once."""
    require(uow, records.EDIT)
    if person_id is not None:
        unlock(uow.session, uow.session.get_one(Person, person_id).username)
    else:
        uow.session.execute(delete(SignInAttempt).where(SignInAttempt.address == address))
    records.changed(uow, AccessKind.UNLOCKED, person_id, address)


def wait(
    wrong: int, last: datetime | None, free: int, longest: timedelta, now: datetime
) -> datetime:
    """Until when a next try has to wait after so many wrong ones, of which some are free."""
    if last is None or wrong < free:
        return now
    # 2**12 minutes are longer than any wait; larger powers are longer than any calendar.
    wait = min(FIRST_WAIT * (1 << min(wrong - free, 12)), longest)
    return min(last, now) + wait


def network(address: str) -> str:
    """An address as it is counted: empty for none, the network of an IPv6 address."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(found, IPv6Address) and not found.ipv4_mapped:
        # Whoever has one address of IPv6 has as many as they like in the same network.
        return str(ip_network((found, 64), strict=False))
    return str(getattr(found, "ipv4_mapped", None) or found)


def forget_old(uow: UnitOfWork) -> None:
    """Drop the tries that count no more, and those of a clock that was ahead."""
    at = SignInAttempt.at
    gone = or_(at < uow.now - KEPT, at > uow.now + SKEW)
    uow.session.execute(delete(SignInAttempt).where(gone))


def _one_by_one(session: Session) -> None:
    # Sixty at once would all be counted before any of them is written. SQLite's writers queue up.
    session.execute(select(Company.id).with_for_update(key_share=True))


def _counted(session: Session, *which: ColumnElement[bool]) -> tuple[int, datetime | None]:
    row = SignInAttempt
    count, last = session.execute(select(func.count(row.id), func.max(row.at)).where(*which)).one()
    return count, last


def _digest(session: Session, username: str) -> str:
    key = session.scalar(select(Company.cookie_key)) or ""
    return hmac.new(key.encode(), clean_name(username).encode(), hashlib.sha256).hexdigest()
